// Feeds damaged templates to the engine: node --import tsx test/jinja/fuzz/run-crash.ts SEED COUNT
import { crashes } from './crash.ts'

const [seed = '1', count = '1000'] = process.argv.slice(2)
const result = crashes(Number(seed), Number(count))
for (const { source, what } of result.crashes)
  console.log(`${JSON.stringify(source).slice(0, 600)}\n  ${what.slice(0, 700)}`)
console.log(`seed ${seed}: ${result.values} values, ${result.errors} errors, ${result.crashes.length} crashes`)
