import { ask, type TargetQuestion } from '../kit/question.ts'
import { type Script, sh } from '../shell/script.ts'
import { LOCKS, PATIENCE, settled } from './package-lock.ts'
import { marked, NOTHING, type Rehearsed, rehearse, rehearsed, type Step, said, unless, WORDS } from './transactions.ts'

/** What is asked of zypper. */
export interface ZypperWish {
  /** Names with their signs and versions (`-exim`, `foo>=1.2`), files and URLs. */
  readonly names: readonly string[]
  readonly goal: 'present' | 'latest' | 'absent' | 'update' | 'patch' | 'dist-upgrade'
  /** Words before the verb. */
  readonly before: readonly string[]
  /** Words after the verb. */
  readonly after: readonly string[]
}

/** A name without its sign and version: what rpm knows it by. */
export const bareName = (name: string): string => name.replace(/^[-~+]/, '').replace(/(?:>=|<=|[<>=]).*$/, '')

/**
 * Names that go to zypper: those with versions, since only zypper compares them, those that are missing and those with a minus that
 * are there. Only packages can be asked of rpm; of patterns and the like zypper is asked.
 */
function lacking({ names, goal }: ZypperWish): Script {
  const lines = names.map(name => {
    const lack = sh`m="$m"${name}"
"; echo "#lacks "${name}`
    const bare = bareName(name)
    const whole = name.includes('://') || name.endsWith('.rpm')
    const goes = goal === 'absent' || /^[-~]/.test(name)
    if (whole || (!goes && (goal === 'latest' || /[<>=]/.test(name)))) return lack
    return goes ? sh`h ${bare} && { ${lack}; }` : sh`h ${bare} || { ${lack}; }`
  })
  return lines.reduce(
    (text, line) => sh`${text}${line}
`,
    sh``,
  )
}

/** Whether a thing of a kind is there: of packages rpm tells, of others zypper. */
const there = (kind: string): Script =>
  kind === 'package'
    ? sh`h() { rpm -q -- "$1" >/dev/null 2>&1; }
`
    : sh`h() { zypper --quiet --non-interactive --disable-repositories search --type ${kind} --match-exact --installed-only -- "$1" >/dev/null 2>&1; }
`

/** What zypper would do, by a rehearsal. */
export function zypperWould(wish: ZypperWish, kind: string): TargetQuestion<Rehearsed> {
  const { names, goal, before, after } = wish
  const call = (words: Script) => sh`zypper --quiet --non-interactive --xmlout ${before} ${words}`
  const whole = goal === 'update' || goal === 'patch' || goal === 'dist-upgrade'
  const verb = goal === 'absent' ? 'remove' : whole ? goal : 'install'
  const one = rehearse(
    verb,
    call(sh`${[verb, '--dry-run', ...after]} ${whole ? sh`` : sh`-- $m`}`),
    '^<progress|^<download',
  )
  return ask(
    sh`${unless('zypper')}export LC_ALL=C; m= a=; ${settled(LOCKS.zypper, PATIENCE)}${there(kind)}${lacking(wish)}${WORDS}${whole ? one : sh`[ -z "$m" ] || { ${one}; }`}`,
    [
      ...names.map(name => `package:${bareName(name)}`),
      'path:/var/lib/rpm',
      'path:/etc/zypp',
      'path:/usr/lib/sysimage/rpm',
    ],
    answer => rehearsed(answer, 'zypper', read, NOTHING),
  )
}

/** Statuses that say that all is well: done, reboot needed, zypper itself is newer. */
const WELL: ReadonlySet<number> = new Set([0, 102, 103])

/** Reads the reply. */
function read(text: string): Rehearsed {
  const [part] = [...said(text).values()]
  const lacks = marked(text, 'lacks')
  if (part === undefined) return { ...NOTHING, lacking: lacks }
  const messages = [...part.text.matchAll(/<message type="error">([^<]*)</g)].map(([, message = '']) => plain(message))
  return {
    missing: false,
    steps: stepsIn(part.text),
    lacking: lacks,
    fault: WELL.has(part.code) ? '' : messages.join('\n') || part.text || `status ${part.code}`,
    waits: [],
  }
}

/** The packages of zypper's summary, which is XML. */
export function stepsIn(xml: string): Step[] {
  return [...xml.matchAll(/<to-([a-z-]+)>([\s\S]*?)<\/to-\1>/g)].flatMap(([, group, body = '']) =>
    [...body.matchAll(/<solvable ([^>]*)>/g)].map(([, written = '']) => {
      const of = new Map(
        [...written.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, plain(value)]),
      )
      const edition = of.get('edition') ?? ''
      const arch = of.get('arch') ?? ''
      const gone = group === 'remove'
      return {
        name: of.get('name') ?? '',
        arch,
        from: gone ? edition : (of.get('edition-old') ?? 'absent'),
        to: gone ? 'absent' : edition,
      }
    }),
  )
}

const MARKS: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' }
const plain = (text: string): string => text.replace(/&(\w+);/g, (all, name: string) => MARKS[name] ?? all)
