import { Command, Option } from 'commander'
import type { Config } from './config/table.ts'
import type { Start } from './desk.ts'
import { acceptedFlags, inventoryFlags, screenFlags, vaultFlags } from './flags.ts'
import { type Found, given, inventoryOptions, screenOptions, text, vaultOptions } from './found.ts'
import type { ShowOptions } from './options.ts'

/** The commands that show inventories and variables. */

const showOptions = (group: string, found: Found, config: Config): ShowOptions => ({
  list: found['list'] === true,
  ...given('host', text(found['host'])),
  graph: found['graph'] === true,
  group,
  vars: found['vars'] === true,
  yaml: found['yaml'] === true,
  toml: found['toml'] === true,
  export: found['export'] === true,
  ...given('output', text(found['output'])),
  ...given('playbookDir', text(found['playbookDir'], config.playbookDir)),
})

const PLAYBOOK_DIR = '--playbook-dir <dir>'
const PLAYBOOK_DIR_MEANS = 'the directory whose group_vars/ and host_vars/ count (default: the present one)'

export const inventoryCommand = (start: Start): Command =>
  vaultFlags(inventoryFlags(acceptedFlags(new Command('inventory'))))
    .description('hosts, groups and variables, as ansible-inventory prints them')
    .argument('[group]', 'the group at which --graph begins', 'all')
    .addOption(new Option('--json').hideHelp())
    .option('--list', 'groups, and the variables of all hosts, as JSON')
    .option('--host <name>', 'the variables of one host')
    .option('--graph', 'groups and hosts as a tree')
    .option('--vars', 'with --graph: variables too')
    .option('-y, --yaml', 'YAML in place of JSON')
    .option('--toml', 'not supported')
    .option('--export', 'variables where they were given, so that the output may be an inventory again')
    .option('--output <file>', 'write into this file')
    .option(PLAYBOOK_DIR, PLAYBOOK_DIR_MEANS)
    .action((group: string, found: Found) =>
      start(
        () => import('./commands/inventory.ts'),
        ({ config }) => ({
          ...showOptions(group, found, config),
          ...screenOptions(found, config),
          ...inventoryOptions(found, config),
          ...vaultOptions(found, config),
        }),
      ),
    )

export const varsCommand = (start: Start): Command =>
  vaultFlags(inventoryFlags(screenFlags(new Command('vars'))))
    .description("a host's variables: which value wins, where it was written, and what it overrode")
    .argument('<host>', 'the host')
    .argument('[name]', 'only this variable')
    .option('--playbook <file>', 'variables of its plays and roles count too')
    .option(PLAYBOOK_DIR, PLAYBOOK_DIR_MEANS)
    .action((host: string, name: string | undefined, found: Found) =>
      start(
        () => import('./commands/vars.ts'),
        ({ config }) => ({
          host,
          ...given('name', name),
          ...given('playbook', text(found['playbook'])),
          ...given(
            'playbookDir',
            text(found['playbookDir'], found['playbook'] === undefined ? config.playbookDir : undefined),
          ),
          ...screenOptions(found, config),
          ...inventoryOptions(found, config),
          ...vaultOptions(found, config),
        }),
      ),
    )
