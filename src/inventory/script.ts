import { execFile } from 'node:child_process'
import type { Span } from '../base/span.ts'
import { type Dict, jsonLine, toJson, Unsafe, type Value, Vaulted } from '../base/value.ts'
import { TemplateError } from '../jinja/errors.ts'
import { readJson } from '../jinja/formats/json-read.ts'
import { type Node, scalar } from '../source/node.ts'
import type { Builder } from './builder.ts'
import { PROFILE } from './list.ts'
import type { Host } from './model.ts'
import { toNode } from './nodes.ts'

/** Seconds that an inventory program may take. */
const PATIENCE = 60

const BY_HAND = 'run it by hand: it must print a JSON object, and exit with 0'

export interface ScriptContext {
  readonly signal?: AbortSignal
  /** Seconds; default 60. */
  readonly timeout?: number
}

const A_GROUP = 'a group is a list of hosts, or {"hosts": [...], "vars": {...}, "children": [...]}'

/**
 * An executable that prints its inventory as JSON: `--list` gives the groups, `_meta.hostvars` in it the variables of all hosts;
 * without `_meta` each host is asked for with `--host NAME`.
 * @see https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html#developing-inventory-scripts
 */
export async function readScript(path: string, builder: Builder, context: ScriptContext): Promise<void> {
  const listed = await ask(path, ['--list'], builder, context)
  if (listed === undefined) return
  const span = { file: path, line: 1, col: 1 }
  const told = hostvarsOf(listed.get('_meta'), path, builder)
  const hosts = new Set<Host>()
  for (const [name, data] of listed)
    if (name !== '_meta') for (const host of readGroup(String(name), data, path, builder)) hosts.add(host)
  for (const host of hosts) {
    const vars = told ? told.get(host.name) : await ask(path, ['--host', host.name], builder, context)
    if (vars === undefined) continue
    if (vars instanceof Map)
      for (const [key, value] of vars)
        builder.hostVar(host, String(key), { node: tagged(value, span), span, origin: `inventory host ${host.name}` })
    else builder.error('inventory-script', `${path}: the variables of host "${host.name}" are no object`, span, BY_HAND)
  }
}

/** What `--list` tells of hosts in `_meta`; undefined when it tells nothing, and each host is to be asked for. */
function hostvarsOf(meta: Value | undefined, path: string, builder: Builder): Dict | undefined {
  const wrong = (what: string): Dict => {
    builder.error('inventory-script', `${path} --list: ${what}`, { file: path, line: 1, col: 1 }, BY_HAND)
    return new Map()
  }
  if (meta === undefined) return undefined
  if (!(meta instanceof Map)) return wrong('"_meta" is no object')
  const profile = meta.get('profile') ?? PROFILE
  if (profile !== PROFILE) return wrong(`"_meta.profile" is ${jsonLine(toJson(profile))}, and not "${PROFILE}"`)
  const hostvars = meta.get('hostvars')
  if (hostvars === undefined || hostvars instanceof Map) return hostvars
  return wrong('"_meta.hostvars" is no object')
}

const PARTS = ['hosts', 'vars', 'children']

/** A group is a list of hosts, a dict with hosts, vars and children, or the variables of a host that has its name. */
function readGroup(name: string, data: Value, path: string, builder: Builder): readonly Host[] {
  const span = { file: path, line: 1, col: 1 }
  const wrong = (what: string): void =>
    builder.error('inventory-script', `${path} --list: group "${name}" has ${what}`, span, A_GROUP)
  let whole: Dict = data instanceof Map ? data : new Map([['hosts', data]])
  if (!PARTS.some(key => whole.has(key))) {
    const meant = `Treating malformed group '${name}' as a group with the host '${name}' and these variables`
    builder.warn('inventory-script', meant, span, A_GROUP)
    whole = new Map<Value, Value>([
      ['hosts', [name]],
      ['vars', whole],
    ])
  }
  const group = builder.inventory.addGroup(name)
  const [named = [], vars = new Map(), children = []] = PARTS.map(key => whole.get(key))
  if (!Array.isArray(named)) wrong('no list of hosts')
  if (!(vars instanceof Map)) wrong('no object of variables')
  if (!Array.isArray(children)) wrong('no list of children')
  const hosts = listed(named).flatMap(host => builder.host(String(host), span, group, path) ?? [])
  if (vars instanceof Map)
    for (const [key, value] of vars)
      builder.groupVar(group, String(key), { node: tagged(value, span), span, origin: `inventory group ${group.name}` })
  for (const child of listed(children)) builder.child(group, builder.inventory.addGroup(String(child)), span)
  return hosts
}

const listed = (value: Value): readonly Value[] => (Array.isArray(value) ? value : [])

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

/** What the program printed. */
interface Said {
  readonly error: (Error & { code?: unknown; killed?: boolean }) | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs the program and reads its standard output as a JSON object; what goes wrong is a fault, and undefined. */
async function ask(
  path: string,
  args: readonly string[],
  builder: Builder,
  context: ScriptContext,
): Promise<Dict | undefined> {
  const seconds = context.timeout ?? PATIENCE
  const said = await run(path, args, seconds, context.signal)
  context.signal?.throwIfAborted()
  const span = { file: path, line: 1, col: 1 }
  const command = `${path} ${args.join(' ')}`
  const wrong = (what: string): undefined => void builder.error('inventory-script', what, span, BY_HAND)
  // What a program that did its work has to say is worth to be read, too
  if (said.stderr !== '') builder.warn('inventory-script', `${command} says: ${said.stderr}`, span)
  if (said.error?.killed) return wrong(`${command} did not end within ${seconds} s`)
  if (typeof said.error?.code === 'number')
    return wrong(`Inventory script returned non-zero exit code ${said.error.code}: ${command}`)
  if (said.error) return wrong(`Failed to execute inventory script command ${command}: ${said.error.message}`)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(said.stdout)
    // Of a host that has no variables some programs print nothing
    const data: Value = args[0] === '--host' && text.trim() === '' ? new Map() : readJson(text)
    return data instanceof Map ? data : wrong(`${command} printed no JSON object`)
  } catch (error) {
    const whose = args[0] === '--host' ? ` for host '${args[1]}'` : ''
    if (error instanceof TemplateError)
      return wrong(`Inventory script result${whose} could not be parsed as JSON (${command}): ${error.message}`)
    if (error instanceof TypeError)
      return wrong(`Inventory script result contained characters that cannot be interpreted as UTF-8 (${command})`)
    throw error
  }
}

const run = (path: string, args: readonly string[], seconds: number, signal: AbortSignal | undefined): Promise<Said> =>
  new Promise(done => {
    const limits = { timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 256 * 1024 * 1024 } as const
    execFile(path, args, { ...limits, ...(signal && { signal }), encoding: 'buffer' }, (error, stdout, stderr) =>
      done({ error, stdout, stderr: stderr.toString('utf8').trim() }),
    )
  })
