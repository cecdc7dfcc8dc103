import type { Suite } from '../support/suite.ts'
import { type Case, caseFiles, readCases } from './cases.ts'
import type { Judged } from './judge.ts'

/** The cases of a folder that run here, by their files. */
export interface Chosen {
  readonly cases: readonly (readonly Case[])[]
  /** Of each file, how many cases run elsewhere, where there are any. */
  readonly elsewhere: ReadonlyMap<string, number>
}

/**
 * The cases that words of a command line name, or all: names of case files, and after a colon parts of titles (`copy file:recurse`).
 * @throws Error when a word names no file
 */
export async function choose(folder: string, words: readonly string[], on: Case['on']): Promise<Chosen> {
  const wanted = words.map(word => word.split(':', 2))
  const all = caseFiles(folder)
  for (const [file] of wanted) if (!all.includes(file ?? '')) throw new Error(`no case file is called ${file}`)
  const cases: Case[][] = []
  const elsewhere = new Map<string, number>()
  const files = all.filter(name => wanted.length === 0 || wanted.some(([file]) => file === name))
  for (const name of files) {
    const read = (await readCases(folder, name)).filter(
      one =>
        wanted.length === 0 ||
        wanted.some(([file, title]) => one.file === file && (title === undefined || one.title.includes(title))),
    )
    const here = read.filter(one => one.on === on)
    if (here.length > 0) cases.push(here)
    if (here.length < read.length) elsewhere.set(name, read.length - here.length)
  }
  return { cases, elsewhere }
}

/** An error without its stack, which would tell the same once more. */
const fail = (text: string): never => {
  throw Object.assign(new Error(text), { stack: '' })
}

/** A test for each file of a batch, and one for what else is on the host; they wait for the verdict, `limit` milliseconds each. */
export function tell(test: Suite, cases: readonly Case[], verdict: Promise<Judged>, limit: number): void {
  const names = [...new Set(cases.map(one => one.file))]
  for (const name of names) {
    const own = cases.filter(one => one.file === name)
    test(
      `${name}: ${own.length} cases`,
      async () => {
        const judged = (await verdict).cases
        const bad = own.filter(one => judged.get(one.id)?.length !== 0)
        const texts = bad.map(one => [`${one.id} "${one.title}"`, ...(judged.get(one.id) ?? [])].join('\n      '))
        if (texts.length > 0) fail(`${texts.length} cases differ\n    ${texts.join('\n    ')}`)
      },
      limit,
    )
  }
  test(
    `elsewhere: ${names.join(', ')}`,
    async () => {
      const { elsewhere } = await verdict
      if (elsewhere.length > 0) fail(elsewhere.join('\n    '))
    },
    limit,
  )
}
