import type { Value } from '../base/value.ts'
import type { Host, VarMap } from '../inventory/model.ts'
import type { Frame } from './frame.ts'
import { EntryLayer, type Layer, pushMappings, ValueLayer } from './layer.ts'
import { VarsFiles } from './vars-files.ts'

/** Layers of a scope that need nothing but what surrounds it; each is pushed below those that are there, strongest first. */

/** What Ansible gives the localhost that no inventory names. */
export const IMPLICIT: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['ansible_connection', 'local'],
  ['ansible_python_interpreter', '/usr/bin/python3'],
])

/** What holds when nobody says anything. */
export const defaultsOf = (host: Host, managed = 'Ansible managed'): ReadonlyMap<string, Value> =>
  new Map<string, Value>([
    // The implicit localhost is reached by number, as nothing says what its name means.
    ['ansible_host', host.implicit ? '127.0.0.1' : host.name],
    ['ansible_managed', managed],
  ])

/** A layer of what people wrote, when there is any. */
export const pushEntries = (layers: Layer[], level: Layer['level'], entries: VarMap): void => {
  if (entries.size > 0) layers.push(new EntryLayer(level, entries))
}

/** What includes gave, the innermost first. */
export function pushParams(layers: Layer[], { params = [] }: Frame): void {
  for (const given of params.toReversed())
    if ('kind' in given) pushMappings(layers, [given], 'include params')
    else if (given.size > 0) layers.push(new ValueLayer('include params', given))
}

/** Variables of the task, of the blocks around it and of the roles that it stands in. */
export function pushTask(layers: Layer[], { task, blocks, roles = [] }: Frame): void {
  pushMappings(layers, task, 'task vars')
  pushMappings(layers, blocks, 'block vars')
  for (let i = roles.length - 1; i >= 0; i--)
    pushMappings(layers, roles[i]?.vars, 'role vars', `role ${roles[i]?.name}`)
}

/** Variables that all tasks of the play see, but for the defaults of roles. */
export function pushPlay(layers: Layer[], { play }: Frame, varsFiles: Layer | undefined): void {
  if (!play) return
  const roles = play.roles ?? []
  for (let i = roles.length - 1; i >= 0; i--)
    pushMappings(layers, roles[i]?.vars, 'role vars', `role ${roles[i]?.name}`)
  if (varsFiles) layers.push(varsFiles)
  else if (!(play.varsFiles instanceof VarsFiles)) pushMappings(layers, play.varsFiles, 'vars_files')
  if (play.prompts && play.prompts.size > 0) layers.push(new ValueLayer('vars_prompt', play.prompts))
  pushMappings(layers, play.vars, 'play vars')
}

/** Defaults of roles: the task's own first. */
export function pushDefaults(layers: Layer[], { play, roles = [] }: Frame): void {
  for (const list of [roles, play?.roles ?? []])
    for (let i = list.length - 1; i >= 0; i--)
      pushMappings(layers, list[i]?.defaults, 'role defaults', `role ${list[i]?.name}`)
}
