import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import { withOption, withoutOption } from './shared/ini.ts'
import { rewrite, textAt } from './shared/rewrite.ts'

/** An option of a file of sections and options. */
export default defineModule({
  name: 'ini_file',
  collection: 'community.general',
  summary: 'An option has a value in a section of an INI file, or is not there',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    exclusive: [['value', 'values']],
    properties: {
      path: { type: 'string', path: true, minLength: 1, aliases: ['dest'] },
      section: { type: 'string', default: '', description: 'The section; the part before the first one when absent' },
      option: { type: 'string', description: 'The option; a whole section when absent' },
      value: { type: 'string' },
      values: { type: 'array', items: { type: 'string' } },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      exclusive: { type: 'boolean', default: true, description: 'Other lines of the option go' },
      no_extra_spaces: { type: 'boolean', default: false, description: 'No spaces around =' },
      ignore_spaces: { type: 'boolean', default: false, description: 'A line that differs in spaces only stays' },
      create: { type: 'boolean', default: true },
      allow_no_value: { type: 'boolean', default: false, description: 'The option may stand without = and a value' },
      modify_inactive_option: { type: 'boolean', default: true, description: 'A commented line of the option is used' },
      backup: { type: 'boolean', default: false, description: 'Keep the old file beside the new one' },
      follow: {
        type: 'boolean',
        default: false,
        description: 'A link is written through; otherwise the file takes its place',
      },
      section_has_values: { type: 'array', refused: 'sections are told by their names only' },
      ...OWNERSHIP,
    },
  },
  probe: (args, host) => textAt(args, host),
  plan(args, seen) {
    const values = args.value === undefined ? (args.values ?? []) : [args.value]
    const { state, allow_no_value: bare } = args
    if (state === 'present' && values.length === 0 && !bare)
      return refuse(
        "Parameter 'value(s)' must be defined if state=present and allow_no_value=False.",
        'give value, or allow_no_value: true',
      )
    if (seen.self === undefined && !args.create)
      return refuse(`Destination ${seen.real} does not exist!`, 'set create: true to make it', { rc: 257 })
    if (state === 'absent' && seen.self === undefined) return ok({ path: seen.real, msg: 'OK' })
    const edit = state === 'present' ? withOption : withoutOption
    return rewrite({ ...args, terse: true }, seen, text => edit(text, { ...args, values }))
  },
})
