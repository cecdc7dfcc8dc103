import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { InputError } from '../../../src/base/diagnostic.ts'
import check from '../../../src/cli/commands/check.ts'
import { DEFAULTS } from '../../../src/cli/config/read.ts'
import { Mask } from '../../../src/report/mask.ts'
import { Dice } from '../../jinja/fuzz/dice.ts'
import { damaged } from './damage.ts'
import { PROJECT } from './project.ts'

/** A case that ended otherwise than with faults that have places. */
export interface Bad {
  readonly number: number
  readonly file: string
  readonly text: string
  readonly what: string
}

export interface Outcome {
  /** Cases without an error, and those with errors. */
  readonly fine: number
  readonly faulty: number
  readonly bad: readonly Bad[]
}

/** Milliseconds of this process's own time: more is no project that somebody waits for. */
const TOO_LONG = 10_000
/** What JavaScript says when a program is wrong; no fault of a file reads so. */
const OF_JAVASCRIPT =
  /undefined is not|is not a function|is not iterable|Cannot read prop|Cannot convert|\bat \S+\.ts:|Maximum call stack|Invalid array/

/** Of all that was read: names of the whole inventory, and how many vaulted values were left alone. */
const WITHOUT_PLACE: ReadonlySet<string> = new Set(['host-and-group', 'vault-unopened'])

interface Told {
  readonly fault: {
    readonly code: string
    readonly message: string
    readonly span?: { readonly file: string; readonly line: number }
  }
}

/** What is wrong with what was told; nothing where every fault is of a place in a file. */
function wrongWith(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const { fault } = JSON.parse(line) as Told
    if (fault.message === '' || OF_JAVASCRIPT.test(fault.message)) return `the fault says: ${fault.message}`
    if (!WITHOUT_PLACE.has(fault.code) && (!fault.span?.file || !(fault.span.line >= 1)))
      return `the fault has no place: ${line}`
  }
  return undefined
}

/** Checks a project again and again, each time with one or two of its files damaged, by the code of `regplay check`. */
export async function fuzz(
  seed: number,
  count: number,
  before: (number: number) => void = () => undefined,
): Promise<Outcome> {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-fuzz-'))
  const put = (file: string, text: string | Buffer): void => {
    mkdirSync(dirname(join(dir, file)), { recursive: true })
    writeFileSync(join(dir, file), text)
  }
  let told: string[] = []
  const sink = {
    write: (text: string) => void told.push(...text.split('\n').filter(line => line.startsWith('{'))),
    drained: () => Promise.resolve(),
  }
  const stop = { signal: new AbortController().signal, by: () => undefined, release: () => undefined }
  const desk = { out: sink, err: sink, stop, mask: new Mask(), env: {}, config: DEFAULTS }
  const names = Object.keys(PROJECT)
  const inventories = names.filter(name => name.startsWith('inventory')).map(name => join(dir, name))
  const options = {
    ...{ playbooks: [join(dir, 'site.yml')], inventory: inventories, extraVars: [], json: true },
    ...{ verbose: 0, diff: false, color: false, vaultIds: [], vaultPasswordFiles: [], askVaultPassword: false },
  }
  const dice = new Dice(seed)
  let [fine, faulty] = [0, 0]
  const bad: Bad[] = []
  try {
    for (const name of names) put(name, PROJECT[name] ?? '')
    for (let number = 0; number < count; number++) {
      const files = dice.some(1, 2, () => dice.pick(names))
      const texts = files.map(file => damaged(PROJECT[file] ?? '', dice))
      for (const [index, file] of files.entries()) put(file, texts[index] ?? '')
      before(number)
      told = []
      const begun = process.cpuUsage().user
      let what: string | undefined
      try {
        await check(options, desk)
        what = wrongWith(told)
      } catch (error) {
        if (error instanceof InputError) told = error.faults.map(fault => JSON.stringify({ fault }))
        what = error instanceof InputError ? wrongWith(told) : error instanceof Error ? error.stack : String(error)
      }
      const took = (process.cpuUsage().user - begun) / 1000
      if (took > TOO_LONG) what ??= `took ${Math.round(took)} ms`
      if (what !== undefined)
        bad.push({
          number,
          file: files.join(' '),
          text: texts.map(text => text.toString('latin1')).join('\n=====\n'),
          what,
        })
      if (told.some(line => line.includes('"severity":"error"'))) faulty += 1
      else fine += 1
      for (const file of files) put(file, PROJECT[file] ?? '')
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  return { fine, faulty, bad }
}
