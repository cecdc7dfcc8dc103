import { isDeepStrictEqual } from 'node:util'
import { type Case, type Difference, directoryOf } from './cases.ts'
import { Judge } from './compare.ts'
import { EXCUSED, type Excuse, FACTS, ON_THE_WAY } from './excused.ts'
import type { Measured, Outcome, Phase } from './phases.ts'

/** Texts of differences: of each case by its title, and of files that are in no case's directory. */
export interface Judged {
  readonly cases: ReadonlyMap<string, readonly string[]>
  readonly elsewhere: readonly string[]
}

/** What a module of Ansible's says that ended by an exception, or as a failure of the library that all of them have. */
const TRACES: readonly Excuse[] = [
  {
    field: /^(details|module_std(out|err)|rc|exception)$/,
    why: 'traces of Python',
    when: (_ansible, regplay, { status }) => status === 'failed' && regplay === undefined,
  },
  {
    field: /^(cmd|command)$/,
    why: 'what a manager of packages was asked before; what it said is told',
    when: (_ansible, regplay, { module, status }) =>
      status === 'failed' && regplay === undefined && ['pacman', 'zypper', 'dnf', 'yum'].includes(module),
  },
  {
    field: /^(uid|gid|owner|group|mode|state|size)$/,
    why: 'what its library adds to every result with a path in it; no page tells of it, and the file itself is compared',
    when: (_ansible, regplay, { module }) =>
      regplay === undefined && !['file', 'copy', 'template', 'stat'].includes(module),
  },
  {
    field: /^(name|enabled|state)$/,
    why: 'which unit failed is told besides',
    when: (ansible, _regplay, { module, status }) =>
      status === 'failed' && ansible === undefined && ['service', 'systemd', 'systemd_service'].includes(module),
  },
]

/** What apt-get said, without what dpkg draws on a terminal or warns of there, and without how fast it was. */
function plainly(said: unknown): string {
  const text = Array.isArray(said) ? said.join('\n') : String(said)
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/\(Reading database \.\.\. (?:\d+%)?[\r\n]/g, '')
    .replaceAll(/^(Fetched |dpkg: warning: |debconf: |W: --force-yes ).*$\n?/gm, '')
    .trimEnd()
}

/** Whether two lists of an image's names differ by names only that cases without a peer gave. */
const namesOfCases = (ansible: unknown, regplay: readonly unknown[]): boolean => {
  const others: readonly unknown[] = Array.isArray(ansible) ? ansible : []
  const lone = [...others.filter(one => !regplay.includes(one)), ...regplay.filter(one => !others.includes(one))]
  return lone.every(one => /docker(image(pull|build)|compose)/.test(String(one)))
}

/** What is by the clock or of other cases, and may be alike by chance, so that no case can say that it differs. */
const CHANCE: readonly Excuse[] = [
  ON_THE_WAY,
  {
    field: /^images?(\.\d+)?\.Repo(Tags|Digests)$/,
    why: 'other cases give it names, some on one side only, and no answer is asked for again because of names of other tasks',
    when: (ansible, regplay) =>
      Array.isArray(regplay) && (regplay.length === 0 || regplay.includes('box:1') || namesOfCases(ansible, regplay)),
  },
  {
    field: /^std(out|err)(_lines)?$/,
    why: 'Ansible lets dpkg write to a terminal, and asks for `force` by an old name',
    when: (ansible, regplay, { module }) =>
      ['apt', 'package'].includes(module) && plainly(ansible) === plainly(regplay),
  },
  {
    field: /^cache_updated$/,
    why: 'Ansible goes by the second in which lists were written to last: those that it fetched within one are not updated',
    when: (ansible, regplay) => ansible === false && regplay === true,
  },
  {
    field: /^cache_(updated|update_time)$/,
    why: 'of apt-get that failed it is not told which of its calls did',
    when: (ansible, regplay, { module, status }) =>
      ['apt', 'package'].includes(module) && status === 'failed' && ansible === undefined && regplay !== undefined,
  },
  {
    field: /^msg$/,
    why: 'an upgrade tells in it what stands in stdout',
    when: (ansible, regplay, { module, result }) =>
      module === 'apt' && regplay === undefined && 'stdout' in result && ansible === result['stdout'],
  },
  {
    field: /^ansible_facts\.packages\..+\.category$/,
    why: 'Ansible has it from the lists of packages where there are any, and here dpkg is asked',
    when: (ansible, regplay, { module }) =>
      module === 'package_facts' && typeof ansible === 'string' && typeof regplay === 'string',
  },
  {
    field: /^cache_update_time$/,
    why: 'each side fetched lists at its own time; both did within the hour',
    when: (ansible, regplay) =>
      typeof ansible === 'number' && Number.isInteger(regplay) && Math.abs(ansible - Number(regplay)) < 3600,
  },
  { field: /^(volume|network|(containers|images)\.\d+)\.(Created(At)?|Status)$/, why: 'when Docker made it' },
  {
    field: /^network\.IPAM\.Config\.0\.(Subnet|Gateway)$/,
    why: 'Docker takes the next that is free, and cases without a peer take some on one side only',
    when: (ansible, regplay) => [ansible, regplay].every(one => /^172\.17\.\d+\.[01]/.test(String(one))),
  },
  {
    field: /^cmd$/,
    why: 'how zypper was called to do it',
    when: (_ansible, regplay, { module }) => module === 'zypper' && regplay === undefined,
  },
  {
    field:
      /^ansible_facts\.services\.(dbus-org\.freedesktop\.(hostname1|timedate1)|systemd-(hostnamed|timedated))\.service\./,
    why: 'they run for half a minute after a tool of Ansible has asked them',
  },
]

