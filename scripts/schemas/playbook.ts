import { KEYWORDS } from '../../src/playbook/keywords.ts'
import { choice, DIALECT, type Json, keywords, TEXTS } from './shapes.ts'
import { VARIABLES } from './variables.ts'

/** The two names of one keyword. */
const IMPORTS = ['import_playbook', 'ansible.builtin.import_playbook'] as const

/** What a playbook may hold. */
export function playbookSchema(): Json {
  const role: Json = {
    type: 'object',
    properties: { ...keywords('role') },
    anyOf: [{ required: ['role'] }, { required: ['name'] }],
  }
  const play: Json = {
    type: 'object',
    properties: {
      ...keywords('play'),
      hosts: { description: KEYWORDS['hosts']?.description, ...TEXTS },
      vars: { description: KEYWORDS['vars']?.description, ...VARIABLES },
      roles: {
        description: KEYWORDS['roles']?.description,
        type: ['array', 'null'],
        items: { anyOf: [{ type: 'string' }, role] },
      },
    },
    required: ['hosts'],
    additionalProperties: false,
  }
  const own = keywords('import_playbook')
  const imported = { ...own, [IMPORTS[1]]: own[IMPORTS[0]] }
  return {
    $schema: DIALECT,
    $id: 'playbook.schema.json',
    title: 'A playbook of regplay',
    type: 'array',
    items: choice(
      { type: 'object', anyOf: IMPORTS.map(name => ({ required: [name] })) },
      { type: 'object', properties: imported, additionalProperties: false },
      play,
    ),
  }
}
