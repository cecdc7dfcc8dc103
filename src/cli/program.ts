import { Command } from 'commander'
import type { Start } from './desk.ts'
import {
  connectionFlags,
  inventoryFlags,
  listFlags,
  moduleFlags,
  screenFlags,
  tagFlags,
  taskFlags,
  tellingFlags,
  vaultFlags,
} from './flags.ts'
import {
  adhocOptions,
  connectionOptions,
  evalOptions,
  type Found,
  inventoryOptions,
  listOptions,
  screenOptions,
  taskOptions,
  vaultOptions,
} from './found.ts'
import { inventoryCommand, varsCommand } from './inventory-program.ts'
import { vaultCommand } from './vault-program.ts'

const EXAMPLES = `
Examples:
  regplay check playbooks/registry.yml
  regplay run playbooks/registry.yml -i inventory --check --diff
  regplay run playbooks/registry.yml -i inventory -e repo_host=registry.example.com
  regplay adhoc clients -i inventory -m command -a 'docker version'

Exit status: 0 done, 2 a task failed, 3 --check found changes (with --detailed-exitcode), 4 a host was unreachable, 6 both,
64 usage, 65 input refused, 66 file missing, 70 a bug, 75 locked, 77 host key or login refused, 129/130/143 stopped.`

const runCommand = (start: Start): Command =>
  [screenFlags, inventoryFlags, vaultFlags, connectionFlags, taskFlags, listFlags]
    .reduce((command, add) => add(command), new Command('run'))
    .description('run playbooks')
    .argument('<playbook...>', 'playbook files, run one after the other')
    .action((playbooks: string[], found: Found) =>
      start(
        () => import('./commands/run.ts'),
        ({ config }) => ({
          playbooks,
          ...screenOptions(found, config),
          ...inventoryOptions(found, config),
          ...vaultOptions(found, config),
          ...connectionOptions(found, config),
          ...taskOptions(found, config),
          ...listOptions(found),
        }),
      ),
    )

const checkCommand = (start: Start): Command =>
  vaultFlags(inventoryFlags(tellingFlags(new Command('check'))))
    .description('read everything and tell every fault at once; touch no host')
    .argument('<playbook...>', 'playbook files')
    .action((playbooks: string[], found: Found) =>
      start(
        () => import('./commands/check.ts'),
        ({ config }) => ({
          playbooks,
          ...screenOptions(found, config),
          ...inventoryOptions(found, config),
          ...vaultOptions(found, config),
        }),
      ),
    )

function listCommand(start: Start): Command {
  const list = new Command('list').description('list hosts, tasks or tags; touch no host')
  vaultFlags(inventoryFlags(tellingFlags(list.command('hosts'))))
    .description('the hosts that a pattern selects')
    .argument('[pattern]', 'hosts and groups', 'all')
    .action((pattern: string, found: Found) =>
      start(
        () => import('./commands/list-hosts.ts'),
        ({ config }) => ({
          pattern,
          ...screenOptions(found, config),
          ...inventoryOptions(found, config),
          ...vaultOptions(found, config),
        }),
      ),
    )
  for (const what of ['tasks', 'tags'] as const)
    vaultFlags(tagFlags(inventoryFlags(tellingFlags(list.command(what)))))
      .description(`the ${what} of playbooks`)
      .argument('<playbook...>', 'playbook files')
      .action((playbooks: string[], found: Found) =>
        start(
          () => import('./commands/list-plays.ts'),
          ({ config }) => ({
            ...{ playbooks, listHosts: false, listTasks: what === 'tasks', listTags: what === 'tags' },
            ...{ ...screenOptions(found, config), ...inventoryOptions(found, config) },
            ...{ ...taskOptions(found, config), ...vaultOptions(found, config) },
          }),
        ),
      )
  return list
}

const evalCommand = (start: Start): Command =>
  vaultFlags(inventoryFlags(tellingFlags(new Command('eval'))))
    .description("what an expression or a template gives with a host's variables; the host itself is not asked")
    .argument('[expression]', 'an expression, or text with {{ }} in it')
    .option('--template <file>', 'render this file')
    .option('--host <name>', 'the host whose variables are meant', 'localhost')
    .option(
      '--batch',
      'answer JSON lines {"kind": "E" or "T", "source", "context", "templates"} from the standard input',
    )
    .action((expression: string | undefined, found: Found) =>
      start(
        () => import('./commands/eval.ts'),
        ({ config }) => ({
          ...(expression === undefined ? {} : { expression }),
          ...evalOptions(found),
          ...screenOptions(found, config),
          ...inventoryOptions(found, config),
          ...vaultOptions(found, config),
        }),
      ),
    )

