import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { patternOf } from '../filters/regex.ts'
import { soft } from '../python/arguments.ts'
import { type Bound, native, type Tests } from '../python/callable.ts'

function matches(value: Value, args: Bound, how: string): boolean {
  const regex = patternOf(args, 'pattern')
  const text = soft(value)
  if (how === 'search') return regex.find(text) !== null
  if (how === 'match') return regex.find(text, 0, true) !== null
  if (how !== 'fullmatch')
    throw failure(`Invalid match_type specified. There are search, match, fullmatch, not '${how}'`)
  return regex.find(text, 0, true)?.end === text.length
}

const fixed = (how: string) =>
  native("pattern='', ignorecase=False, multiline=False", (value: Value, args: Bound) => matches(value, args, how))

/** Regular expressions in Python's syntax. */
export const REGEX_TESTS: Tests = {
  match: fixed('match'),
  search: fixed('search'),
  regex: native("pattern='', ignorecase=False, multiline=False, match_type='search'", (value, args) =>
    matches(value, args, soft(args.value('match_type'))),
  ),
}
