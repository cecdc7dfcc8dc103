import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { flagArgument, soft, textArgument } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { DateTime, formatMoment, momentOf, parseMoment } from '../python/date-time.ts'
import { numeric, parseFloatText, toDouble } from '../python/numbers.ts'

/** `'%Y-%m-%d' | strftime(seconds)`; without seconds it is now. */
function strftime(value: Value, args: Bound, run: Runtime): string {
  const given = args.value('second')
  if (given === null) run.impure("the filter 'strftime' without a time")
  const number = given === null ? Date.now() / 1000 : numeric(given)
  const seconds =
    number === undefined ? parseFloatText(soft(given)) : typeof number === 'number' ? number : toDouble(number)
  if (seconds === undefined) throw failure(`Invalid value for epoch value (${soft(given)})`)
  return formatMoment(soft(value), momentOf(seconds, flagArgument(args, 'utc')))
}

/** Dates and times. */
export const TIME_FILTERS: Filters = {
  strftime: native('second=None, utc=False', strftime),
  to_datetime: native(
    "format='%Y-%m-%d %H:%M:%S'",
    (value, args) => new DateTime(parseMoment(soft(value), textArgument(args, 'format'))),
  ),
}
