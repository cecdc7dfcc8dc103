import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import { raw, type Script, sh } from '../shell/script.ts'

/** A package as dpkg knows it. */
export interface Package {
  readonly version: string
  /** `installed`, `config-files` (removed, not purged), or `broken` (half-installed, half-configured ...). */
  readonly state: 'installed' | 'config-files' | 'broken'
}

/** What dpkg and apt know of some names. */
export interface Packages {
  readonly known: ReadonlyMap<string, Package>
  /** Names that an installed package provides. */
  readonly provided: ReadonlySet<string>
  /** What apt would install; only for names that are not installed, or for all where that was asked. `none` is a virtual package. */
  readonly candidates: ReadonlyMap<string, string>
  /** Some package, of these names or not, is half-installed or half-configured. */
  readonly broken: boolean
}

/** Keeps apt's caches in memory: a question does not write. */
const PURE: Script = raw("-o Dir::Cache::pkgcache='' -o Dir::Cache::srcpkgcache='' -o Debug::NoLocking=true")

const AWK = `BEGIN { FS = "\\t"; n = split(ENVIRON["n"], a, " "); for (i = 1; i <= n; i++) w[a[i]] = 1 }
{ s = substr($1, 2, 1); if (s ~ /[HUFWt]/) b = 1
  q = $2 ":" $3; k = ($2 in w) ? $2 : (q in w) ? q : ""
  if (k != "" && s != "n") { print "P\\t" s "\\t" k "\\t" $4; if (s == "i") f[k] = 1 }
  if (s == "i" && $5 != "") { c = split($5, p, ", *"); for (i = 1; i <= c; i++) { sub(/ .*/, "", p[i]); if (p[i] in w) print "V\\t" p[i] } } }
END { if (b) print "B"; m = ""; for (i = 1; i <= n; i++) if (!(a[i] in f)) m = m " " a[i]; print "M" m }`

/** Formats of dpkg-query: `$` and `{` are its own. */
const format = (...names: readonly string[]): string => names.map(name => `$\{${name}}`).join('\\t')
const FIELDS = `${format('db:Status-Abbrev', 'Package', 'Architecture', 'Version', 'Provides')}\\n`
const STATUS = format('db:Status-Abbrev', 'Version')

/** Seconds for which another package manager, such as that of a run that was killed, may go on before it is looked past it. */
const PATIENCE = 300

/** Waits while apt or dpkg works: what is seen half-way would be another thing a moment later. Locks are told by inode. */
const SETTLED: Script = sh`t=0; for l in /var/lib/apt/lists/lock /var/lib/dpkg/lock-frontend; do i=$(stat -c %i $l 2>/dev/null) || continue
while [ $t -lt ${PATIENCE} ] && grep -q ":$i 0 EOF" /proc/locks 2>/dev/null; do sleep 1; t=$((t+1)); done; done`

/** What is known of packages of a Debian system. apt is asked only for what is not installed, or for `all`. */
export const packages = (names: readonly string[], all: boolean, release?: string): TargetQuestion<Packages> => {
  const list = [...new Set(names)].sort()
  const target = release === undefined ? [] : ['-t', release]
  const words = all ? sh`${list}` : raw('$m')
  return ask(
    sh`export LC_ALL=C; ${SETTLED}
q=$(dpkg-query -W -f ${FIELDS} | n=${list.join(' ')} awk ${AWK}) && printf '%s\n' "$q" && set -f && m=$(printf '%s\n' "$q" | sed -n 's/^M//p') && if [ -n ${all ? raw('x') : raw('"$m"')} ]; then apt-cache ${PURE} ${target} policy -- ${words}; fi`,
    [...list.map(name => `package:${name}`), 'path:/var/lib/dpkg', 'path:/var/lib/apt/lists', 'path:/etc/apt'],
    answer => parse(answer),
  )
}

function parse(answer: Answer): Packages {
  if (!answer.ok || !/^M/m.test(answer.stdout))
    throw new CouldNotTell(`dpkg and apt do not answer: ${answer.stderr.trim() || `status ${answer.code}`}`)
  const known = new Map<string, Package>()
  const provided = new Set<string>()
  const candidates = new Map<string, string>()
  let name: string | undefined
  for (const line of answer.stdout.split('\n')) {
    const [tag, second = '', third = '', version = ''] = line.split('\t')
    if (tag === 'P') known.set(third, { version, state: STATES[second] ?? 'broken' })
    if (tag === 'V') provided.add(second)
    name = /^(\S+):$/.exec(line)?.[1] ?? name
    const candidate = /^ {2}Candidate: (.*)$/.exec(line)?.[1]
    if (name !== undefined && candidate !== undefined) candidates.set(name, candidate === '(none)' ? 'none' : candidate)
  }
  return { known, provided, candidates, broken: /^B$/m.test(answer.stdout) }
}

const STATES: Readonly<Record<string, Package['state']>> = { i: 'installed', c: 'config-files' }

/** Whether apt's package lists are older than a number of seconds, or not there at all. */
export const listsStale = (seconds: number): TargetQuestion<boolean> =>
  ask(
    sh`set -- /var/lib/apt/lists/*Release; t=/var/lib/apt/periodic/update-success-stamp; [ -e "$t" ] || t=/var/lib/apt/lists; if [ -e "$1" ] && [ $(( $(date +%s) - $(stat -c %Y "$t") )) -le ${seconds} ]; then echo fresh; else echo stale; fi`,
    ['path:/var/lib/apt/lists', 'path:/etc/apt'],
    answer => {
      if (!/^(fresh|stale)$/m.test(answer.stdout))
        throw new CouldNotTell(`cannot tell the age of the package lists: ${answer.stderr.trim()}`)
      return answer.stdout.trim() === 'stale'
    },
  )

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

/** The package, version and present state of a .deb file of the target; undefined when there is no such file. */
export const debFile = (
  path: string,
): TargetQuestion<{ name: string; version: string; installed: string } | undefined> =>
  ask(
    sh`[ -e ${path} ] || exit 0; n=$(dpkg-deb -f ${path} Package) && v=$(dpkg-deb -f ${path} Version) && printf '%s\n%s\n' "$n" "$v" && dpkg-query -W -f ${STATUS} "$n" 2>/dev/null`,
    [`path:${path}`, 'path:/var/lib/dpkg'],
    answer => {
      const [name = '', version = '', status = ''] = answer.stdout.split('\n')
      if (name === '' && answer.ok) return undefined
      if (version === '') throw new CouldNotTell(`${path} is not a Debian package: ${answer.stderr.trim()}`)
      return { name, version, installed: /^.i\s+(\S+)/.exec(status)?.[1] ?? 'absent' }
    },
  )
