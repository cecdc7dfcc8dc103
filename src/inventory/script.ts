import { execFile } from 'node:child_process'
import { fromJson, type Value } from '../base/value.ts'
import type { Builder } from './builder.ts'
import type { Group } from './model.ts'
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
  for (const [name, data] of listed) if (name !== '_meta') readGroup(String(name), data, path, builder)
  for (const [name, data] of listed)
    if (data instanceof Map) {
      const group = builder.inventory.groups.get(String(name))
      const children = data.get('children')
      if (group && Array.isArray(children))
        for (const child of children) builder.child(group, builder.inventory.addGroup(String(child)), span)
    }
  const told = meta instanceof Map ? meta.get('hostvars') : undefined
  for (const host of [...builder.inventory.hosts.values()].filter(each => each.source === path)) {
    const vars = told instanceof Map ? told.get(host.name) : await ask(path, ['--host', host.name], builder, context)
    if (vars instanceof Map)
      for (const [key, value] of vars)
        builder.hostVar(host, String(key), { node: toNode(value, span), span, origin: `inventory host ${host.name}` })
  }
}

/** A group is a list of hosts, or a dict with hosts, vars and children. */
function readGroup(name: string, data: Value, path: string, builder: Builder): void {
  const span = { file: path, line: 1, col: 1 }
  const group: Group = builder.inventory.addGroup(name)
  const hosts = Array.isArray(data) ? data : data instanceof Map ? (data.get('hosts') ?? []) : undefined
  if (!Array.isArray(hosts)) {
    builder.error(
      'inventory-script',
      `${path} --list: group "${name}" has no list of hosts`,
      span,
      'a group is a list of hosts, or {"hosts": [...], "vars": {...}, "children": [...]}',
    )
    return
  }
  for (const host of hosts) builder.hosts(String(host), span, group, path)
  const vars = data instanceof Map ? data.get('vars') : undefined
  if (vars instanceof Map)
    for (const [key, value] of vars)
      builder.groupVar(group, String(key), { node: toNode(value, span), span, origin: `inventory group ${name}` })
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
