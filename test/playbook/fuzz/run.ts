// Checks damaged projects: node --import tsx test/playbook/fuzz/run.ts SEED COUNT
import { fuzz } from './check.ts'

const [seed = '1', count = '1000'] = process.argv.slice(2)
// A case that hangs or ends the process is the last one named on the standard error
const { fine, faulty, bad } = await fuzz(Number(seed), Number(count), number => {
  if (number % 1000 === 0) process.stderr.write(`${number}\n`)
})
for (const { number, file, text, what } of bad.slice(0, 20))
  console.log(`${number} ${file}\n  ${JSON.stringify(text).slice(0, 400)}\n  ${what.slice(0, 900)}`)
console.log(`seed ${seed}: ${fine} without errors, ${faulty} with errors, ${bad.length} bad`)
