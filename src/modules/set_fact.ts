import { dict, fromJson } from '../base/value.ts'
import { isVariableName } from '../base/variable-name.ts'
import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'

/** Variables of a host, from here on. */
export default defineModule({
  name: 'set_fact',
  summary: 'Sets variables of the host for the rest of the run',
  local: true,
  args: {
    type: 'object',
    additionalProperties: { description: 'A variable and its value' },
    properties: {
      cacheable: { type: 'boolean', default: false, description: 'Accepted; no facts are kept from run to run' },
    },
  },
  probe: () => ({}),
  plan({ cacheable, ...given }) {
    const facts: Readonly<Record<string, unknown>> = given
    const names = Object.keys(facts)
    if (names.length === 0)
      return refuse('No key/value pairs provided, at least one is required for this action to succeed')
    const odd = names.find(name => !isVariableName(name))
    if (odd !== undefined)
      return refuse(
        `Invalid variable name '${odd}'.`,
        'letters, digits and underscores, no digit first, and no word of Python',
      )
    const values = dict(Object.fromEntries(names.map(name => [name, fromJson(facts[name])])))
    return ok({ ansible_facts: values, ...(cacheable ? { _ansible_facts_cacheable: true } : {}) })
  },
})
