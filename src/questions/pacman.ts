import { ask, type TargetQuestion } from '../kit/question.ts'
import { nothing, type Script, sh } from '../shell/script.ts'
import { LOCKS, PATIENCE, settled } from './package-lock.ts'
import { marked, NOTHING, type Rehearsed, rehearse, rehearsed, type Step, said, WORDS } from './transactions.ts'

/** What is asked of pacman. */
export interface PacmanWish {
  readonly names: readonly string[]
  /** `upgrade` is for the whole system; `refresh` for its lists only. */
  readonly goal: 'present' | 'latest' | 'absent' | 'upgrade' | 'refresh'
  /** The program: pacman, or one that is called as it is. */
  readonly tool: string
  /** Words behind the verb. */
  readonly more: readonly string[]
}

/** A rehearsal of pacman's, and what was found besides. */
export interface PacmanSeen extends Rehearsed {
  /** Files and URLs among what is lacking: another call takes those. */
  readonly files: readonly string[]
  /** Packages that were named, by groups and files, too. */
  readonly named: readonly string[]
  /** Of the packages that are there: whether somebody asked for them by name. */
  readonly explicit: ReadonlyMap<string, boolean>
}

/** A package and its version, a line each. */
const FORMAT = '#step %n %v'

/**
 * Sorts names: groups count as their packages, files and URLs are asked of pacman. `t` are packages of the repositories that are to
 * come, `f` files, `g` what is to go.
 */
const sorted = ({
  names,
  goal,
  tool,
}: PacmanWish): Script => sh`t= f= g=; has() { ${tool} -Qq -- "$1" >/dev/null 2>&1; }
one() { echo "#named $1"; if has "$1"; then ${
  goal === 'absent'
    ? sh`g="$g$1
"; echo "#lacks $1"`
    : goal === 'latest'
      ? sh`${tool} -Quq -- "$1" >/dev/null 2>&1 && { t="$t$1
"; echo "#lacks $1"; }`
      : sh`:`
}
${
  goal === 'absent'
    ? nothing
    : sh`else t="$t$1
"; echo "#lacks $1"; `
}fi; }
for w in ${names}; do p=$(${tool} -Sgq -- "$w" 2>/dev/null); if [ -n "$p" ]; then for x in $p; do one "$x"; done
else case $w in *://* | *.pkg.tar*) ${
  goal === 'absent'
    ? sh`n=$(${tool} -Up --print-format %n -- "$w" 2>/dev/null | tail -n 1); [ -z "$n" ] || one "$n"`
    : sh`f="$f$w
"; echo "#file $w"`
} ;;
*/*) n=$(${tool} -Sp --print-format %n -- "$w" 2>/dev/null | tail -n 1); if [ -n "$n" ] && has "$n"; then one "$n"; else ${
  goal === 'absent'
    ? sh`:`
    : sh`t="$t$w
"; echo "#lacks $w"`
}; fi ;;
*) one "$w" ;; esac; fi; done
`

/** What pacman would do, by what it prints when it is to print only. */
export function pacmanWould(wish: PacmanWish): TargetQuestion<PacmanSeen> {
  const { goal, names, tool, more } = wish
  const print = (verb: string, rest: Script) =>
    sh`${tool} --noconfirm --noprogressbar ${[verb, ...more]} --print-format ${FORMAT} ${rest}`
  const noise = '^loading packages|downloading[.]*$'
  const install = sh`[ -z "$t" ] || { ${rehearse('sync', print('--sync', sh`--needed -- $t`), noise)}; }
[ -z "$f" ] || { ${rehearse('file', print('--upgrade', sh`--needed -- $f`), noise)}; }`
  const parts: Record<PacmanWish['goal'], Script> = {
    present: install,
    latest: install,
    absent: sh`[ -z "$g" ] || { ${rehearse('remove', print('--remove', sh`-- $g`), noise)}; }`,
    upgrade: rehearse('upgrade', print('--sync', sh`--sysupgrade`), noise),
    refresh: nothing,
  }
  return ask(
    sh`command -v -- ${tool} >/dev/null || { echo '#missing'; exit 0; }
export LC_ALL=C; a=; ${settled(LOCKS.pacman, PATIENCE)}${names.length === 0 ? nothing : sorted(wish)}${WORDS}${parts[goal]}
${tool} -Q | sed 's/^/#has /'; ${tool} -Qeq | sed 's/^/#explicit /'; :`,
    [...names.map(name => `package:${name}`), 'path:/var/lib/pacman', 'path:/etc/pacman.conf'],
    answer => rehearsed(answer, tool, read, { ...NOTHING, files: [], named: [], explicit: new Map() }),
  )
}

/** Reads the reply. */
export function read(text: string): PacmanSeen {
  const parts = said(text)
  const has = new Map(marked(text, 'has').map(line => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']))
  const asked = new Set(marked(text, 'explicit'))
  const bad = [...parts.values()].find(({ code }) => code !== 0)
  const steps = [...parts].flatMap(([verb, part]) =>
    marked(part.text, 'step').map((line): Step => {
      const [name = '', version = ''] = line.split(' ')
      return verb === 'remove'
        ? { name, from: version, to: 'absent' }
        : { name, from: has.get(name) ?? 'absent', to: version }
    }),
  )
  return {
    missing: false,
    steps,
    lacking: marked(text, 'lacks'),
    files: marked(text, 'file'),
    named: [
      ...marked(text, 'named'),
      ...marked(parts.get('file')?.text ?? '', 'step').map(line => line.split(' ')[0] ?? ''),
    ],
    explicit: new Map([...has.keys()].map(name => [name, asked.has(name)])),
    fault: bad?.text ?? '',
    waits: [],
  }
}