/** What is meant wherever it is found, but for facts. */
const ALWAYS: readonly Excuse[] = EXCUSED.filter(one => one !== FACTS)

/** What differs on the hosts when many modules are tried; playbooks need no such excuse. */
const BESIDES: readonly Excuse[] = [
  { field: /^file:\/root\/\.gnupg(\/|$)/, why: 'gpg makes a home when Ansible asks it for the number of a key' },
  {
    field: /^file:\/var\/(log\/(apt(\/\w+\.log(\.xz)?)?|dpkg\.log)|lib\/(dpkg\/status|apt\/extended_states)-old)$/,
    why: 'when and how apt-get and dpkg were called, and what was so before their last call',
  },
  {
    field: /^file:\/var\/(cache\/apt\/archives\/partial|lib\/apt\/lists(\/(auxfiles|partial))?)$/,
    why: 'what fails is tried again by the second run, and directories show it',
  },
  {
    field: /^file:\/var\/spool\/cron\/crontabs\//,
    why: 'cron notes above a table when it was made; what is in it is asked of crontab',
  },
]

/** The same of hosts with a layer. */
const OF_LAYERS: readonly Excuse[] = [
  {
    field: /^file:\/(usr|usr\/share|usr\/share\/tiny(\/.*)?)$/,
    why: 'a manager of packages copies up what it opens of the layer',
  },
  {
    field: /^file:\/(root\/\.rpmdb|var\/lib\/(rpm|dnf|zypp)|var\/cache\/(ldconfig|dnf|zypp|zypper|pacman\/pkg))(\/|$)/,
    why: 'what managers of packages keep for themselves; what is installed is asked of them',
  },
  {
    field:
      /^file:\/(var\/log\/(pacman|dnf[\w.]*|hawkey|zypper|zypp\/history)(\.log)?|var\/lib\/pacman\/local\/[^/]+\/desc|etc\/firewalld\/.*\.old)$/,
    why: 'when they were called, and what was so before their last call',
  },
]

/** Holds what regplay did with a batch against what Ansible did, and against what regplay itself promises. */
export function judge(cases: readonly Case[], ansible: Measured, regplay: Measured): Judged {
  const judged = new Map<string, string[]>()
  for (const one of cases) {
    const broken = regplay.broken.get(one.id) ?? ansible.broken.get(one.id)
    judged.set(one.id, broken === undefined ? judgeOne(one, ansible, regplay) : [`setup: ${broken.trim()}`])
  }
  return { cases: judged, elsewhere: judgeElsewhere(cases, ansible, regplay) }
}

function judgeOne(one: Case, ansible: Measured, regplay: Measured): string[] {
  const excuses = new Excuses(one)
  const found = [
    ...(one.alone === '' ? compareSides(one, ansible, regplay, excuses) : endsAs(one, regplay)),
    ...promises(one, regplay, ansible.check.outcomes.get(one.id)?.status ?? '', excuses),
  ]
  return [...found, ...excuses.idle().map(name => `differs: ${name} is needed no more`)]
}

/** Nobody to compare with: the case says how the run ends. */
function endsAs(one: Case, { run }: Measured): string[] {
  const found = run.outcomes.get(one.id)
  return found?.status === one.alone ? [] : [`run: it is ${one.alone}, it was ${found?.status}${why(found, undefined)}`]
}

/** What the case itself says is meant. */
class Excuses {
  readonly #differs: Readonly<Record<string, Difference>>
  readonly #used = new Set<string>()

