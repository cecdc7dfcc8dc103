#!/usr/bin/env node
// `npm test`: everything, right after `git clone`. One process for each test file, so that none can spoil another.
//   node scripts/test.js [--quick] [--no-e2e] [--jobs N] [--junit FILE] [PATH...]
// PATHs are test files, folders, or parts of their names; with them only these run, on this Node. `--quick` leaves out
// the end-to-end tests and the second Node, `--no-e2e` the former only. The last line is `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { endAll, run } from './lib/child.js'
import { install } from './lib/install.js'
import { writeJunit } from './lib/junit.js'
import { SECOND, secondNode } from './lib/second-node.js'
import { chooseTests, findTests, isEndToEnd, runTest, whyOneNode } from './lib/test-file.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const results = []

/** Keeps a result and shows it: one line when all is well, everything it said when not. */
function report(result) {
  results.push(result)
  const mark = result.failed > 0 ? 'FAIL' : result.passed > 0 ? 'ok  ' : 'skip'
  const counts = `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`
  console.log(`${mark} ${result.name} (${counts}, ${result.seconds.toFixed(1)} s)`)
  for (const reason of result.reasons) console.log(`       skipped: ${reason}`)
  if (result.failed > 0) console.log(`${result.output.trim()}\n`)
}

/** A command that passes when its status is 0. */
async function step(name, command, args) {
  const { code, late, output, seconds } = await run(command, args, { cwd: root, limit: 300 })
  const passed = code === 0 && !late
  report({ name, passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, reasons: [], output, seconds })
}

/** Runs files, `jobs` at a time, in order. */
async function runAll(files, jobs, node, label) {
  const waiting = [...files]
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      report(await runTest(root, file, node, label))
  }
  await Promise.all(Array.from({ length: jobs }, worker))
}

/** The unit tests once more, on a newer Node, but for those to which Node is all the same. */
async function again(units, jobs) {
  const node = await secondNode(root)
  const files = units.filter(file => whyOneNode(root, file) === undefined)
  if ('path' in node) {
    console.log(`node ${SECOND}: ${files.length} of ${units.length} files; the others judge values and text, not Node`)
    return runAll(files, jobs, node.path, `node ${SECOND}: `)
  }
  const name = `the tests on Node ${SECOND}`
  report({ name, passed: 0, failed: 0, skipped: 1, reasons: [node.reason], output: '', seconds: 0 })
}

function finish(junit) {
  if (junit) writeJunit(junit, results)
  const sum = key => results.reduce((total, result) => total + result[key], 0)
  const broken = results.filter(result => result.failed > 0)
  if (broken.length > 0) console.log(`\nfailed:\n${broken.map(result => `  ${result.name}`).join('\n')}`)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  process.exitCode = broken.length > 0 ? 1 : 0
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      'no-e2e': { type: 'boolean' },
      jobs: { type: 'string', default: '2' },
      junit: { type: 'string' },
    },
  })
  const jobs = Math.max(1, Number(values.jobs) || 1)
  const whole = positionals.length === 0
  if (!install(root)) {
    report({ name: 'npm ci', passed: 0, failed: 1, skipped: 0, reasons: [], output: '', seconds: 0 })
    return finish(values.junit)
  }
  if (whole && !values.quick) spawnSync(join(root, 'scripts', 'need'), { stdio: 'inherit' })
  const files = chooseTests(root, findTests(root), positionals)
  const units = files.filter(file => !isEndToEnd(file))
  if (whole) {
    const bin = name => join(root, 'node_modules', '.bin', name)
    await step('types', bin('tsc'), ['--noEmit'])
    await step('lint', bin('biome'), ['check', '--error-on-warnings', '.'])
    // Once, before several tests find at the same time that the command has to be built.
    await step('build', process.execPath, ['scripts/build.js'])
  }
  await runAll(units, jobs, process.execPath)
  const endToEnd = !values.quick && !values['no-e2e']
  if (endToEnd) await runAll(files.filter(isEndToEnd), 1, process.execPath)
  if (whole && !values.quick) await again(units, jobs)
  finish(values.junit)
}

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => {
    endAll('SIGTERM')
    setTimeout(() => process.exit(status), 2000)
  })
}
await main()
