import { execFile } from 'node:child_process'
import type { Span } from '../base/span.ts'
import { fromJson, Unsafe, type Value, Vaulted } from '../base/value.ts'
import { type Node, scalar } from '../source/node.ts'
import type { Builder } from './builder.ts'
import type { Host } from './model.ts'
import { toNode } from './nodes.ts'

/** Seconds that an inventory program may take. */
const PATIENCE = 60

export interface ScriptContext {
  readonly signal?: AbortSignal
  /** Seconds; default 60. */
  readonly timeout?: number
}

/**
 * An executable that prints its inventory as JSON: `--list` gives the groups, `_meta.hostvars` in it the variables of all hosts;
 * without `_meta` each host is asked for with `--host NAME`.
 * @see https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html#developing-inventory-scripts
 */
export async function readScript(path: string, builder: Builder, context: ScriptContext): Promise<void> {
  const listed = await ask(path, ['--list'], builder, context)
  if (!(listed instanceof Map)) return
  const span = { file: path, line: 1, col: 1 }
  const meta = listed.get('_meta')
  const hosts = new Set<Host>()
  for (const [name, data] of listed)
    if (name !== '_meta') for (const host of readGroup(String(name), data, path, builder)) hosts.add(host)
  const told = meta instanceof Map ? meta.get('hostvars') : undefined
  for (const host of hosts) {
    const vars = told instanceof Map ? told.get(host.name) : await ask(path, ['--host', host.name], builder, context)
    if (vars instanceof Map)
      for (const [key, value] of vars)
        builder.hostVar(host, String(key), { node: tagged(value, span), span, origin: `inventory host ${host.name}` })
  }
}

const PARTS = ['hosts', 'vars', 'children']

/** A group is a list of hosts, a dict with hosts, vars and children, or the variables of a host that has its name. */
function readGroup(name: string, data: Value, path: string, builder: Builder): readonly Host[] {
  const span = { file: path, line: 1, col: 1 }
  const whole: Value = data instanceof Map ? data : new Map([['hosts', data]])
  const part = PARTS.some(key => whole.has(key))
    ? (key: string) => whole.get(key)
    : (key: string) => (key === 'hosts' ? [name] : key === 'vars' ? whole : undefined)
  const group = builder.inventory.addGroup(name)
  const named = part('hosts') ?? []
  if (!Array.isArray(named)) {
    builder.error(
      'inventory-script',
      `${path} --list: group "${name}" has no list of hosts`,
      span,
      'a group is a list of hosts, or {"hosts": [...], "vars": {...}, "children": [...]}',
    )
    return []
  }
  const hosts = named.flatMap(host => builder.host(String(host), span, group, path) ?? [])
  const vars = part('vars')
  if (vars instanceof Map)
    for (const [key, value] of vars)
      builder.groupVar(group, String(key), { node: tagged(value, span), span, origin: `inventory group ${name}` })
  const children = part('children')
  if (Array.isArray(children))
    for (const child of children) builder.child(group, builder.inventory.addGroup(String(child)), span)
  return hosts
}

/** JSON says vaults and texts that are no templates by dicts, as `ansible-inventory` writes them. */
function tagged(value: Value, span: Span): Node {
  if (Array.isArray(value)) return { kind: 'sequence', items: value.map(item => tagged(item, span)), span }
  if (!(value instanceof Map)) return toNode(value, span)
  const vault = value.get('__ansible_vault')
  const unsafe = value.get('__ansible_unsafe')
  if (typeof vault === 'string') return scalar(new Vaulted(vault), span)
  if (typeof unsafe === 'string') return scalar(new Unsafe(unsafe), span)
  const entries = [...value].map(([key, item]) => ({ key: scalar(String(key), span), value: tagged(item, span) }))
  return { kind: 'mapping', entries, span }
}

/** Runs the program and reads its standard output as a JSON object; what goes wrong is a fault, and undefined. */
async function ask(
  path: string,
  args: readonly string[],
  builder: Builder,
  context: ScriptContext,
): Promise<Value | undefined> {
  const seconds = context.timeout ?? PATIENCE
  const said = await new Promise<{ error: Error | null; stdout: string; stderr: string }>(done => {
    execFile(
      path,
      args,
      {
        timeout: seconds * 1000,
        killSignal: 'SIGKILL',
        maxBuffer: 256 * 1024 * 1024,
        ...(context.signal && { signal: context.signal }),
      },
      (error, stdout, stderr) => done({ error, stdout, stderr }),
    )
  })
  context.signal?.throwIfAborted()
  const span = { file: path, line: 1, col: 1 }
  const command = `${path} ${args.join(' ')}`
  if (said.error) {
    const killed = 'killed' in said.error && said.error.killed === true
    const why = killed ? `did not end within ${seconds} s` : said.stderr.trim().split('\n').at(-1) || said.error.message
    builder.error(
      'inventory-script',
      `${command} failed: ${why}`,
      span,
      'run it by hand: it must print JSON and exit with 0',
    )
    return undefined
  }
  try {
    const data: Value = fromJson(JSON.parse(said.stdout))
    if (data instanceof Map) return data
    builder.error(
      'inventory-script',
      `${command} printed no JSON object`,
      span,
      'run it by hand: it must print a JSON object',
    )
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    builder.error(
      'inventory-script',
      `${command} printed no JSON: ${why}`,
      span,
      'run it by hand: it must print a JSON object',
    )
  }
  return undefined
}
