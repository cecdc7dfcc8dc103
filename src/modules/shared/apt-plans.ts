import type { Fields, Outcome, Run } from '../../kit/effect.ts'
import { act, change, type Edit, type Plan, type Report, refuse, warned } from '../../kit/plan.ts'
import type { PackageLists } from '../../questions/package-lists.ts'
import type { Packages } from '../../questions/packages.ts'
import { sh } from '../../shell/script.ts'
import { type AptWish, aptGet, didSomething, manual } from './apt.ts'
import { listFields, ONLY_TIME, readTimed, spoken, timed } from './apt-lists.ts'
import { run } from './attributes.ts'
import { debianOrder } from './debian-version.ts'
import { ended } from './ended.ts'
import { inTheWay } from './package-lock.ts'
import { expanded, fits, lacking, type Spec } from './package-spec.ts'

/** What is asked of apt beside how it is called. */
export interface AptArgs extends AptWish {
  readonly name?: readonly string[]
  readonly state: string
  readonly upgrade?: string
  readonly deb?: string
  readonly update_cache?: boolean
  readonly cache_valid_time: number
  readonly autoclean: boolean
  readonly clean: boolean
}

/** The edit that makes stale lists fresh. */
export const fresh = (stale: boolean, by: Edit['by']): Edit[] =>
  stale ? [{ what: 'package lists', from: 'stale', to: 'fresh', by }] : []

/** What a turn of a loop finds after turns with these edits. Lists are fetched once; who does not set for how long they are fresh fetches them each time. */
export function afterwards<A extends { readonly lists: PackageLists; readonly found: Packages }>(
  { name = [], cache_valid_time }: AptArgs,
  seen: A,
  edits: readonly Edit[],
): A {
  const { found, lists } = seen
  const known = new Map(found.known)
  for (const { what, to } of edits) {
    if (to === 'absent') known.delete(what)
    else known.set(what, { version: to, state: 'installed' })
  }
  const strange = name.some(text => !found.candidates.has(text) && !known.has(text))
  const stale = lists.stale && (cache_valid_time === 0 || strange)
  return { ...seen, lists: { ...lists, stale }, found: { ...found, known } }
}

/** Named packages are installed, up to date or absent, in one transaction. Others that were waited for are told of. */
export function forNames(
  specs: readonly Spec[],
  found: Packages,
  args: AptArgs,
  lists: PackageLists,
  untimed: boolean,
): Plan {
  const refresh = lists.stale ? [['update']] : []
  const idle = specs.find(spec => spec.pattern && expanded([spec], found).length === 0)
  if (idle !== undefined && refresh.length === 0)
    return refuse(`No package(s) matching '${idle.name}' available`, 'check the pattern, or set update_cache: true')
  const all = expanded(specs, found)
  const plan = args.state === 'absent' ? removal(all, found, args, refresh) : install(all, found, args, lists, untimed)
  const { held, waits } = found
  if (held !== undefined && plan.kind !== 'ok' && plan.kind !== 'refuse')
    return inTheWay(held, args.lock_timeout, 'wait until it is done, or set lock_timeout')
  return warned(plan, waits)
}

const MISSING = 'check the name, or set update_cache: true'

