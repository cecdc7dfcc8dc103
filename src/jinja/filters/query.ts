import type { Value } from '../../base/value.ts'
import { Cache } from '../cache.ts'
import type { Node } from '../jmespath/ast.ts'
import { search } from '../jmespath/evaluate.ts'
import { parseJmespath } from '../jmespath/parse.ts'
import { textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'

const parsed = new Cache<Node>(200, 64 * 1024)

function query(value: Value, args: Bound, run: Runtime): Value {
  const expression = textArgument(args, 'expr')
  return search(
    parsed.get(expression, () => parseJmespath(expression)),
    value,
    run,
  )
}

/** JMESPath: parts of nested data. */
export const QUERY_FILTERS: Filters = { json_query: native('expr', query) }
