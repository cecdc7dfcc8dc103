import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import { LOCKS, settled, type Waited, waitedIn } from './package-lock.ts'

/** A package as dpkg knows it. */
export interface Package {
  readonly version: string
  /** `installed`, `config-files` (removed, not purged), or `broken` (half-installed, half-configured ...). */
  readonly state: 'installed' | 'config-files' | 'broken'
  /** It is to stay as it is. */
  readonly hold?: true
}

/** What dpkg and apt know of some names. */
export interface Packages extends Waited {
  readonly known: ReadonlyMap<string, Package>
  /** Names that an installed package provides. */
  readonly provided: ReadonlySet<string>
  /** What apt would install; only for names that are not installed, or for all where that was asked. `none` is a virtual package. */
  readonly candidates: ReadonlyMap<string, string>
  /** What apt could install of these names, the newest first. */
  readonly versions: ReadonlyMap<string, readonly string[]>
  /** Those that are there only because others want them. */
  readonly automatic: ReadonlySet<string>
  /** Names that patterns were found to match. */
  readonly matched: readonly string[]
  /** Some package, of these names or not, is half-installed or half-configured. */
  readonly broken: boolean
}

/** Where nothing was asked. */
export const NO_PACKAGES: Packages = {
  known: new Map(),
  provided: new Set(),
  candidates: new Map(),
  versions: new Map(),
  automatic: new Set(),
  matched: [],
  broken: false,
  waits: [],
}

/** How packages are asked for. */
export interface Asked {
  /** Exact names. */
  readonly names: readonly string[]
  /** Shell patterns of names. */
  readonly patterns?: readonly string[]
  /** Also what apt would install of those that are there. */
  readonly all: boolean
  readonly release?: string | undefined
  /** Seconds for which another package manager may go on before it is looked past it. */
  readonly patience: number
}

/** Keeps apt's caches in memory: a question does not write. */
export const PURE: Script = raw("-o Dir::Cache::pkgcache='' -o Dir::Cache::srcpkgcache='' -o Debug::NoLocking=true")

const AWK = `BEGIN { FS = "\\t"; n = split(ENVIRON["n"], a, " "); for (i = 1; i <= n; i++) w[a[i]] = 1 }
{ s = substr($1, 2, 1); if (s ~ /[HUFWt]/) b = 1
  q = $2 ":" $3; k = ($2 in w) ? $2 : (q in w) ? q : ""
  if (k != "" && s != "n") { print "P\\t" s "\\t" k "\\t" $4 "\\t" substr($1, 1, 1); if (s == "i") f[k] = 1 }
  if (s == "i" && $5 != "") { c = split($5, p, ", *"); for (i = 1; i <= c; i++) { sub(/ .*/, "", p[i]); if (p[i] in w) print "V\\t" p[i] } } }
END { if (b) print "B"; while ((getline l < "/var/lib/apt/extended_states") > 0) { if (l ~ /^Package: /) k = substr(l, 10); if (l == "Auto-Installed: 1" && k in w) print "A\\t" k }
m = ""; for (i = 1; i <= n; i++) if (!(a[i] in f)) m = m " " a[i]; print "M" m }`

/** A format of dpkg-query for fields with tabs between them, a package a line: `$` and `{` are its own. */
export const format = (...names: readonly string[]): string => `${names.map(name => `$\{${name}}`).join('\\t')}\\n`
const FIELDS = format('db:Status-Abbrev', 'Package', 'Architecture', 'Version', 'Provides')

/** A shell pattern as a regular expression for grep; the signs of names are themselves. */
const expressionOf = (pattern: string): string =>
  pattern.replaceAll(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (sign, not: string | undefined, inside: string | undefined) =>
    inside !== undefined
      ? `[${not === '!' ? '^' : ''}${inside}]`
      : sign === '*'
        ? '.*'
        : sign === '?'
          ? '.'
          : sign.replace(/[^a-z0-9-]/, '[$&]'),
  )

