import type { Chance } from '../../src/jinja/python/random.ts'

export type Entry = Record<string, unknown>

/** What is by chance: one of some, or whether something that happens once in so many times. */
export class Dice {
  readonly #chance: Chance

  constructor(chance: Chance) {
    this.#chance = chance
  }

  below(limit: number): number {
    return this.#chance.below(limit)
  }

  of<T>(some: readonly T[]): T {
    return some[this.below(some.length)] as T
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0
  }

  /** The entry, once in so many times. */
  maybe(times: number, entry: () => Entry): Entry {
    return this.once(times) ? entry() : {}
  }
}

/** Where all that tasks do stands; it begins as `GROUND` makes it. */
export const BASE = '/srv/p'
export const GROUND = `
set -e
umask 022
mkdir -p ${BASE}/d/s && cd ${BASE}
printf 'one\\ntwo\\nthree\\n' >a
printf 'one\\n' >d/f
printf '[x]\\nk = 1\\n' >i
ln -s d l
ln -s nowhere dead
printf 'kept\\n' >k
mkdir kd
printf 'kept\\n' >kd/f
mkdir ks
printf '1\\n' >ks/1
printf '2\\n' >ks/2
`
/** What the template says. */
export const TEMPLATE = '# {{ inventory_hostname }}\n{% for word in words %}{{ word }}\n{% endfor %}'

/** Where there is never a directory, and where there may be. */
const SOLID = ['a', 'a', 'b', 'b', 'd/f', 'd/f', 'd/g', 'l/f', 'l/g', 'e/n']
const LOOSE = ['c', 'd', 'd/s', 'd/s/x', 'l', 'h', 'dead']
const MODES = ['0644', '0600', '0755', '0700', 'u+x', 'go-rwx', 'a+r,u=rwX']
const LINES = ['one', 'two', 'four', 'k = 2', '{{ words[0] }}', 'of {{ inventory_hostname }}']
const PEOPLE = ['u1', 'u2']
const GROUPS = ['g1', 'g2']

const somewhere = (dice: Dice, solid: boolean): string => `${BASE}/${dice.of(solid ? SOLID : LOOSE)}`
const anywhere = (dice: Dice): string => somewhere(dice, dice.once(2))

const attributes = (dice: Dice): Entry => ({
  ...dice.maybe(3, () => ({ mode: dice.of(MODES) })),
  ...dice.maybe(8, () => ({ owner: dice.of(['operator', 'root', 'admin']) })),
  ...dice.maybe(8, () => ({ group: dice.of(['operator', 'root', 'admin']) })),
})

const file = (dice: Dice, path: string, solid: boolean): Entry => {
  const state = dice.of([
    ...(solid ? [] : ['directory', 'directory', 'directory']),
    'absent',
    'absent',
    'touch',
    'file',
    'link',
    'link',
    'hard',
    undefined,
  ])
  const base = { path, ...(state === undefined ? {} : { state }), ...attributes(dice) }
  if (state === 'link')
    return {
      ...base,
      src: dice.of(['k', '../k', `${BASE}/k`, 'none', ...(solid ? [] : ['kd', '../kd', `${BASE}/kd`])]),
      ...dice.maybe(2, () => ({ force: true })),
    }
  if (state === 'hard')
    return { ...base, src: `${BASE}/${dice.of(['k', 'kd/f'])}`, ...dice.maybe(2, () => ({ force: true })) }
  if (state === 'touch')
    return { ...base, ...dice.maybe(2, () => ({ modification_time: 'preserve', access_time: 'preserve' })) }
  if (state === 'directory') return { ...base, ...dice.maybe(4, () => ({ recurse: true })) }
  return { ...base, ...dice.maybe(6, () => ({ follow: false })) }
}

