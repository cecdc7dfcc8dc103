// The account of a run as JUnit XML, for build servers.
import { writeFileSync } from 'node:fs'

const clean = text => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const xml = text => clean(text).replace(/[&<>"]/g, char => ENTITIES[char])

/** One testsuite a file; its test cases have no names of their own, so that they are numbered. */
function suite(result) {
  const cases = []
  const add = (kind, amount, body) => {
    for (let i = 1; i <= amount; i++)
      cases.push(`    <testcase classname="${xml(result.name)}" name="${kind} ${i}">${body}</testcase>`)
  }
  add('passed', result.passed, '')
  add('failed', result.failed, `<failure>${xml(result.output.slice(-20_000))}</failure>`)
  add('skipped', result.skipped, `<skipped message="${xml(result.reasons.join('; '))}"/>`)
  const head = `name="${xml(result.name)}" tests="${cases.length}" failures="${result.failed}" skipped="${result.skipped}"`
  return `  <testsuite ${head} time="${result.seconds.toFixed(3)}">\n${cases.join('\n')}\n  </testsuite>`
}

/** Writes the results to a file. */
export function writeJunit(file, results) {
  writeFileSync(
    file,
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${results.map(suite).join('\n')}\n</testsuites>\n`,
  )
}
