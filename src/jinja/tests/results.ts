import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { native, type Tests } from '../python/callable.ts'
import { truthy, typeName } from '../python/text.ts'

/** True when the result of a task says so. */
const says = (value: Value, key: string): boolean => {
  if (!(value instanceof Map)) throw failure(`the test wants the registered result of a task, got '${typeName(value)}'`)
  const found = value.get(key)
  return found !== undefined && truthy(found)
}

const is = (test: (value: Value) => boolean) => native('', test)

/** A loop's result has changed when one of its rounds has. */
const changed = is(value => {
  if (says(value, 'changed')) return true
  const rounds = value instanceof Map && value.get('changed') === undefined ? value.get('results') : undefined
  return Array.isArray(rounds) && rounds.some(round => round instanceof Map && truthy(round.get('changed') ?? false))
})
const failed = is(value => says(value, 'failed'))
const succeeded = is(value => !says(value, 'failed'))
const skipped = is(value => says(value, 'skipped'))
/** A result that says nothing of it is of a task that was waited for. */
const unlessDenied = (key: string) =>
  is(value => says(value, key) || (value instanceof Map && value.get(key) === undefined))
const finished = unlessDenied('finished')

/** What became of a task, asked of its registered result. */
export const RESULT_TESTS: Tests = {
  changed,
  change: changed,
  failed,
  failure: failed,
  succeeded,
  success: succeeded,
  successful: succeeded,
  skipped,
  skip: skipped,
  finished,
  started: unlessDenied('started'),
  unreachable: is(value => says(value, 'unreachable')),
  reachable: is(value => !says(value, 'unreachable')),
  timedout: is(value => value instanceof Map && truthy(value.get('timedout') ?? false)),
}