/** Modules that stand on a path, which a loop may bring: the parameter that names it, and all others. */
const ON_PATHS: Readonly<Record<string, (dice: Dice, path: string, solid: boolean) => Entry>> = {
  file,
  copy: (dice, dest, solid) => ({
    dest,
    ...(!solid || dice.once(4)
      ? { src: `${BASE}/${dice.of(['a', 'b', 'd/f'])}`, remote_src: true }
      : { content: `${dice.of(LINES)}\n` }),
    ...attributes(dice),
    ...dice.maybe(6, () => ({ force: false })),
    ...dice.maybe(8, () => ({ validate: 'grep -q o %s' })),
  }),
  template: (dice, dest) => ({ src: 't.j2', dest, ...attributes(dice), ...dice.maybe(6, () => ({ force: false })) }),
  lineinfile: (dice, path) => ({
    path,
    ...(dice.once(3)
      ? { state: 'absent', regexp: dice.of(['^t', 'o', '^k']) }
      : {
          line: dice.of(LINES),
          ...dice.maybe(3, () => ({ regexp: dice.of(['^t', '^f', '^(o)']) })),
          ...dice.maybe(3, () =>
            dice.of<Entry>([{ insertafter: '^one' }, { insertbefore: 'BOF' }, { insertbefore: 'two' }]),
          ),
          ...dice.maybe(2, () => ({ create: true })),
        }),
    ...attributes(dice),
  }),
  blockinfile: (dice, path) => ({
    path,
    ...(dice.once(4) ? { state: 'absent' } : { block: `${dice.of(LINES)}\n${dice.of(LINES)}\n` }),
    ...dice.maybe(3, () => ({ marker: '## {mark} it' })),
    ...dice.maybe(2, () => ({ create: true })),
    ...dice.maybe(4, () => ({ insertbefore: 'BOF' })),
  }),
  replace: (dice, path) => ({
    path,
    regexp: dice.of(['o', '^t(.*)$', 'e\\n']),
    ...dice.maybe(2, () => ({ replace: dice.of(['0', 'x\\1', 'E\\n']) })),
  }),
  ini_file: (dice, path) => ({
    path: dice.once(2) ? `${BASE}/i` : path,
    section: dice.of(['x', 'y']),
    option: dice.of(['k', 'm']),
    ...(dice.once(4) ? { state: 'absent' } : { value: dice.of(['1', '2', '{{ words[0] }}']) }),
    ...dice.maybe(4, () => ({ create: false })),
  }),
  stat: (dice, path) => ({ path, ...dice.maybe(3, () => ({ follow: true })) }),
  slurp: (_dice, src) => ({ src }),
  find: (dice, paths) => ({
    paths,
    ...dice.maybe(2, () => ({ recurse: true })),
    ...dice.maybe(2, () => ({ file_type: dice.of(['any', 'directory', 'link']) })),
    ...dice.maybe(4, () => ({ patterns: dice.of(['f*', '*']) })),
  }),
  assemble: (dice, dest) => ({ src: `${BASE}/ks`, dest, ...attributes(dice) }),
  command: (dice, path, solid) => ({
    cmd: dice.of([
      `touch ${path}`,
      `rm -rf ${path}`,
      ...(solid ? [`ln -sf k ${path}`] : [`mkdir -p ${path}`, `ln -sfn kd ${path}`]),
      `cat ${path}`,
      `cp -r ${BASE}/a ${path}`,
      `chmod 0640 ${path}`,
    ]),
    ...dice.maybe(3, () => ({ creates: path })),
    ...dice.maybe(5, () => ({ removes: anywhere(dice) })),
    ...dice.maybe(8, () => ({ chdir: `${BASE}/d` })),
  }),
  shell: (dice, path, solid) => ({
    cmd: dice.of([
      `echo ${dice.of(LINES)} >> ${path}`,
      `echo ${dice.of(LINES)} > ${path}`,
      `test -e ${path}`,
      ...(solid ? [`mv ${path} ${anywhere(dice)}`] : [`rm -f ${path}`]),
      // Both of them open what they need when they come to it: not the same file.
      `head -n 1 ${path} | tee ${BASE}/w`,
      `[ -L ${path} ] && rm ${path}`,
    ]),
    ...dice.maybe(4, () => ({ creates: anywhere(dice) })),
    ...dice.maybe(4, () => ({ removes: path })),
  }),
}

