import { dirname, resolve } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { Inventory } from '../../inventory/model.ts'
import { limitFaults, limitHosts, selectHosts } from '../../inventory/pattern.ts'
import { quoted } from '../../jinja/python/text.ts'
import type { Play, Step, Task } from '../../playbook/ast.ts'
import { parsePlaybook } from '../../playbook/parse.ts'
import { visibleLine } from '../../report/visible.ts'
import type { Speech } from '../../run/language.ts'
import { frameOf } from '../../run/play-frame.ts'
import { selected, tagsOf } from '../../run/tags.ts'
import { NOWHERE, type Placed, sections, within } from '../../run/walk.ts'
import { type Node, toValue } from '../../source/node.ts'
import { parseExtraVars } from '../../vars/extra.ts'
import { VariableStore } from '../../vars/store.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { InventoryOptions, ScreenOptions, TaskOptions, VaultOptions } from '../options.ts'
import { openVaults } from '../vaults.ts'
import { version } from '../version.ts'
import { contextOf, inventoryOf, mustExist } from '../wire.ts'

interface Options extends ScreenOptions, InventoryOptions, TaskOptions, VaultOptions {
  readonly playbooks: readonly string[]
  readonly listHosts: boolean
  readonly listTasks: boolean
  readonly listTags: boolean
}

/** What is listed of a play; a part that was not asked for is absent. */
interface Listed {
  readonly pattern: readonly string[]
  readonly name: string
  readonly tags: readonly string[]
  readonly hosts?: readonly string[]
  readonly tasks?: readonly { readonly name: string; readonly tags: readonly string[]; readonly path: string }[]
  readonly taskTags?: readonly string[]
}

const written = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined

/** As Ansible lists it: a role stands before a name, not before the module of a task without one. */
function nameOf(task: Task): string {
  const name = written(task.name)
  if (name === undefined) return task.written
  return task.role ? `${task.role.name} : ${name}` : name
}

/** Tasks on the straight way: what a rescue or an `always` would do is not listed, as in Ansible. */
const straight = (steps: readonly Step[], around = NOWHERE): Placed[] =>
  steps.flatMap(step => (step.kind === 'task' ? [{ task: step, around }] : straight(step.block, within(step, around))))

/** A play with its variables, as far as they are known without a host. */
interface Known {
  readonly play: Play
  readonly store: VariableStore
}

/** What is seen at a task, of the play itself where there is none. */
const speechAt = ({ play, store }: Known, placed?: Placed): Speech => {
  const { roles, blocks } = placed?.around ?? NOWHERE
  return {
    scope: store.scope('localhost', { play: frameOf(play), roles, blocks, task: placed?.task.vars }),
    options: {},
  }
}

const sorted = (words: Iterable<string>): string[] => [...new Set(words)].sort()

function listed(known: Known, options: Options, inventory: Inventory | undefined, faults: Diagnostic[]): Listed {
  const { play } = known
  const value = toValue(play.hosts)
  const pattern = Array.isArray(value) ? value.map(String) : [String(value)]
  const tasks = sections(play)
    .flatMap(steps => straight(steps))
    .map(placed => ({ task: placed.task, tags: tagsOf(placed.task, () => speechAt(known, placed)) }))
    .filter(({ tags }) => selected(tags, options.tags, options.skipTags))
  const hosts = inventory && options.listHosts ? hostsOf(play, pattern, options, inventory, faults) : undefined
  return {
    pattern,
    name: written(play.name) ?? pattern.join(','),
    tags: sorted(tagsOf({ tags: play.tags ?? [], span: play.span }, () => speechAt(known))),
    ...(hosts ? { hosts } : {}),
    ...(options.listTasks
      ? {
          tasks: tasks.map(({ task, tags }) => ({
            name: nameOf(task),
            tags: sorted(tags),
            path: `${task.span.file}:${task.span.line}`,
          })),
        }
      : {}),
    ...(options.listTags ? { taskTags: sorted(tasks.flatMap(({ tags }) => tags)) } : {}),
  }
}

function hostsOf(
  play: Play,
  pattern: readonly string[],
  { limit }: Options,
  inventory: Inventory,
  faults: Diagnostic[],
): string[] {
  const chosen = selectHosts(inventory, pattern, play.span)
  const limited = limit === undefined ? chosen : limitHosts(inventory, chosen.hosts, limit)
  faults.push(...chosen.faults)
  return limited.hosts.map(host => host.name)
}

const bracketed = (tags: readonly string[]): string => `[${tags.map(visibleLine).join(', ')}]`

function textOf({ pattern, name, tags, hosts, tasks, taskTags }: Listed, number: number): string {
  const said = visibleLine(pattern.join(','))
  const lines = ['', `  play #${number} (${said}): ${visibleLine(name)}\tTAGS: ${bracketed(tags)}`]
  if (hosts)
    lines.push(
      `    pattern: [${pattern.map(each => quoted(visibleLine(each))).join(', ')}]`,
      `    hosts (${hosts.length}):`,
      ...hosts.map(host => `      ${visibleLine(host)}`),
    )
  if (tasks)
    lines.push('    tasks:', ...tasks.map(task => `      ${visibleLine(task.name)}\tTAGS: ${bracketed(task.tags)}`))
  if (taskTags) lines.push(`      TASK TAGS: ${bracketed(taskTags)}`)
  return lines.map(line => `${line}\n`).join('')
}

/** `--list-hosts`, `--list-tasks` and `--list-tags`, alone or together, as `ansible-playbook` prints them; or as one JSON object. */
export default async function listPlays(options: Options, desk: Desk): Promise<number> {
  mustExist(options.playbooks, 'playbook')
  const vaults = await openVaults(options, desk)
  const extra = parseExtraVars(options.extraVars, vaults.file, options.merges)
  const context = await contextOf(desk.config, vaults, extra.vars)
  const faults: Diagnostic[] = []
  const inventory =
    options.listHosts || options.limit !== undefined
      ? await inventoryOf(options, desk.stop.signal, { openVault: vaults.file })
      : undefined
  faults.push(...(inventory?.faults ?? []), ...limitFaults(inventory?.inventory, options.limit))
  faults.push(...extra.faults)
  const store = new VariableStore({
    inventory: inventory?.inventory ?? new Inventory({ merges: options.merges }),
    extraVars: extra.vars,
    run: { playbookDir: dirname(resolve(options.playbooks[0] ?? '.')), version: version() },
    options: { openVault: vaults.value },
  })
  const playbooks = options.playbooks.map(file => {
    const { playbook, faults: wrong } = parsePlaybook(file, context)
    faults.push(...wrong)
    return {
      file,
      plays: (playbook?.plays ?? []).map(play => listed({ play, store }, options, inventory?.inventory, faults)),
    }
  })
  if (tell(faults, options.json, desk) > 0) return EXIT.input
  if (options.json) desk.out.write(`${JSON.stringify({ playbooks })}\n`)
  else
    for (const { file, plays } of playbooks)
      desk.out.write(
        `\nplaybook: ${visibleLine(file)}\n${plays.map((play, index) => textOf(play, index + 1)).join('')}`,
      )
  return EXIT.done
}
