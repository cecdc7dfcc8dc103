import type { Diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Span } from '../base/span.ts'
import type { Module } from '../kit/module.ts'
import type { ArgsSchema } from '../kit/schema.ts'
import type { ParseContext } from './context.ts'

/** What is needed to know modules by their names. */
type Known = Pick<ParseContext, 'modules'>

/** Arguments of `include_role` and `import_role`. */
const ROLE: ArgsSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, aliases: ['role'], description: 'The role' },
    tasks_from: { type: 'string', default: 'main', description: 'File of tasks/ to use' },
    vars_from: { type: 'string', default: 'main', description: 'File of vars/ to use' },
    defaults_from: { type: 'string', default: 'main', description: 'File of defaults/ to use' },
    handlers_from: { type: 'string', default: 'main', description: 'File of handlers/ to use' },
    allow_duplicates: { type: 'boolean', default: true },
    public: {
      type: 'boolean',
      description: 'Whether defaults and vars are seen by other tasks: of an import yes, of an include no',
    },
    apply: { type: 'object', description: 'Keywords for all tasks of the role' },
    rolespec_validate: { type: 'boolean', default: true },
    rescuable: { type: 'boolean', default: true, description: 'Whether a rescue mends a role that cannot be loaded' },
  },
}

const TASKS: ArgsSchema = {
  type: 'object',
  additionalProperties: false,
  freeForm: 'file',
  required: ['file'],
  properties: {
    file: { type: 'string', minLength: 1, description: 'The file of tasks' },
    apply: { type: 'object', description: 'Keywords for all tasks of the file' },
  },
}

/**
 * An import takes what the include takes, but for `apply` and `rescuable`: keywords beside an import reach its tasks by
 * themselves, and what it lacks is known before the run.
 */
function imported(schema: ArgsSchema): ArgsSchema {
  const { apply: _, rescuable: __, ...properties } = schema.properties
  return { ...schema, properties }
}

/** Actions that steer the run and are no modules: what they take. The parser resolves `import_*`, the engine the others. */
export const ACTIONS: Readonly<Record<string, ArgsSchema>> = {
  import_tasks: { title: 'import_tasks', ...imported(TASKS) },
  include_tasks: { title: 'include_tasks', ...TASKS },
  import_role: { title: 'import_role', ...imported(ROLE) },
  include_role: { title: 'include_role', ...ROLE },
  include_vars: {
    type: 'object',
    additionalProperties: false,
    freeForm: 'file',
    oneOf: [['file', 'dir']],
    exclusive: [['file', 'dir']],
    properties: {
      file: { type: 'string', minLength: 1, description: 'A file of variables' },
      dir: { type: 'string', minLength: 1, description: 'A directory of such files' },
      name: { type: 'string', description: 'The variable that gets them all' },
      depth: { type: 'integer', minimum: 0, default: 0 },
      files_matching: { type: 'string' },
      ignore_files: { type: 'array', items: { type: 'string' } },
      extensions: { type: 'array', items: { type: 'string' }, default: ['yaml', 'yml', 'json'] },
      ignore_unknown_extensions: { type: 'boolean', default: false },
      hash_behaviour: { type: 'string', enum: ['replace', 'merge'] },
      keep_existing: { type: 'boolean', default: false, description: 'Variables that the host has keep their values' },
    },
  },
  meta: {
    type: 'object',
    additionalProperties: false,
    freeForm: '_raw_params',
    required: ['_raw_params'],
    properties: {
      _raw_params: {
        type: 'string',
        enum: [
          'flush_handlers',
          'noop',
          'clear_facts',
          'clear_host_errors',
          'end_play',
          'end_host',
          'end_batch',
          'end_role',
          'refresh_inventory',
          'reset_connection',
        ],
      },
    },
  },
  add_host: {
    type: 'object',
    additionalProperties: { description: 'A variable of the host' },
    required: ['name'],
    properties: {
      name: {
        type: 'string',
        minLength: 1,
        aliases: ['host', 'hostname'],
        description: 'The host, with :PORT if need be',
      },
      groups: { type: 'array', items: { type: 'string' }, aliases: ['group', 'groupname'], description: 'Its groups' },
    },
  },
  async_status: {
    type: 'object',
    additionalProperties: false,
    required: ['jid'],
    properties: {
      jid: { type: 'string', minLength: 1, description: 'The job, as ansible_job_id of the task that began it' },
      mode: { type: 'string', enum: ['status', 'cleanup'], default: 'status', description: 'Ask, or remove its files' },
    },
  },
  group_by: {
    type: 'object',
    additionalProperties: false,
    required: ['key'],
    properties: {
      key: { type: 'string', minLength: 1, description: 'The group that the host is put into' },
      parents: { type: 'array', items: { type: 'string' }, description: 'Groups that this group is put into' },
    },
  },
  pause: {
    type: 'object',
    additionalProperties: false,
    exclusive: [['seconds', 'minutes']],
    properties: {
      seconds: { type: 'integer', description: 'Wait so many seconds' },
      minutes: { type: 'number', description: 'Wait so many minutes' },
      prompt: { type: 'string', description: 'What is shown meanwhile' },
      echo: { type: 'boolean', default: true, description: 'Whether what is typed is seen' },
    },
  },
  set_stats: {
    type: 'object',
    additionalProperties: false,
    required: ['data'],
    properties: {
      data: { type: 'object', description: 'Names and values' },
      per_host: { type: 'boolean', default: false, description: 'For this host, not for the run' },
      aggregate: { type: 'boolean', default: true, description: 'Add to what is there' },
    },
  },
  validate_argument_spec: {
    type: 'object',
    additionalProperties: false,
    required: ['argument_spec'],
    properties: {
      argument_spec: { type: 'object', description: 'The options, as in meta/argument_specs.yml' },
      provided_arguments: { type: 'object', description: 'Values that count before variables' },
      validate_args_context: { type: 'object', description: 'What is validated, for the result' },
    },
  },
}

