/**
 * Where variables come from, weakest first: Ansible's order of precedence. The store lays its layers in this order; tests hold it to
 * this table, and both to ansible-playbook.
 * @see https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html#understanding-variable-precedence
 */
export const LEVELS = [
  /** What holds when nobody says anything: ansible_host is the host's name. */
  'defaults',
  /** defaults/main.yml of the play's roles, then of the task's own. */
  'role defaults',
  'inventory all',
  'inventory group',
  'inventory group_vars/all',
  'playbook group_vars/all',
  'inventory group_vars',
  'playbook group_vars',
  'inventory host',
  'inventory host_vars',
  'playbook host_vars',
  'facts',
  'play vars',
  'vars_prompt',
  'vars_files',
  /** vars/main.yml of the play's roles, then of the task's own. */
  'role vars',
  'block vars',
  'task vars',
  'include_vars',
  /** set_fact and register share a level: the later one wins. */
  'set_fact and register',
  'role params',
  'include params',
  'extra vars',
  /** inventory_hostname, groups and the like: nobody may change these. */
  'magic',
  /** Loop variables and what the engine puts around one task: nearer than everything. */
  'local',
] as const

export type Level = (typeof LEVELS)[number]