/** What is known of packages of a Debian system. apt is asked only for what is not installed, or for `all`. */
export const packages = ({ names, patterns = [], all, release, patience }: Asked): TargetQuestion<Packages> => {
  const list = [...new Set(names)].sort()
  const expression = [...new Set(patterns)].sort().map(expressionOf).join('|')
  const target = release === undefined ? [] : ['-t', release]
  const matching =
    expression === ''
      ? raw('x=')
      : sh`x=$(apt-cache ${PURE} pkgnames | { grep -xE ${expression} || [ $? = 1 ]; }) && printf 'X\t%s\n' $x`
  const words = all ? sh`${list} $x` : raw('$m')
  return ask(
    sh`export LC_ALL=C; ${settled(LOCKS.apt, patience)}set -f; ${matching} && q=$(dpkg-query -W -f ${FIELDS} | n=${list.join(' ')}" $x" awk ${AWK}) && printf '%s\n' "$q" && m=$(printf '%s\n' "$q" | sed -n 's/^M//p') && if [ -n "${all ? raw('x') : raw('$m')}" ]; then apt-cache ${PURE} ${target} policy -- ${words}; fi`,
    [
      ...list.map(name => `package:${name}` as const),
      'path:/var/lib/dpkg',
      'path:/var/lib/apt/lists',
      'path:/var/lib/apt/extended_states',
      'path:/etc/apt',
    ],
    answer => parse(answer),
  )
}

function parse(answer: Answer): Packages {
  if (!answer.ok || !/^M/m.test(answer.stdout))
    throw new CouldNotTell(`dpkg and apt do not answer: ${answer.stderr.trim() || `status ${answer.code}`}`)
  const known = new Map<string, Package>()
  const [provided, automatic, matched] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const candidates = new Map<string, string>()
  const versions = new Map<string, string[]>()
  let name: string | undefined
  for (const line of answer.stdout.split('\n')) {
    const [tag, second = '', third = '', version = '', selected] = line.split('\t')
    const hold = selected === 'h' ? { hold: true as const } : {}
    if (tag === 'P') known.set(third, { version, state: STATES[second] ?? 'broken', ...hold })
    if (tag === 'V') provided.add(second)
    if (tag === 'A') automatic.add(second)
    if (tag === 'X' && second !== '') matched.add(second)
    name = /^(\S+):$/.exec(line)?.[1] ?? name
    if (name === undefined) continue
    const candidate = /^ {2}Candidate: (.*)$/.exec(line)?.[1]
    if (candidate !== undefined) candidates.set(name, candidate === '(none)' ? 'none' : candidate)
    const available = /^ (?:\*\*\*| {3}) (\S+) -?\d+$/.exec(line)?.[1]
    if (available !== undefined) versions.set(name, [...(versions.get(name) ?? []), available])
  }
  return {
    known,
    provided,
    candidates,
    versions,
    automatic,
    matched: [...matched].sort(),
    broken: /^B$/m.test(answer.stdout),
    ...waitedIn(answer),
  }
}

const STATES: Readonly<Record<string, Package['state']>> = { i: 'installed', c: 'config-files' }

/** A package that an operation would change. */
export interface Step {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** What `apt-get upgrade`, `dist-upgrade`, `autoremove` or `-f install` would do. */
export const simulated = (operation: readonly string[]): TargetQuestion<readonly Step[]> =>
  ask(sh`LC_ALL=C apt-get -s ${PURE} ${operation}`, ['everything'], answer => {
    if (!answer.ok)
      throw new CouldNotTell(`apt-get cannot tell what ${operation.join(' ')} would do: ${answer.stderr.trim()}`)
    return [...answer.stdout.matchAll(/^(Inst|Remv|Purg) (\S+)(?: \[([^\]]*)\])?(?: \((\S+))?/gm)].map(
      ([, verb, name = '', from = 'absent', to = '']) => ({ name, from, to: verb === 'Inst' ? to : 'absent' }),
    )
  })