/** Modules whose words are a command line: of its pairs only those that Ansible knows are taken off. */
const COMMANDS: ReadonlySet<string> = new Set(['command', 'shell', 'raw', 'script'])

export const isCommand = (action: string): boolean => COMMANDS.has(action)

/** Keywords beside a module that `include_tasks` and `include_role` may have: the others would not reach what they include. */
export const WITH_INCLUDE: ReadonlySet<string> = new Set(
  `action args collections debugger ignore_errors loop loop_control name no_log register run_once tags timeout vars when
   listen local_action`.split(/\s+/),
)

export interface Action {
  /** Canonical short name. */
  readonly name: string
  readonly schema: ArgsSchema
  /** Ansible has it and regplay does not: how people get on. */
  readonly refused?: string
  /** It cannot be left in the background. */
  readonly attended?: true
}

/** What a name in a task stands for: a module or a steering action, by its short or its full name. */
export function resolveAction(written: string, ctx: Known): Action | undefined {
  const dot = written.lastIndexOf('.')
  const name = written.slice(dot + 1)
  const collection = dot < 0 ? undefined : written.slice(0, dot)
  const builtin = collection === undefined || collection === 'ansible.builtin' || collection === 'ansible.legacy'
  if (builtin && Object.hasOwn(ACTIONS, name) && ACTIONS[name]) return { name, schema: ACTIONS[name], attended: true }
  const whole = ctx.modules.get(written)
  if (whole) return actionOf(whole)
  const module = ctx.modules.get(name)
  const same = collection === undefined || module?.collection === collection || ours(collection)
  return module && (same || (builtin && module.collection === 'ansible.builtin')) ? actionOf(module) : undefined
}

const actionOf = ({ name, args, refused, attended, local }: Module): Action => ({
  name,
  schema: args,
  ...(refused === undefined ? {} : { refused }),
  ...(attended || local ? { attended: true } : {}),
})

/** What a template stands for that names a module: any action, which is only known when a turn has rendered it. */
export const actionNamedBy = (template: string): Action => ({
  name: template,
  schema: { type: 'object', additionalProperties: {}, properties: {} },
})

/** That nothing is called by this name. */
export const unknownAction = (name: string, ctx: Known, span: Span): Diagnostic => ({
  code: 'module-unknown',
  severity: 'error',
  message: `unknown module '${name}'${didYouMean(name, actionNames(ctx))}`,
  span,
  remedy: "'regplay check' knows only its own modules",
})

const ours = (collection: string): boolean => collection === 'regplay' || collection.startsWith('regplay.')

/** All names that a task may use, for suggestions. */
export function* actionNames(ctx: Known): Iterable<string> {
  for (const name of Object.keys(ACTIONS)) {
    yield name
    yield `ansible.builtin.${name}`
  }
  for (const { name, collection, refused } of new Set(ctx.modules.values())) {
    if (refused !== undefined) continue
    yield name
    yield `${collection}.${name}`
  }
}