const configCommand = (start: Start): Command =>
  tellingFlags(new Command('config'))
    .description('the settings that hold, and where each was written')
    .option('--only-changed', 'only those that somebody wrote')
    .action((found: Found) =>
      start(
        () => import('./commands/config.ts'),
        ({ config }) => ({ ...screenOptions(found, config), onlyChanged: found['onlyChanged'] === true }),
      ),
    )

const docCommand = (start: Start): Command =>
  tellingFlags(new Command('doc'))
    .description('the reference of modules: parameters, examples, results, differences from Ansible')
    .argument('[name...]', 'modules, by their short or their full name')
    .option('--list', 'the names of all, and what they do')
    .action((names: string[], found: Found) =>
      start(
        () => import('./commands/doc.ts'),
        ({ config }) => ({ ...screenOptions(found, config), names, list: found['list'] === true }),
      ),
    )

/** Runs one module on the hosts of a pattern; `module` when the command is for this one only. */
const startModule = (start: Start, pattern: string, found: Found, module?: string): Promise<void> =>
  start(
    () => import('./commands/adhoc.ts'),
    ({ config }) => {
      const asked = adhocOptions(found, config)
      return {
        ...screenOptions(found, config),
        ...inventoryOptions(found, config),
        ...vaultOptions(found, config),
        ...connectionOptions(found, config),
        ...taskOptions(found, config),
        ...{ ...asked, pattern, ...(module === undefined ? {} : { module, args: '' }), adhoc: asked },
      }
    },
  )

const adhocCommand = (start: Start): Command =>
  [screenFlags, inventoryFlags, vaultFlags, connectionFlags, moduleFlags]
    .reduce((command, add) => add(command), new Command('adhoc'))
    .description('run one module on hosts, as ansible does')
    .argument('<pattern>', 'hosts and groups')
    .action((pattern: string, found: Found) => startModule(start, pattern, found))

/** A command for one module that needs no arguments. */
const moduleCommand = (start: Start, module: 'ping' | 'setup', name: string, description: string): Command =>
  [screenFlags, inventoryFlags, vaultFlags, connectionFlags]
    .reduce((command, add) => add(command), new Command(name))
    .description(description)
    .argument('[pattern]', 'hosts and groups', 'all')
    .action((pattern: string, found: Found) => startModule(start, pattern, found, module))

/** `regplay run [options] <playbook...>` */
const usageOf = (command: Command): string =>
  `${command.parent ? `${usageOf(command.parent).replace(/ \[options\].*/, '')} ` : ''}${command.name()} ${command.usage()}`

/** The whole command line. Throws commander's `CommanderError` for usage, help and version. */
export function program(
  version: string,
  start: Start,
  write: { out: (text: string) => void; err: (text: string) => void },
): Command {
  const top = new Command('regplay')
    .description("Ansible's language without Ansible's guts: playbooks over ssh, on hosts with nothing but sshd and sh")
    .version(version)
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError()
  top.addCommand(runCommand(start))
  top.addCommand(checkCommand(start))
  top.addCommand(listCommand(start))
  top.addCommand(evalCommand(start))
  top.addCommand(inventoryCommand(start))
  top.addCommand(varsCommand(start))
  top.addCommand(adhocCommand(start))
  top.addCommand(vaultCommand(start))
  top.addCommand(moduleCommand(start, 'ping', 'ping', 'log in to hosts, run a shell, come back'))
  top.addCommand(moduleCommand(start, 'setup', 'facts', 'show what is known of hosts'))
  top.addCommand(docCommand(start))
  top.addCommand(configCommand(start))
  const settle = (command: Command): void => {
    command.exitOverride().configureOutput({ writeOut: write.out, writeErr: write.err })
    command.showHelpAfterError(`usage: ${usageOf(command)}`)
    for (const child of command.commands) settle(child)
  }
  settle(top)
  return top
}