/** Modules that stand on no path. */
const OTHERS: Readonly<Record<string, (dice: Dice) => Entry>> = {
  user: dice => {
    const name = dice.of(PEOPLE)
    if (dice.once(4)) return { name, state: 'absent', ...dice.maybe(2, () => ({ remove: true })) }
    return {
      name,
      uid: name === 'u1' ? 7001 : 7002,
      ...dice.maybe(2, () => ({
        groups: dice.of([['g1'], ['g1', 'users'], ['users'], []]),
        ...dice.maybe(2, () => ({ append: true })),
      })),
      ...dice.maybe(3, () => ({ shell: dice.of(['/bin/sh', '/bin/bash']) })),
      ...dice.maybe(3, () => ({ comment: dice.of(LINES) })),
      ...dice.maybe(4, () => ({ create_home: false })),
    }
  },
  group: dice => {
    const name = dice.of(GROUPS)
    return dice.once(4) ? { name, state: 'absent' } : { name, gid: name === 'g1' ? 7101 : 7102 }
  },
  set_fact: dice => ({ words: dice.of([['one', 'x'], ['two'], '{{ words + ["y"] }}', '{{ words[:2] }}']) }),
  debug: dice => ({ msg: `{{ words }} ${dice.of(LINES)}` }),
  assert: dice => ({ that: [dice.of(['words | length > 1', 'words[0] == "one"'])] }),
}

/** Modules by how often they come. */
const BAG = [
  ...Array<string>(6).fill('file'),
  ...Array<string>(5).fill('copy'),
  ...Array<string>(3).fill('lineinfile'),
  ...Array<string>(3).fill('command'),
  ...Array<string>(3).fill('shell'),
  ...Array<string>(2).fill('stat'),
  ...Array<string>(2).fill('ini_file'),
  ...Array<string>(2).fill('blockinfile'),
  ...Array<string>(2).fill('replace'),
  'template',
  'slurp',
  'find',
  'assemble',
  'user',
  'group',
  'set_fact',
  'debug',
  'assert',
]

/** A module with its arguments, and how many turns it makes on paths. */
export function moduleTask(dice: Dice): { readonly module: string; readonly entry: Entry; readonly loops: boolean } {
  const module = dice.of(BAG)
  const onPaths = ON_PATHS[module]
  if (onPaths === undefined) return { module, entry: { [module]: OTHERS[module]?.(dice) ?? {} }, loops: false }
  const solid = dice.once(2)
  const one = (): Entry => onPaths(dice, somewhere(dice, solid), solid)
  if (!dice.once(3)) return { module, entry: { [module]: one() }, loops: false }
  const kind = dice.below(4)
  if (kind === 0) {
    const items = Array.from({ length: 2 + dice.below(4) }, () => dice.of(solid ? SOLID : LOOSE))
    return { module, entry: { [module]: onPaths(dice, `${BASE}/{{ item }}`, solid), loop: items }, loops: true }
  }
  if (kind === 1) {
    const items = Object.fromEntries(
      Array.from({ length: 4 }, () => [dice.of(solid ? SOLID : LOOSE), dice.of(['w', 'v'])]),
    )
    const entry = { [module]: onPaths(dice, `${BASE}/{{ item.key }}`, solid), with_dict: items }
    return { module, entry, loops: true }
  }
  // Turns that differ in all that their arguments say.
  const items = Array.from({ length: 2 + dice.below(5) }, one)
  const names = [...new Set(items.flatMap(item => Object.keys(item)))]
  const given = names.map(name => [name, `{{ turn.${name} | default(omit) }}`])
  const label = { loop_var: 'turn', label: '{{ turn.path | default(turn.dest | default("it")) }}' }
  const entry = {
    [module]: Object.fromEntries(given),
    loop: items,
    loop_control: { ...label, ...dice.maybe(3, () => ({ index_var: 'n' })) },
  }
  return { module, entry, loops: true }
}
