// Test files: finding them, reading their limits, running one, and believing its counts only when they add up.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { run } from './child.js'

const LIMIT = { unit: 120, e2e: 900 }

export const isEndToEnd = file => file.endsWith('.e2e.test.ts')

/** Folders whose tests ask nothing of Node but ECMAScript: they judge values, and text that shells of hosts get. */
const PURE = /^test\/(inventory|jinja|modules|playbook|questions|source|vars)\//

/** Of files to which it is all the same which Node runs them: why a second Node would tell nothing new. */
export const whyOneNode = (root, file) =>
  PURE.test(file)
    ? 'it judges values and text, which are the same on every Node'
    : /^\/\/ one node: (.+)$/m.exec(readFileSync(join(root, file), 'utf8').slice(0, 300))?.[1]

/** All test files under `folder`, as sorted paths relative to `root`. */
export function findTests(root, folder = 'test') {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap(entry => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return findTests(root, path)
      return entry.isFile() && entry.name.endsWith('.test.ts') ? [path] : []
    })
    .sort()
}

/** The test files that paths given by a person stand for: files, folders, or parts of paths. */
export function chooseTests(root, all, wanted) {
  if (wanted.length === 0) return all
  const chosen = wanted.flatMap(want => {
    const path = relative(root, join(root, relative(root, want) || want))
    const hits = all.filter(file => file === path || file.startsWith(`${path}/`) || file.includes(want))
    if (hits.length === 0) throw new Error(`no test file is called ${want}`)
    return hits
  })
  return [...new Set(chosen)].sort()
}

/** Seconds that a file may take: `// limit: 600` as its first line, else by its kind. */
function limitOf(file, text) {
  const written = /^\/\/ limit: (\d+)\n/.exec(text)
  return written ? Number(written[1]) : isEndToEnd(file) ? LIMIT.e2e : LIMIT.unit
}

/** What is wrong with a test file before it runs: suites that never run, and tests that hide the others. */
function faultsOf(text) {
  const suites = [...text.matchAll(/^(?:const|let) (\w+) = suite\(/gm)].map(match => match[1])
  const silent = suites.filter(name => !new RegExp(`^${name}\\.run\\(\\)`, 'm').test(text))
  const faults = silent.map(name => `the suite ${name} is never run: add ${name}.run() at the end`)
  const only = /^\s*\w+\.only\(/m.exec(text)
  if (only) faults.push(`${only[0].trim()}...) hides the other tests of the file`)
  return faults
}

const count = (output, word) => {
  const match = new RegExp(`^  ${word}: +(\\d+)$`, 'm').exec(output)
  return match ? Number(match[1]) : undefined
}

/** Reads uvu's account. A file that ends without one, counts nothing, or lost a test on the way has failed. */
function judge(child, limit) {
  const total = count(child.output, 'Total') ?? 0
  const passed = count(child.output, 'Passed') ?? 0
  const skipped = count(child.output, 'Skipped') ?? 0
  const failed = total - passed
  if (child.late) return { passed, skipped, failed: Math.max(1, failed), why: `took longer than ${limit} s` }
  if (failed > 0) return { passed, skipped, failed, why: '' }
  if (child.code !== 0) return { passed, skipped, failed: 1, why: `exit status ${child.code}` }
  if (total + skipped === 0) return { passed, skipped, failed: 1, why: 'no test ran: is test.run() missing?' }
  return { passed, skipped, failed: 0, why: '' }
}

/**
 * Runs one test file with the given node.
 * @returns {Promise<{name: string, passed: number, failed: number, skipped: number, reasons: string[], output: string, seconds: number}>}
 */
export async function runTest(root, file, node, label = '') {
  const name = label + file
  const text = readFileSync(join(root, file), 'utf8')
  const faults = faultsOf(text)
  if (faults.length > 0)
    return { name, passed: 0, failed: 1, skipped: 0, reasons: [], output: faults.join('\n'), seconds: 0 }
  const limit = limitOf(file, text)
  const child = await run(node, ['--import', 'tsx', file], { cwd: root, limit })
  const { why, ...counts } = judge(child, limit)
  const reasons = [...child.output.matchAll(/^skipped: (.*)$/gm)].map(match => match[1])
  return { name, ...counts, reasons, output: why ? `${child.output}\n${why}` : child.output, seconds: child.seconds }
}
