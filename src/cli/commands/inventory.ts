import { type Diagnostic, InputError } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'
import { type Dict, Unsafe, type Value, Vaulted } from '../../base/value.ts'
import { toGraph, toList, toTree, type View } from '../../inventory/list.ts'
import type { Host } from '../../inventory/model.ts'
import { limitHosts, selectHosts } from '../../inventory/pattern.ts'
import { TemplateError } from '../../jinja/errors.ts'
import { jsonText } from '../../jinja/formats/json-write.ts'
import { yamlText } from '../../jinja/formats/yaml-write.ts'
import { OF_HOST, OF_INVENTORY, written, writtenOfGroup } from '../../vars/written.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { InventoryOptions, ScreenOptions, ShowOptions, VaultOptions } from '../options.ts'
import { writeOutput } from '../output-file.ts'
import { type Known, variablesOf } from '../variables.ts'

type Options = ShowOptions & ScreenOptions & InventoryOptions & VaultOptions

/** `regplay inventory`: hosts, groups and variables, as `ansible-inventory` prints them. */
export default async function showInventory(options: Options, desk: Desk): Promise<number> {
  const wrong = misuse(options)
  if (wrong !== undefined) {
    desk.err.write(`error: ${wrong}\n`)
    return EXIT.usage
  }
  const known = await variablesOf(options, desk, options.playbookDir)
  const selected = selectHosts(known.inventory, 'all')
  const limited =
    options.limit === undefined ? selected : limitHosts(known.inventory, [...selected.hosts], options.limit)
  // What is wrong goes to the other stream: what is printed here is read by programs.
  if (tell([...known.faults, ...limited.faults], false, desk) > 0) return EXIT.input
  const text = shown(options, known, options.limit === undefined ? undefined : new Set(limited.hosts))
  if (options.output === undefined) desk.out.write(text)
  else writeOutput(options.output, desk.mask.text(text), 'the inventory')
  return EXIT.done
}

/** What cannot be asked for, or not together. */
function misuse({ list, host, graph, toml }: Options): string | undefined {
  const asked = [list, host !== undefined, graph].filter(Boolean).length
  if (asked === 0) return 'No action selected, at least one of --host, --graph or --list needs to be specified.'
  if (asked > 1) return 'Conflicting options used, only one of --host, --graph or --list can be used at the same time.'
  return toml ? '--toml is not supported: --yaml writes an inventory that Ansible and regplay read' : undefined
}

function shown(options: Options, known: Known, only: ReadonlySet<Host> | undefined): string {
  const view = viewOf(options, known, only)
  if (options.host !== undefined) return asText(view.hostVars(hostOf(options.host, known, only)), options.yaml)
  if (options.graph) return toGraph(view, groupOf(options.group, known), options.vars)
  return asText(options.yaml ? toTree(view) : toList(view), options.yaml)
}

/** Variables in full, or (for `--export`) with whom they were given to. */
function viewOf(options: Options, known: Known, only: ReadonlySet<Host> | undefined): View {
  const beside = options.playbookDir === undefined ? [] : [known.beside]
  const own = new Set([...OF_HOST].filter(level => beside.length > 0 || level !== 'playbook host_vars'))
  return {
    inventory: known.inventory,
    hostVars: host => written(known.store.scope(host.name), options.export ? own : OF_INVENTORY),
    groupVars: group => writtenOfGroup(group, [...known.inventory.adjacent, ...beside], known.inventory.merges),
    export: options.export,
    ...(only && { only }),
  }
}

function hostOf(pattern: string, { inventory }: Known, only: ReadonlySet<Host> | undefined): Host {
  const { hosts, faults } = selectHosts(inventory, pattern)
  const [host, more] = hosts.filter(each => only === undefined || only.has(each))
  if (host && !more) return host
  throw refusal(
    'no-such-host',
    more
      ? `--host ${pattern} means ${hosts.length} hosts`
      : `Could not match supplied host pattern: --host ${pattern} means no host`,
    faults.find(fault => fault.severity === 'error')?.remedy ?? 'name one host; regplay list hosts shows them',
  )
}

function groupOf(name: string, { inventory }: Known) {
  const group = inventory.groups.get(name)
  if (group) return group
  const guess = didYouMean(name, inventory.groups.keys())
  throw refusal(
    'unknown-group',
    `Pattern must be valid group name when using --graph: the inventory has no group '${name}'${guess}`,
    'a graph begins at one group',
  )
}

const refusal = (code: string, message: string, remedy: string): InputError =>
  new InputError([{ code, severity: 'error', message, remedy } satisfies Diagnostic])

/** An inventory has no depth that would harm. */
const FREE = { enter: () => undefined, leave: () => undefined }

function asText(value: Dict, yaml: boolean): string {
  if (yaml)
    return yamlText(value, { indent: 2, width: 80, flow: false, sortKeys: true, unicode: true, vaults: true }, FREE)
  const style = { indent: '    ', ascii: false, separators: [', ', ': '] } as const
  const told = inTags(value)
  try {
    return `${jsonText(told, { ...style, sortKeys: true }, FREE)}\n`
  } catch (error) {
    // Numbers and texts side by side as keys have no order
    if (!(error instanceof TemplateError)) throw error
    return `${jsonText(told, { ...style, sortKeys: false }, FREE)}\n`
  }
}

/** JSON has no tags, so what YAML marks `!vault` and `!unsafe` becomes a dict that says so. */
function inTags(value: Value): Value {
  if (value instanceof Vaulted) return new Map([['__ansible_vault', value.armour]])
  if (value instanceof Unsafe) return new Map([['__ansible_unsafe', value.text]])
  if (Array.isArray(value)) return value.map(inTags)
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, inTags(item)])) : value
}
