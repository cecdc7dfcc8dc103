/** Where a keyword may stand. */
export type Place = 'play' | 'block' | 'task' | 'handler' | 'role' | 'import_playbook'

/** What its value looks like; a template may stand for any of them. */
export type Shape =
  | 'any'
  | 'text'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'percentage'
  | 'connection'
  | 'mapping'
  | 'texts'
  | 'conditions'
  | 'steps'
  | 'list'
  | 'identifier'
  | 'mappings'

export interface Keyword {
  readonly places: readonly Place[]
  readonly shape: Shape
  readonly description: string
  /** Ansible has it and this version refuses it by name: why. */
  readonly refused?: string
}

const EVERYWHERE = ['play', 'block', 'task', 'handler', 'role'] as const
const TASKS = ['task', 'handler'] as const
const STEPS = ['block', 'task', 'handler', 'role'] as const

const base = (shape: Shape, description: string): Keyword => ({ places: EVERYWHERE, shape, description })
const task = (shape: Shape, description: string): Keyword => ({ places: TASKS, shape, description })
const play = (shape: Shape, description: string): Keyword => ({ places: ['play'], shape, description })
const refused = (places: readonly Place[], reason: string): Keyword => ({
  places,
  shape: 'any',
  description: `Refused: ${reason}`,
  refused: reason,
})

/** Every keyword of the language beside modules and `with_*`: the parser, the checks and the editor schemas read this. */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  name: { places: [...EVERYWHERE, 'import_playbook'], shape: 'text', description: 'What is shown while it runs' },
  when: {
    places: [...STEPS, 'import_playbook'],
    shape: 'conditions',
    description: 'Expressions that must all be true, or it is skipped',
  },
  tags: { places: [...EVERYWHERE, 'import_playbook'], shape: 'texts', description: 'Words for --tags and --skip-tags' },
  vars: { places: [...EVERYWHERE, 'import_playbook'], shape: 'mapping', description: 'Variables for all within' },

  become: base('boolean', 'Act as another user'),
  become_user: base('text', 'The user to act as; root by default'),
  become_method: base('text', 'How: sudo, su or doas'),
  become_flags: base('text', 'Flags for the program that changes the user'),
  become_exe: refused(EVERYWHERE, 'the program that changes the user is found by itself'),
  connection: base('connection', 'ssh or local'),
  remote_user: base('text', 'The user to log in as'),
  port: base('integer', 'The port of sshd'),
  environment: base('mappings', 'Environment variables for what runs on the host'),
  check_mode: base('boolean', 'Whether this only looks'),
  diff: base('boolean', 'Whether differences are shown'),
  no_log: base('boolean', 'Whether results are kept out of every output'),
  ignore_errors: base('boolean', 'Go on after a failure'),
  ignore_unreachable: base('boolean', 'Go on after the host was lost'),
  any_errors_fatal: base('boolean', 'One failed host ends the play for all'),
  run_once: base('boolean', 'Run on one host for all'),
  throttle: base('integer', 'How many hosts at a time'),
  timeout: base('integer', 'Seconds until it is given up'),
  module_defaults: base('mappings', 'Arguments for all uses of a module'),
  debugger: refused(EVERYWHERE, 'there is no debugger; use -vvv and --start-at-task'),
  collections: base('texts', 'Collections in which roles are looked for; modules are known by their names'),

  delegate_to: { places: STEPS, shape: 'text', description: 'Run it on this host instead' },
  delegate_facts: { places: STEPS, shape: 'boolean', description: 'Facts belong to the host that it is delegated to' },
  notify: { places: ['block', 'task', 'handler'], shape: 'texts', description: 'Handlers to run after a change' },

  action: task('any', 'The module and its arguments in another form'),
  local_action: task('any', 'The same, run on the controller'),
  args: task('mapping', 'More arguments of the module'),
  async: task('integer', 'Seconds that it may run in the background'),
  poll: task('integer', 'Seconds between looks at a background task; 0 does not wait'),
  changed_when: task('conditions', 'Whether it counts as a change'),
  failed_when: task('conditions', 'Whether it counts as a failure'),
  until: task('conditions', 'Try again until this is true'),
  retries: task('integer', 'How many more tries'),
  delay: task('number', 'Seconds between tries'),
  register: task('identifier', 'The variable that gets the result'),
  loop: task('list', 'Run once for each item'),
  loop_control: task('mapping', 'Names and pace of the loop'),
  listen: { places: ['handler'], shape: 'texts', description: 'Topics that this handler is notified by' },
  first_available_file: refused(TASKS, 'use with_first_found'),
  include: refused([...TASKS, 'play'], 'use include_tasks, import_tasks or import_playbook'),

  block: { places: ['block'], shape: 'steps', description: 'Tasks that belong together' },
  rescue: { places: ['block'], shape: 'steps', description: 'Tasks for when one of the block fails' },
  always: { places: ['block'], shape: 'steps', description: 'Tasks that run whatever happened' },

  role: { places: ['role'], shape: 'text', description: 'The name or directory of the role' },

  hosts: play('any', 'The pattern of the hosts'),
  gather_facts: play('boolean', 'Whether facts are gathered first'),
  gather_subset: play('texts', 'Which facts are gathered'),
  gather_timeout: play('integer', 'Seconds for gathering facts'),
  fact_path: play('text', 'The directory of the facts that a host keeps of its own'),
  vars_files: play('texts', 'Files of variables'),
  vars_prompt: play('any', 'Variables to ask for before the play; -e answers them too'),
  roles: play('any', 'Roles, run before the tasks'),
  handlers: play('steps', 'Tasks that run when they are notified'),
  pre_tasks: play('steps', 'Tasks before the roles'),
  tasks: play('steps', 'Tasks'),
  post_tasks: play('steps', 'Tasks after the handlers of the tasks'),
  force_handlers: play('boolean', 'Run notified handlers on failed hosts too'),
  max_fail_percentage: play('percentage', 'More failed hosts than this, of a hundred, end the play'),
  serial: play('any', 'Hosts at a time: numbers or percentages'),
  strategy: play('text', 'linear, free or host_pinned'),
  order: play('text', 'Order of the hosts: inventory, sorted, reverse_sorted, reverse_inventory, shuffle'),
  user: play('text', 'The same as remote_user'),
  import_playbook: { places: ['import_playbook'], shape: 'text', description: 'Another playbook, read in here' },

  sudo: refused(EVERYWHERE, 'use become'),
  sudo_user: refused(EVERYWHERE, 'use become_user'),
  su: refused(EVERYWHERE, 'use become and become_method: su'),
  su_user: refused(EVERYWHERE, 'use become_user'),
}

/** A keyword, when there is one of that name. */
export const keyword = (name: string): Keyword | undefined =>
  Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined

/** The keywords that may stand somewhere and work. */
export const keywordsOf = (place: Place): string[] =>
  Object.keys(KEYWORDS).filter(name => {
    const found = KEYWORDS[name]
    return found !== undefined && found.refused === undefined && found.places.includes(place)
  })

/** The keys of `loop_control`. */
export const LOOP_CONTROL: Readonly<Record<string, Shape>> = {
  loop_var: 'identifier',
  index_var: 'identifier',
  label: 'any',
  pause: 'number',
  extended: 'boolean',
  extended_allitems: 'boolean',
  break_when: 'conditions',
}
