import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Change } from '../../src/base/event.ts'
import { type Case, caseOfLine, directoryOf, nameOf, playOf } from './cases.ts'
import { type Ground, HOST } from './ground.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
/** Milliseconds that setup, or one phase, may take. */
const LIMIT = 480_000
/** What stands between the outputs of two cases. */
const MARK = '=====regplay-case '

export type Which = 'ansible' | 'regplay'

/** How a case ended once. */
export interface Outcome {
  readonly status: string
  readonly result: Readonly<Record<string, unknown>>
  readonly diff: readonly Change[]
}

/** What was there after a phase, and how each case had ended in it. */
export interface Phase {
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly files: ReadonlyMap<string, string>
  readonly stamps: ReadonlyMap<string, string>
  /** Of each case, what its `look` said. */
  readonly looks: ReadonlyMap<string, string>
}

/** What a side did: before anything, in check mode, run, run again, and (ours only) run after an unrelated change. */
export interface Measured {
  /** Id of a case to why it could not be set up. */
  readonly broken: ReadonlyMap<string, string>
  readonly before: Phase
  readonly check: Phase
  readonly run: Phase
  readonly again: Phase
  readonly third?: Phase
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** The start of a shell text that belongs to a case. */
function prelude(ground: Ground, one: Case): string {
  const names = { ...ground.shared, d: directoryOf(one), id: nameOf(one) }
  return Object.entries(names)
    .map(([name, value]) => `${name}=${quote(value)}\n`)
    .join('')
}

/** Runs shell text on the host, as root. */
async function onHost(ground: Ground, text: string): Promise<string> {
  const ended = await ground.shell(text, LIMIT)
  if (ended.code !== 0) throw new Error(`shell text on the host ended with ${ended.code}: ${ended.text}`)
  return ended.text
}

/** A text of each case, each in a shell of its own; gives what each said, and the status where it is not 0. */
async function each(ground: Ground, cases: readonly Case[], text: (one: Case) => string): Promise<Map<string, string>> {
  const said = await onHost(
    ground,
    cases
      .map(one => {
        const inner = `${prelude(ground, one)}cd "$d"\n${text(one)}`
        return `printf '\\n%s\\n' ${quote(MARK + one.id)}\nsh -ec ${quote(inner)} </dev/null 2>&1 || echo "ended with $?"\n`
      })
      .join(''),
  )
  return new Map(
    said
      .split(`\n${MARK}`)
      .slice(1)
      .map(part => {
        const [id = ''] = part.split('\n', 1)
        // The last of them has lost its line end on the way.
        return [id, part.slice(id.length + 1).replace(/\n$/, '')] as const
      }),
  )
}

async function setUp(ground: Ground, cases: readonly Case[]): Promise<Map<string, string>> {
  const wanted = cases.map(one => quote(directoryOf(one))).join(' ')
  await onHost(ground, `umask 022; mkdir -p ${wanted}`)
  const with_ = cases.filter(one => one.setup !== '')
  const said = await each(ground, with_, one => `umask 022\n${one.setup}`)
  return new Map([...said].filter(([, text]) => /^ended with \d+$/m.test(text)))
}

/** Changes that concern no case. */
const UNRELATED = `
umask 022
echo unrelated >/srv/unrelated
for file in hosts fstab sysctl.conf profile environment; do echo '# unrelated' >>/etc/$file; done
echo 'unrelated:x:61999:' >>/etc/group
echo 'unrelated:!::' >>/etc/gshadow
`

const RECORD = 'record'
const PLAY = 'cases.yml'
const INVENTORY = 'hosts.ini'

const commandOf = (which: Which, main: string, record: string): readonly string[] =>
  which === 'ansible' ? ['ansible-playbook'] : [process.execPath, main, 'run', '--events', record]
const environmentOf = (which: Which, record: string): Readonly<Record<string, string>> =>
  which === 'ansible' ? { ANSIBLE_CONFIG: join(HERE, 'ansible/ansible.cfg'), REGPLAY_RECORD: record } : {}

interface Line {
  readonly kind?: string
  readonly type?: string
  readonly host: string
  readonly task: string
  readonly status: string
  readonly result: Readonly<Record<string, unknown>>
  readonly diff?: readonly Change[]
}

function outcomesOf(text: string): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>()
  for (const line of text.split('\n').filter(Boolean)) {
    const event = JSON.parse(line) as Line
    if (event.kind !== 'host' && event.type !== 'host-result') continue
    const { changed: _changed, failed: _failed, skipped: _skipped, unreachable: _lost, ...result } = event.result
    outcomes.set(event.task, { status: event.status, result, diff: event.diff ?? [] })
  }
  return outcomes
}

