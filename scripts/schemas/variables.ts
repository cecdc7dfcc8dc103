import { BOOLEAN, DIALECT, type Json, nullable, orTemplate, TEXT } from './shapes.ts'

const PORT = orTemplate({ type: 'integer', minimum: 1, maximum: 65_535 }, { type: 'string', pattern: '^[0-9]+$' })
const SECONDS = orTemplate({ type: 'integer', minimum: 1 }, { type: 'string', pattern: '^[0-9]+$' })

const METHODS = ['sudo', 'su', 'doas', 'ansible.builtin.sudo', 'ansible.builtin.su', 'community.general.doas']

/** The variables that steer how a host is reached, and as whom: what editors offer, and check. */
const CONNECTION: Readonly<Record<string, Json>> = {
  ansible_host: { description: 'The address of the host, when its name is none', ...TEXT },
  ansible_port: { description: 'The port of sshd', ...PORT },
  ansible_user: { description: 'Who logs in', ...TEXT },
  ansible_password: { description: 'The login password; keep it in a vault' },
  ansible_connection: {
    description: 'How the host is reached',
    ...orTemplate({ enum: ['ssh', 'local', 'smart', 'paramiko', 'ansible.builtin.ssh', 'ansible.builtin.local'] }),
  },
  ansible_ssh_private_key_file: { description: 'The key to log in with', ...TEXT },
  ansible_ssh_private_key_passphrase: { description: 'The passphrase of that key; keep it in a vault' },
  ansible_ssh_common_args: { description: 'Options of ssh, of those that regplay honours', ...TEXT },
  ansible_ssh_extra_args: { description: 'More options of ssh', ...TEXT },
  ansible_ssh_args: { description: 'More options of ssh', ...TEXT },
  ansible_host_key_checking: { description: 'Whether the key of the host is checked', ...BOOLEAN },
  ansible_timeout: { description: 'Seconds until the connection must stand', ...SECONDS },
  ansible_become: { description: 'Become another user', ...BOOLEAN },
  ansible_become_user: { description: 'Whom to become', ...TEXT },
  ansible_become_method: { description: 'How to become another user', ...orTemplate({ enum: METHODS }) },
  ansible_become_flags: { description: 'More flags for sudo, su or doas', ...TEXT },
  ansible_become_password: { description: 'The password of become; keep it in a vault' },
  ansible_group_priority: {
    description: 'Which of several groups wins: the higher number',
    type: ['integer', 'string'],
  },
}

/** Variables by name, of whatever kind. */
export const VARIABLES: Json = {
  type: 'object',
  properties: CONNECTION,
  propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
}

export function inventorySchema(): Json {
  const variables = nullable(VARIABLES)
  return {
    $schema: DIALECT,
    $id: 'inventory.schema.json',
    title: 'A YAML inventory of regplay',
    type: 'object',
    additionalProperties: { $ref: '#/$defs/group' },
    $defs: {
      group: nullable({
        type: 'object',
        properties: {
          hosts: nullable({
            type: 'object',
            description: 'Hosts and their variables',
            additionalProperties: variables,
          }),
          children: nullable({
            type: 'object',
            description: 'Groups in this group',
            additionalProperties: { $ref: '#/$defs/group' },
          }),
          vars: { description: 'Variables of all hosts of the group', ...variables },
        },
        additionalProperties: false,
      }),
    },
  }
}

export const varsSchema = (): Json => ({
  $schema: DIALECT,
  $id: 'vars.schema.json',
  title: 'A file of variables of regplay',
  anyOf: [VARIABLES, { type: 'null' }],
})
