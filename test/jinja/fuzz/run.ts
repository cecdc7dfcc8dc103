// Compares us with Python's Jinja2 on generated cases: node --import tsx test/jinja/fuzz/run.ts SEED COUNT
import { compare } from './compare.ts'

const [seed = '1', count = '1000'] = process.argv.slice(2)
const { values, errors, explained, differences } = compare(Number(seed), Number(count))
for (const { kind, source, ours, python } of differences)
  console.log(`${kind} ${JSON.stringify(source)}\n  ours   ${ours}\n  python ${python}`)
console.log(
  `seed ${seed}: ${values} equal values, ${errors} errors on both sides, ${explained} explained, ${differences.length} differences`,
)