/** What the program found wrong with the text of tasks, before it did anything, by case. */
function refused(cases: readonly Case[], text: string): Map<string, Outcome> {
  const found = new Map<string, Outcome>()
  for (const match of text.matchAll(/^(?:\S*\/)?cases\.yml:(\d+):\d+: error: (.*)$/gm)) {
    const one = caseOfLine(cases, Number(match[1]))
    if (one) found.set(one.id, { status: 'failed', result: { msg: match[2] }, diff: [] })
  }
  return found
}

/** Runs all cases once. Cases that are refused before the run count as failed, and the others run without them. */
async function play(
  ground: Ground,
  which: Which,
  cases: readonly Case[],
  args: readonly string[],
): Promise<Map<string, Outcome>> {
  ground.write(INVENTORY, `${HOST} ${ground.host}\n`)
  const [record, inventory, playbook] = [RECORD, INVENTORY, PLAY].map(name => join(ground.folder, name)) as [
    string,
    string,
    string,
  ]
  const outcomes = new Map<string, Outcome>()
  let left = cases
  // The second time nothing is refused any more.
  for (let attempt = 0; attempt < 2 && left.length > 0; attempt++) {
    ground.write(PLAY, playOf(left, HOST, ground.shared))
    ground.write(RECORD, '')
    const { code, text } = await ground.run(
      [...commandOf(which, ground.main, record), '-i', inventory, ...args, playbook],
      environmentOf(which, record),
      LIMIT,
    )
    const bad = which === 'regplay' ? refused(left, text) : new Map<string, Outcome>()
    for (const [id, outcome] of [...bad, ...(bad.size > 0 ? [] : outcomesOf(ground.read(RECORD)))])
      outcomes.set(id, outcome)
    left = bad.size > 0 ? left.filter(one => !bad.has(one.id)) : []
    if (left.length === 0 && cases.some(one => !outcomes.has(one.id)))
      throw new Error(`${which} ended with ${code} before all cases were done:\n${text.slice(-4000)}`)
  }
  return outcomes
}

async function after(ground: Ground, cases: readonly Case[], outcomes: ReadonlyMap<string, Outcome>): Promise<Phase> {
  const looked = cases.filter(one => one.look !== '')
  const looks = looked.length === 0 ? new Map<string, string>() : await each(ground, looked, one => one.look)
  const unread = new Set(cases.flatMap(one => one.unread.map(path => join(directoryOf(one), path))))
  return { outcomes, looks, files: ground.files(unread), stamps: ground.stamps(unread) }
}

/** Measures all cases on a side, on fresh ground. */
export async function measure(ground: Ground, which: Which, cases: readonly Case[]): Promise<Measured> {
  const broken = await setUp(ground, cases)
  // Both hosts are set up alike, also where only one side has the module.
  const whole = cases.filter(one => !broken.has(one.id) && (which === 'regplay' || one.alone === ''))
  const phase = async (...args: string[]): Promise<Phase> =>
    after(ground, whole, await play(ground, which, whole, args))
  const before = await after(ground, whole, new Map())
  const check = await phase('--check')
  const run = await phase()
  const again = await phase()
  if (which === 'ansible') return { broken, before, check, run, again }
  await onHost(ground, UNRELATED)
  return { broken, before, check, run, again, third: await phase() }
}
