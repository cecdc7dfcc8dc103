import { ask, type TargetQuestion } from '../kit/question.ts'
import { join, nothing, type Script, sh } from '../shell/script.ts'
import { LOCKS, settled } from './package-lock.ts'
import { marked, NOTHING, type Rehearsed, rehearse, rehearsed, type Step, said, unless, WORDS } from './transactions.ts'

/** What is asked of dnf. */
export interface DnfWish {
  readonly names: readonly string[]
  /** `upgrade` and `autoremove` are for the whole system. */
  readonly goal: 'present' | 'latest' | 'absent' | 'upgrade' | 'autoremove'
  /** Words of how dnf is called. */
  readonly flags: readonly string[]
  /** Words for `upgrade` only. */
  readonly kinds: readonly string[]
  readonly root: string
  readonly downgrades: boolean
  /** Of `latest`: what is not there stays away. */
  readonly onlyThere: boolean
  /** Seconds for which another dnf is waited for. */
  readonly patience: number
}

/**
 * Sorts names: `u` are there, `m` are missing. A name with a version of which a newer one is there counts as there, unless
 * downgrades are wanted. rpm tells by itself; dnf is asked only about what is left.
 */
const SORTED = ({
  names,
  root,
  downgrades,
}: DnfWish): Script => sh`a= m= u=; r() { rpm --root ${root} "$@" 2>/dev/null; }
newer() { n=$1; v=; for i in 1 2; do case $n in *-*) v=\${n##*-}\${v:+-$v} n=\${n%-*} ;; *) return 1 ;; esac
case $v in [0-9]*) h=$(r -q --qf '%{VERSION}-%{RELEASE}\\n' -- "$n") && h=$(printf '%s\n' "$h" | tail -n 1) || continue
case $v in *-*) ;; *) h=\${h%-*} ;; esac; [ "$(rpm --eval "%{lua:print(rpm.vercmp('$h', '$v'))}")" = 1 ]; return ;; esac; done; return 1; }
for w in ${names}; do case $w in
@* | *.rpm | *://*) m="$m$w
"; echo "#lacks $w"; continue ;;
*[*?]*) [ -z "$(r -qa "$w")" ] && l=1 || l=0 ;;
*[\\'%]*) l=1 ;;
*) r -q -- "$w" >/dev/null || r -q --whatprovides -- "$w" >/dev/null && l=0 || l=1 ;; esac
if [ $l = 0 ]; then u="$u$w
"; echo "#there $w"
elif ${downgrades ? sh`false` : sh`newer "$w"`}; then :; else m="$m$w
"; echo "#lacks $w"; fi; done
`

/** Ages of caches, and speeds. */
const NOISE = '^Last metadata|[0-9] *[kKMG]?i?B/s'

/** What dnf would do, by a rehearsal. Metadata that dnf takes for old is fetched into its cache, as any look of dnf's does. */
export function dnfWould(wish: DnfWish): TargetQuestion<Rehearsed> {
  const { goal, flags, kinds, names, root } = wish
  const locks = LOCKS.dnf.map(lock => ({ ...lock, path: `${root === '/' ? '' : root}${lock.path}` }))
  const call = (words: Script) => sh`"$d" --assumeno ${flags} ${words}`
  const parts: Record<DnfWish['goal'], Script> = {
    present: sh`[ -z "$m" ] || { ${rehearse('install', call(sh`install -- $m`), NOISE)}; }`,
    latest: join([
      wish.onlyThere ? nothing : sh`[ -z "$m" ] || { ${rehearse('install', call(sh`install -- $m`), NOISE)}; }`,
      sh`[ -z "$u" ] || { ${rehearse('upgrade', call(sh`upgrade ${kinds} -- $u`), NOISE)}; }`,
    ]),
    absent: sh`for g in ${names.filter(name => name.startsWith('@'))}; do u="$u$g
"; done; [ -z "$u" ] || { ${rehearse('remove', call(sh`remove -- $u`), NOISE)}; }`,
    upgrade: rehearse('upgrade', call(sh`upgrade ${kinds}`), NOISE),
    autoremove: rehearse('autoremove', call(sh`autoremove`), NOISE),
  }
  return ask(
    sh`d=$(command -v dnf || command -v dnf5) || { echo '#missing'; exit 0; }
${unless('rpm')}export LC_ALL=C; ${settled(locks, wish.patience)}${SORTED(wish)}${WORDS}${parts[goal]}
n=$(printf '%s' "$a" | awk '/^ [^ ]/ { print $1 }'); [ -z "$n" ] || r -q --qf '#has %{NAME} %{ARCH} %{EVR}\\n' -- $n | grep '^#has '; :`,
    [
      ...names.map(name => `package:${name}`),
      `path:${root === '/' ? '' : root}/var/lib/rpm`,
      'path:/etc/yum.repos.d',
      'path:/etc/dnf',
    ],
    answer => rehearsed(answer, 'dnf', read, NOTHING),
  )
}

/** Reads the reply. */
function read(text: string): Rehearsed {
  const has = new Map(
    marked(text, 'has').map(line => {
      const [name = '', arch = '', version = ''] = line.split(' ')
      return [`${name}.${arch}`, version]
    }),
  )
  const parts = [...said(text).values()]
  // Status 1 and "Operation aborted" say that there is something to do; "No packages marked" that there is nothing.
  const bad = parts.find(
    ({ code, text: body }) => code !== 0 && !/^(Error: )?Operation aborted|No packages marked for/m.test(body),
  )
  return {
    missing: false,
    steps: parts.flatMap(part => stepsIn(part.text, has)),
    lacking: marked(text, 'lacks'),
    fault: bad === undefined ? '' : faultIn(bad.text),
    waits: [],
  }
}

const faultIn = (text: string): string =>
  text
    .split('\n')
    .filter(line => line !== '' && !/^(Last metadata|Operation aborted)/.test(line))
    .join('\n')

/** The packages of a table of dnf's. A name that is too long for its column has the rest of its row on the next line. */
export function stepsIn(text: string, has: ReadonlyMap<string, string>): Step[] {
  const steps: Step[] = []
  const table = /^ ?Package +Arch[\s\S]*?(?=^Transaction Summary)/m.exec(text)?.[0] ?? ''
  let section = ''
  for (const line of table.replace(/\n {4,}(?=\S)/g, ' ').split('\n')) {
    section = /^([A-Z][a-z ]+):$/.exec(line)?.[1] ?? section
    const [, name = '', arch = '', shown = ''] = /^ (\S+) +(\S+) +(\S+) /.exec(line) ?? []
    if (section === '' || name === '' || name === 'Package' || name === 'replacing') continue
    const version = shown.replace(/^0:/, '')
    const there = has.get(`${name}.${arch}`) ?? 'absent'
    const goes = section.startsWith('Removing')
    const aside = / (?:dependencies|dependent packages)$/.test(section)
    steps.push({ name, arch, from: goes ? version : there, to: goes ? 'absent' : version, aside })
  }
  return steps
}
