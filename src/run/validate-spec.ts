import { type Dict, dict, fromJson } from '../base/value.ts'
import type { Speech } from './language.ts'
import { ownArguments } from './own-arguments.ts'
import type { Result } from './ports.ts'
import { faultsBySpec } from './spec.ts'
import type { Turn } from './turn.ts'

/** `validate_argument_spec`: judges variables and given arguments by a spec, as roles that carry one do before they begin. */
export function validateSpec(turn: Turn, speech: Speech): Result {
  const args = ownArguments(turn, speech)
  const spec = dictOf(args['argument_spec'])
  const given: Dict = new Map()
  for (const name of spec.keys()) {
    const value = speech.scope.get(String(name))
    if (value !== undefined) given.set(name, value)
  }
  for (const [name, value] of dictOf(args['provided_arguments'])) given.set(name, value)
  const context = dictOf(args['validate_args_context'])
  const faults = faultsBySpec(spec, given)
  if (faults.length === 0)
    return {
      changed: false,
      fields: dict({ msg: 'The arg spec validation passed', validate_args_context: context }),
      diff: [],
    }
  const msg = `Validation of arguments failed:\n${faults.join('\n')}`
  return {
    changed: false,
    failed: msg,
    fields: dict({ msg, argument_errors: faults, argument_spec_data: spec, validate_args_context: context }),
    diff: [],
  }
}

const dictOf = (value: unknown): Dict => {
  const found = fromJson(value)
  return found instanceof Map ? found : new Map()
}
