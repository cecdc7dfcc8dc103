import type { ModuleDoc } from '../kit/module-doc.ts'

/** What people are told of an action of the engine: a module tells its summary itself. */
export interface ActionDoc extends ModuleDoc {
  readonly summary: string
}

/** Examples that name files cannot be run alone. */
const FILES = 'files beside the playbook'

/** By the names of `ACTIONS`. */
export const ACTION_DOCS: Readonly<Record<string, ActionDoc>> = {
  add_host: {
    summary: 'A host is known to the rest of the run, with groups and variables',
    examples: `
- name: The new machine is known, and takes part in the next play
  ansible.builtin.add_host:
    name: r9.example.org
    groups: [fresh, web]
    ansible_user: admin
`,
    returns: {
      add_host: { type: 'object', when: 'always', what: 'host_name, groups and host_vars, as they were given' },
    },
  },
  async_status: {
    summary: 'Tells how a task fares that was left in the background, or removes its files',
    examples: `
- name: Something long begins
  ansible.builtin.command:
    argv: [sleep, '1']
  async: 60
  poll: 0
  register: job

- name: It has ended
  ansible.builtin.async_status:
    jid: '{{ job.ansible_job_id }}'
  register: state
  until: state is finished
  retries: 20
  delay: 1

- name: Its files are gone
  ansible.builtin.async_status:
    jid: '{{ job.ansible_job_id }}'
    mode: cleanup
`,
    returns: {
      ansible_job_id: { type: 'string', when: 'always', what: 'The number of the job' },
      started: { type: 'boolean', when: 'mode is status', what: 'Whether it began' },
      finished: {
        type: 'boolean',
        when: 'mode is status',
        what: 'Whether it has ended; then the fields of its result are here as well',
      },
      results_file: { type: 'string', when: 'mode is status', what: 'Where its result stands on the host' },
      erased: { type: 'string', when: 'mode is cleanup', what: 'What was removed' },
    },
    differences: ['A job is a piece of shell text; its exit status, output and times are read when it has ended.'],
  },
  group_by: {
    summary: 'Puts hosts into groups that are named by what is known of them',
    examples: `
- name: Hosts are in a group of their system
  ansible.builtin.group_by:
    key: os_{{ inventory_hostname }}
    parents: [systems]
`,
    returns: {
      add_group: { type: 'string', when: 'always', what: 'The group; blanks of the key are dashes' },
      parent_groups: { type: 'list of string', when: 'always', what: 'The groups above it' },
    },
  },
  import_role: {
    summary: 'A role stands here, read before the run',
    examples: `
- name: The web server
  ansible.builtin.import_role:
    name: nginx
    tasks_from: server
`,
    needs: FILES,
    returns: {},
  },
  import_tasks: {
    summary: 'The tasks of a file stand here, read before the run',
    examples: `
- name: The tasks of setup.yml
  ansible.builtin.import_tasks: setup.yml
`,
    needs: FILES,
    returns: {},
  },
  include_role: {
    summary: 'Brings the tasks of a role when the run gets here',
    examples: `
- name: The role of each service
  ansible.builtin.include_role:
    name: '{{ item }}'
    apply:
      tags: [services]
  loop: [nginx, postgresql]
`,
    needs: FILES,
    returns: {
      include_variables: { type: 'object', when: 'always', what: 'The arguments of the role' },
    },
  },
  include_tasks: {
    summary: 'Brings the tasks of a file when the run gets here',
    examples: `
- name: What this system needs
  ansible.builtin.include_tasks: '{{ ansible_facts.os_family }}.yml'
`,
    needs: FILES,
    returns: {
      include: { type: 'string', when: 'always', what: 'The file, as it was named' },
      include_args: { type: 'object', when: 'always', what: 'Empty' },
    },
  },
  include_vars: {
    summary: 'Reads variables from a file or the files of a directory, when the run gets here',
    examples: `
- name: What differs between systems
  ansible.builtin.include_vars:
    file: '{{ ansible_facts.os_family }}.yml'

- name: All of a directory, under one name
  ansible.builtin.include_vars:
    dir: vars/services
    extensions: [yml]
    name: services
`,
    needs: FILES,
    returns: {
      ansible_facts: { type: 'object', when: 'always', what: 'The variables, as they are written' },
      ansible_included_var_files: { type: 'list of string', when: 'always', what: 'The files that were read' },
      message: { type: 'string', when: 'a file cannot be read', what: 'Why' },
    },
  },
  meta: {
    summary: 'Steers the run',
    examples: `
- name: What was notified runs now
  ansible.builtin.meta: flush_handlers

- name: This host is done
  ansible.builtin.meta: end_host
`,
    returns: {},
  },
  pause: {
    summary: 'Waits, or asks whoever sits at the terminal',
    examples: `
- name: The other side has time to see it
  ansible.builtin.pause:
    seconds: 1
`,
    returns: {
      user_input: { type: 'string', when: 'always', what: 'What was typed' },
      rc: { type: 'integer', when: 'always', what: '0' },
      stdout: { type: 'string', when: 'always', what: 'How long it waited, in words' },
      stderr: { type: 'string', when: 'always', what: 'Nothing' },
      start: { type: 'string', when: 'always', what: 'When it began' },
      stop: { type: 'string', when: 'always', what: 'When it ended' },
      delta: { type: 'integer', when: 'always', what: 'Whole seconds between them' },
      echo: { type: 'boolean', when: 'always', what: 'Whether what was typed was seen' },
    },
    differences: ['Without a time and without a terminal it goes on with a warning.'],
  },
  set_stats: {
    summary: 'Gathers figures for the end of the run',
    examples: `
- name: One more host is done
  ansible.builtin.set_stats:
    data:
      hosts_done: 1
`,
    returns: {
      ansible_stats: { type: 'object', when: 'always', what: 'data, aggregate and per_host' },
    },
    differences: [
      'The figures are an event of their own (custom-stats) and are shown below the recap where show_custom_stats says so.',
    ],
  },
  validate_argument_spec: {
    summary: 'Fails unless variables are what a specification of arguments says',
    examples: `
- name: The port is a number
  ansible.builtin.validate_argument_spec:
    argument_spec:
      port: {type: int, required: true}
    provided_arguments:
      port: 443
`,
    returns: {
      validate_args_context: { type: 'object', when: 'always', what: 'What was validated' },
      argument_errors: { type: 'list of string', when: 'it failed', what: 'Every fault' },
      argument_spec_data: { type: 'object', when: 'it failed', what: 'The specification' },
    },
  },
}