  constructor(one: Case) {
    this.#differs = one.differs
  }

  allows(field: string, ansible: unknown, regplay: unknown): boolean {
    const found = Object.entries(this.#differs).find(([name, of]) => fits(name, field) && says(of, ansible, regplay))
    if (found) this.#used.add(found[0])
    return found !== undefined
  }

  /** Excuses that nothing needed; those for files elsewhere are told apart, since a batch shares them. */
  idle(): string[] {
    return Object.keys(this.#differs).filter(name => !this.#used.has(name) && !name.startsWith('file:/'))
  }
}

/** `a.b` is a.b and all below; `*` stands for one part of a path. */
function fits(name: string, field: string): boolean {
  const parts = field.split('.')
  return name.split('.').every((part, i) => part === '*' || part === parts[i])
}

const says = (of: Difference, ansible: unknown, regplay: unknown): boolean =>
  typeof of === 'string' ||
  ((!('ansible' in of) || isDeepStrictEqual(of.ansible ?? undefined, ansible ?? undefined)) &&
    (!('regplay' in of) || isDeepStrictEqual(of.regplay ?? undefined, regplay ?? undefined)))

/** Both sides: how each phase ended, what the runs returned, and what they left. */
function compareSides(one: Case, ansible: Measured, regplay: Measured, excuses: Excuses): string[] {
  const found = new Found()
  for (const phase of PHASES) {
    const [left, right] = [ansible[phase].outcomes.get(one.id), regplay[phase].outcomes.get(one.id)]
    // What cannot be known in check mode is skipped by Ansible's modules; whether it then is so is judged below.
    if (phase === 'check' && left?.status === 'skipped') continue
    // It fails on both sides, and here that is known before.
    const both = [ansible, regplay].every(side => side.run.outcomes.get(one.id)?.status === 'failed')
    if (phase === 'check' && both && (right?.status === 'failed' || unjudged(right))) continue
    if (left?.status !== right?.status && !excuses.allows(`${phase}.status`, left?.status, right?.status))
      found.add(phase, `status${why(left, right)}`, left?.status, right?.status)
    if (phase === 'check' || left?.status !== right?.status || !left || !right) continue
    const judge = new Judge([...TRACES, ...CHANCE, ...ALWAYS], (path, a, b) => excuses.allows(path, a, b))
    judge.value(
      '',
      '',
      { task: '', module: moduleOf(one), status: left.status, result: left.result },
      left.result,
      right.result,
    )
    for (const text of judge.differences) found.said(phase, text.replace(/^: : /, ''))
    for (const [path, a, b] of filesOf(one, ansible[phase], regplay[phase]))
      if (!excuses.allows(`file:${path}`, a, b)) found.add(phase, path, a, b)
    const [a, b] = [ansible[phase].looks.get(one.id), regplay[phase].looks.get(one.id)]
    if (a !== b && !excuses.allows('look', a, b)) found.add(phase, 'look', a, b)
  }
  return found.texts()
}

const PHASES = ['check', 'run', 'again'] as const

/** Differences, each told once for all phases that show it. */
class Found {
  readonly #phases = new Map<string, string[]>()

  add(phase: string, what: string, ansible: unknown, regplay: unknown): void {
    this.said(phase, `${what}\n        ansible: ${show(ansible)}\n        regplay: ${show(regplay)}`)
  }

  said(phase: string, text: string): void {
    this.#phases.set(text, [...(this.#phases.get(text) ?? []), phase])
  }

  texts(): string[] {
    return [...this.#phases].map(([text, phases]) => `${phases.join(', ')}: ${text}`)
  }
}

/** Reasons, where exactly one side failed. */
function why(left: Outcome | undefined, right: Outcome | undefined): string {
  const bad = [left, right].find(of => of?.status === 'failed')
  return bad ? ` (${show(bad.result['msg'] ?? bad.result)})` : ''
}

const moduleOf = (one: Case): string => {
  const keys = Object.keys(one.task)
  return (keys[1] ?? '').split('.').at(-1) ?? ''
}

/** Paths below the case's directory, relative to it, that differ. */
function filesOf(one: Case, ansible: Phase, regplay: Phase): [string, string | undefined, string | undefined][] {
  const top = directoryOf(one)
  const own = [...new Set([...ansible.files.keys(), ...regplay.files.keys()])].filter(
    path => path === top || path.startsWith(`${top}/`),
  )
  return own
    .filter(path => ansible.files.get(path) !== regplay.files.get(path))
    .map(path => [path.slice(top.length + 1) || '.', ansible.files.get(path), regplay.files.get(path)])
}

/** What holds for regplay alone: check mode changes nothing and predicts the run, a second and a third run are ok. */
function promises(one: Case, regplay: Measured, inCheck: string, excuses: Excuses): string[] {
  const found: string[] = []
  const outcome = (phase: 'check' | 'run' | 'again' | 'third'): Outcome | undefined =>
    regplay[phase]?.outcomes.get(one.id)
  const [check, run, again, third] = [outcome('check'), outcome('run'), outcome('again'), outcome('third')]
  // What only acting can tell is skipped, as Ansible does.
  const asAnsible =
    check?.status === 'skipped' && (inCheck === 'skipped' || (run?.status === 'failed' && unjudged(check)))
  if (check?.status !== run?.status && !asAnsible && !excuses.allows('predicts', check?.status, run?.status))
    found.push(`promise: check mode said ${check?.status}, the run ${run?.status}${why(check, run)}`)
  else if (check?.status === run?.status && !isDeepStrictEqual(told(check), told(run)))
    found.push(
      `promise: check mode told of other changes\n        check: ${show(told(check))}\n        run: ${show(told(run))}`,
    )
  const wanted = run?.status === 'changed' ? one.again : run?.status
  for (const [name, of] of [
    ['second', again],
    ['third', third],
  ] as const)
    if (of?.status !== wanted)
      found.push(`promise: the ${name} run is ${wanted}, it was ${of?.status}${why(of, run)} ${show(told(of))}`)
  found.push(...touched(one, 'check mode', regplay.before, regplay.check))
  if (wanted === 'ok') found.push(...touched(one, 'the second run', regplay.run, regplay.again))
  return found
}

/** Cases share a run: what rests on changes that others only pretended is not judged in check mode, and says so. */
const unjudged = (check: Outcome | undefined): boolean =>
  check?.status === 'skipped' && check.result['skip_reason'] === 'this cannot be told before the changes above are made'

/** Names of backups are of the time and process. */
const told = (outcome: Outcome | undefined): unknown =>
  JSON.parse(JSON.stringify(outcome?.diff ?? []).replace(/\.\d+\.\d{4}-\d\d-\d\d@[\d:]+~/g, '.backup~'))

function touched(one: Case, when: string, from: Phase, to: Phase): string[] {
  const top = directoryOf(one)
  const paths = [...changesOf(from, to)].filter(path => path === top || path.startsWith(`${top}/`))
  const looks = from.looks.get(one.id) === to.looks.get(one.id) ? [] : ['what `look` says']
  const all = [...paths, ...looks]
  return all.length === 0 ? [] : [`promise: ${when} changes nothing, and it changed ${all.join(', ')}`]
}

function* changesOf(from: Phase, to: Phase): Iterable<string> {
  for (const path of new Set([...from.stamps.keys(), ...to.stamps.keys()]))
    if (from.stamps.get(path) !== to.stamps.get(path) || from.files.get(path) !== to.files.get(path)) yield path
}

/** Files outside of the cases' directories. */
function judgeElsewhere(cases: readonly Case[], ansible: Measured, regplay: Measured): string[] {
  const inCases = (path: string): boolean =>
    cases.some(one => path.startsWith(`${directoryOf(one)}/`) || path === directoryOf(one))
  const excuses = [...EXCUSED, ...BESIDES, ...(cases.some(one => one.layer !== '') ? OF_LAYERS : [])]
  const allowed = (path: string): boolean =>
    excuses.some(({ field }) => field.test(`file:${path}`)) ||
    cases.some(one => Object.keys(one.differs).some(name => name.startsWith('file:/') && fits(name, `file:${path}`)))
  const found: string[] = []
  for (const phase of ['run', 'again'] as const) {
    const [left, right] = [ansible[phase].files, regplay[phase].files]
    for (const path of new Set([...left.keys(), ...right.keys()])) {
      if (left.get(path) === right.get(path) || inCases(path) || allowed(path)) continue
      found.push(
        `${phase}: ${path}\n        ansible: ${show(left.get(path))}\n        regplay: ${show(right.get(path))}`,
      )
    }
  }
  for (const [when, from, to] of [
    ['check mode', regplay.before, regplay.check],
    ['the second run', regplay.run, regplay.again],
  ] as const) {
    const paths = [...changesOf(from, to)].filter(path => !inCases(path) && !allowed(path))
    if (paths.length > 0) found.push(`promise: ${when} changes nothing, and it changed ${paths.join(', ')}`)
  }
  return found
}

/** Length of what is shown of a value. */
const SHOWN = 1500

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value))
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}... (${text.length})` : text
}
