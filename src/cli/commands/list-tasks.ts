import type { Play, Playbook, Task } from '../../playbook/ast.ts'
import { parsePlaybook } from '../../playbook/parse.ts'
import { visibleLine } from '../../report/visible.ts'
import { selected } from '../../run/tags.ts'
import { NOWHERE, sections, tasksOf } from '../../run/walk.ts'
import type { Node } from '../../source/node.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { ScreenOptions, TaskOptions, VaultOptions } from '../options.ts'
import { openVaults } from '../vaults.ts'
import { contextOf, mustExist } from '../wire.ts'

interface ListTasksOptions extends ScreenOptions, TaskOptions, VaultOptions {
  readonly what: 'tasks' | 'tags'
  readonly playbooks: readonly string[]
}

const written = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined

const nameOf = (task: Task): string => {
  const name = written(task.name) ?? task.written
  return task.role ? `${task.role.name} : ${name}` : name
}

const bracketed = (tags: Iterable<string>): string => `[${[...new Set(tags)].sort().map(visibleLine).join(', ')}]`

function playLines(play: Play, number: number, options: ListTasksOptions): string[] {
  const tasks = sections(play)
    .flatMap(section => [...tasksOf(section, NOWHERE, false)].map(placed => placed.task))
    .filter(task => task.action !== 'meta' && selected(task.tags, options.tags, options.skipTags))
  const hosts = play.hosts.kind === 'sequence' ? play.hosts.items.map(written).join(',') : (written(play.hosts) ?? '')
  const head = `  play #${number} (${visibleLine(hosts)}): ${visibleLine(written(play.name) ?? hosts)}\tTAGS: ${bracketed(play.tags ?? [])}`
  if (options.what === 'tags') return [head, `      TASK TAGS: ${bracketed(tasks.flatMap(task => task.tags))}`]
  return [head, '    tasks:', ...tasks.map(task => `      ${visibleLine(nameOf(task))}\tTAGS: ${bracketed(task.tags)}`)]
}

const playbookLines = (playbook: Playbook, options: ListTasksOptions): string =>
  [
    ['', `playbook: ${visibleLine(playbook.file)}`],
    ...playbook.plays.map((play, index) => ['', ...playLines(play, index + 1, options)]),
  ]
    .flat()
    .join('\n')

/** `regplay list tasks` and `regplay list tags`: as `ansible-playbook --list-tasks` and `--list-tags` print them. */
export default async function listTasks(options: ListTasksOptions, desk: Desk): Promise<number> {
  mustExist(options.playbooks, 'playbook')
  const context = await contextOf(desk.config, await openVaults(options, desk))
  const read = options.playbooks.map(file => parsePlaybook(file, context))
  const errors = tell(
    read.flatMap(({ faults }) => faults),
    options.json,
    desk,
  )
  if (errors > 0) return EXIT.input
  for (const { playbook } of read) if (playbook) desk.out.write(`${playbookLines(playbook, options)}\n`)
  return EXIT.done
}