function install(specs: readonly Spec[], found: Packages, args: AptArgs, lists: PackageLists, untimed: boolean): Plan {
  const refresh = lists.stale ? [['update']] : []
  const latest = args.state === 'latest'
  const wanted = args.only_upgrade ? specs.filter(({ name }) => found.known.get(name)?.state === 'installed') : specs
  const missing = wanted.flatMap(spec => lacking(spec, found, latest))
  const unknown = missing.find(({ to }) => to === undefined)
  const [time, untouched] = listFields(lists, false)
  const told = { ...time, ...untouched }
  if (unknown !== undefined && refresh.length === 0)
    return unknown.spec.version === undefined
      ? refuse(`No package matching '${unknown.spec.name}' is available`, MISSING)
      : refuse(`no available installation candidate for ${unknown.spec.text}`, MISSING, told)
  const older = missing.find(({ spec: { name }, from, to }) => {
    const there = found.known.get(name)?.state === 'installed'
    return there && to !== undefined && debianOrder(from, to) > 0
  })
  if (older !== undefined && !args.allow_downgrade && !args.force)
    return refuse(
      `A later version is already installed: ${older.spec.name} ${older.from}`,
      'allow_downgrade: true takes it back',
      told,
    )
  const held = missing.find(({ spec }) => found.known.get(spec.name)?.hold)
  if (held !== undefined && !args.allow_change_held_packages && !args.force)
    return refuse(`${held.spec.name} is held at ${held.from}`, 'allow_change_held_packages: true lets it go', told)
  const automatic = [...new Set(wanted.map(({ name }) => name).filter(name => found.automatic.has(name)))]
  if (latest && untimed && wanted.length > 0)
    return imperative(
      ['install', ...wanted.map(spec => spec.text)],
      installing(wanted, args, refresh, automatic),
      lists,
      missing.length > 0,
    )
  // What is the latest is known only when the lists are fresh: they are an edit, and every name goes to apt.
  const renews = latest && refresh.length > 0
  const by = installing(renews ? wanted : missing.map(({ spec }) => spec), args, refresh, automatic)
  const edits = missing.map(({ spec, from, to }) => ({ what: spec.name, from, to: to ?? args.state, by }))
  const [, deed] = listFields(lists, lists.stale && (renews || edits.length > 0))
  if (!renews && edits.length === 0 && automatic.length > 0) return marking(automatic, told)
  return change([...fresh(renews, by), ...edits], ['everything'], time, deed)
}

/** What others brought along stays when they go, now that somebody asks for it by name; to Ansible that is no change. */
const marking = (names: readonly string[], result: Fields): Plan =>
  act(`apt-mark manual ${names.join(' ')}`, run(manual(names)), outcome => ended(outcome, result, false), {
    touches: ['path:/var/lib/apt/extended_states'],
    trial: run(sh`true`),
  })

const installing = (specs: readonly Spec[], args: AptArgs, refresh: string[][], automatic: readonly string[]): Run => {
  const flags = [...(args.only_upgrade ? ['--only-upgrade'] : []), ...(args.autoremove ? ['--auto-remove'] : [])]
  const names = specs.map(spec => spec.text)
  const operations = [...refresh, ['install', ...flags, '--', ...names]]
  return aptGet(args, operations, `installing ${names.length} packages`, automatic)
}

/** What is there goes; with `purge` its configuration, too. A version that is named must be the one that is there. */
function removal(specs: readonly Spec[], found: Packages, args: AptArgs, refresh: string[][]): Plan {
  const { purge, autoremove } = args
  const there = specs.flatMap(spec => {
    const now = found.known.get(spec.name)
    if (now === undefined || (now.state === 'config-files' && !purge)) return []
    return now.state === 'installed' && !fits(spec, now.version) ? [] : [{ name: spec.name, now }]
  })
  const flags = [...(purge ? ['--purge'] : []), ...(autoremove ? ['--auto-remove'] : [])]
  const words = ['remove', ...flags, '--', ...there.map(({ name }) => name)]
  const by = aptGet(args, [...refresh, words], `removing ${there.length} packages`)
  return change(
    there.map(({ name, now }) => ({ what: name, from: now.version || 'config files', to: 'absent', by })),
    ['everything'],
  )
}

/** An apt-get whose work cannot be told before. Where `lists` are given, it tells of them; `foreseen` is whether a dry run says changed. */
export function imperative(words: readonly string[], by: Run, lists?: PackageLists, foreseen = true): Plan {
  const report = (outcome: Outcome): Report => {
    const { said, fields } = lists ? readTimed(outcome, lists.stale) : { said: outcome, fields: {} }
    return ended(said, { ...spoken(said), ...fields }, didSomething(words[0], said.stdout))
  }
  const [result, deed] = lists ? listFields(lists) : []
  return act(`apt-get ${words.join(' ')}`, lists ? timed(by) : by, report, {
    dry: foreseen ? 'pretend' : 'skip',
    would: { ...result, ...deed },
    ...(words[0] === 'clean' ? { trial: lists ? ONLY_TIME : run(sh`true`) } : {}),
  })
}
