import type { Case } from './cases.ts'

/** A small generator of numbers, so that a failure can be repeated from its seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const VALUES = [
  ...['1', '-7', '1.5', '0x1f', 'yes', 'True', 'None', 'word', '"two words"', `"[1, 'a', None]"`, `"{'k': [1]}"`, '""'],
  ...["'{{ v1 }}'", '1e3', '007', '"a\'b"', 'a:b', '/etc/x', '"#no"', '\'"q"\''],
]
const PLAIN = [
  '1',
  '-7',
  '1.5',
  '0x1f',
  'yes',
  '~',
  'word',
  'two words',
  '[1, a, ~]',
  '{k: [1]}',
  '""',
  '"{{ v1 }}"',
  '0644',
]

/** A random inventory: groups in groups, hosts in several, variables everywhere, in one of the shapes that sources have. */
export function generate(seed: number): Case {
  const next = random(seed)
  const upTo = (count: number): number => Math.floor(next() * count)
  const pick = <T>(items: readonly T[]): T => items[upTo(items.length)] as T
  const some = <T>(items: readonly T[], most: number): T[] =>
    [...new Set(Array.from({ length: upTo(most + 1) }, () => pick(items)))].sort((a, b) => (a < b ? -1 : 1))
  const groups = Array.from({ length: 2 + upTo(6) }, (_none, index) => `g${index}`)
  const hosts = Array.from({ length: 1 + upTo(6) }, (_none, index) =>
    pick([`h${index}`, `h${index}.x`, `h${index}[1:2]`]),
  )
  const names = ['v1', 'v2', 'v3', 'v4']
  const childrenOf = (index: number): string[] => some(groups.slice(index + 1), 2)
  const vars = (values: readonly string[]): [string, string][] => some(names, 3).map(name => [name, pick(values)])
  const order = [...groups.keys()].sort(() => next() - 0.5)

  const asIni = (): string =>
    [
      ...some(hosts, 2),
      ...order.flatMap(index => [
        `[${groups[index]}]`,
        ...some(hosts, 3).map(
          host =>
            `${host} ${vars(VALUES)
              .map(pair => pair.join('='))
              .join(' ')}`,
        ),
        `[${groups[index]}:children]`,
        ...childrenOf(index),
        `[${groups[index]}:vars]`,
        ...vars(VALUES).map(pair => pair.join(pick(['=', ' = ']))),
        ...(upTo(4) === 0 ? [`ansible_group_priority=${upTo(9)}`] : []),
      ]),
      '[all:vars]',
      ...vars(VALUES).map(pair => pair.join('=')),
      '',
    ].join('\n')
  const flow = (pairs: readonly [string, string][]): string =>
    `{${pairs.map(([key, value]) => `"${key}": ${value}`).join(', ')}}`
  const asYaml = (): string =>
    [
      'all:',
      `  vars: ${flow(vars(PLAIN))}`,
      '  children:',
      ...order.flatMap(index => [
        `    ${groups[index]}:`,
        `      hosts: ${flow(some(hosts, 3).map(host => [host, flow(vars(PLAIN))]))}`,
        `      vars: ${flow(vars(PLAIN))}`,
        `      children: ${flow(childrenOf(index).map(child => [child, '~']))}`,
      ]),
      '',
    ].join('\n')

  const files: Record<string, string> = {}
  const sources = Array.from({ length: 1 + upTo(2) }, (_none, index) => {
    const [name, text] = pick([
      [`s${index}`, asIni],
      [`s${index}.yml`, asYaml],
      [`d${index}/hosts`, asIni],
      [`d${index}/hosts.yaml`, asYaml],
    ] as const)
    files[name] = text()
    return name
  })
  for (const dir of new Set(['', ...sources.map(source => source.replace(/[^/]*$/, ''))]))
    for (const group of some([...groups, 'all'], 2))
      files[`${dir}group_vars/${group}${pick(['', '.yml', '/a.yml'])}`] = `${flow(vars(PLAIN))}\n`
  return { files, sources }
}
