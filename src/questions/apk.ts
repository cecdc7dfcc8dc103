import { ask, type TargetQuestion } from '../kit/question.ts'
import { nothing, type Script, sh } from '../shell/script.ts'
import { LOCKS, PATIENCE, settled } from './package-lock.ts'
import { marked, NOTHING, type Rehearsed, rehearse, rehearsed, type Step, said, unless, WORDS } from './transactions.ts'

/** What is asked of apk. */
export interface ApkWish {
  readonly names: readonly string[]
  /** `upgrade` is for the whole system. */
  readonly goal: 'present' | 'latest' | 'absent' | 'upgrade'
  /** Words of how apk is called. */
  readonly flags: readonly string[]
  /** The rehearsal reads lists as they are in the repositories now; nothing is kept of them. */
  readonly renewed: boolean
  readonly available: boolean
  /** The file of what was asked for by name. */
  readonly world: string
}

/** apk waits by itself, too. */
export const WAITING: readonly string[] = ['--wait', `${PATIENCE}`]

/**
 * Names that are not as they should be: for what is to go, those that are there; else those that nobody asked for by name, in the
 * file `world`, with a version or not. A virtual package that is there is what it should be.
 */
const lacking = ({ names, goal, world }: ApkWish): Script => {
  const there = sh`apk info -e "$w" >/dev/null 2>&1`
  const asked = sh`for p in $(cat ${world}); do case $p in "$w" | "$w"[@=\\<\\>~]?*) continue 2 ;; esac; done
apk -v info --description "$w" 2>/dev/null | grep -q ': *virtual meta package' && continue`
  const check = goal === 'absent' ? sh`${there} || continue` : asked
  return sh`set -f; m=; for w in ${names}; do ${check}
m="$m$w
"; echo "#lacks $w"; done
`
}

/** What apk would do, by a rehearsal. */
export function apkWould(wish: ApkWish): TargetQuestion<Rehearsed> {
  const { goal, names, world } = wish
  const flags = [...WAITING, ...wish.flags, ...(wish.renewed ? ['--no-cache'] : [])]
  const parts: Record<ApkWish['goal'], Script> = {
    present: sh`[ -z "$m" ] || { ${rehearse('add', sh`apk ${flags} add --simulate $m`, NOISE)}; }`,
    latest: rehearse('add', sh`apk ${flags} add --simulate --upgrade ${names}`, NOISE),
    absent: sh`[ -z "$m" ] || { ${rehearse('del', sh`apk ${flags} del --simulate --purge $m`, NOISE)}; }`,
    upgrade: rehearse('upgrade', sh`apk ${flags} upgrade --simulate ${wish.available ? ['--available'] : []}`, NOISE),
  }
  return ask(
    sh`${unless('apk')}export LC_ALL=C; m=; a=; ${settled(LOCKS.apk, PATIENCE)}${names.length === 0 ? nothing : lacking(wish)}${WORDS}${parts[goal]}`,
    [...names.map(name => `package:${name}`), 'path:/lib/apk/db', 'path:/etc/apk', `path:${world}`],
    answer => rehearsed(answer, 'apk', read, NOTHING),
  )
}

/** Lines of fetching. */
const NOISE = '^fetch '

/** Reads the reply. */
export function read(text: string): Rehearsed {
  const [[verb, part] = []] = said(text)
  const lacks = marked(text, 'lacks')
  if (part === undefined) return { ...NOTHING, lacking: lacks }
  const kept = /^World updated, but the following packages are not removed due to:\n[\s\S]*?(?=^\S|$(?![\s\S]))/m.exec(
    part.text,
  )
  const bad = part.code !== 0 ? part.text : (kept?.[0] ?? '')
  const steps = stepsIn(part.text)
  return {
    missing: false,
    steps: verb === 'del' ? steps : askedFor(steps, lacks),
    lacking: lacks,
    fault: bad.trim(),
    waits: [],
  }
}

/** Steps, and those by which what is there for the sake of others is asked for by name. */
export function askedFor(steps: readonly Step[], lacks: readonly string[]): Step[] {
  const bare = (spec: string): string => spec.replace(/[@=<>~].*$/, '')
  const named = new Set(steps.map(({ name }) => name))
  const held = lacks.filter(spec => !named.has(bare(spec)) && !named.has(spec))
  return [
    ...steps,
    ...held.map(name => ({ name, from: 'not asked for by name', to: 'asked for by name', aside: true })),
  ]
}

/** The steps of apk's list: `(1/2) Installing NAME (VERSION)`, `(2/2) Upgrading NAME (OLD -> NEW)`. */
export function stepsIn(text: string): Step[] {
  return [...text.matchAll(/^\( *\d+\/\d+\) (\S+) (\S+?)(?:@\S+)? \((\S+?)(?: -> (\S+))?\)/gm)].map(
    ([, verb = '', name = '', one = '', two]) => {
      if (verb === 'Purging') return { name, from: one, to: 'absent' }
      if (two !== undefined) return { name, from: one, to: two }
      return { name, from: verb === 'Installing' ? 'absent' : one, to: verb === 'Installing' ? one : `${one} (anew)` }
    },
  )
}
