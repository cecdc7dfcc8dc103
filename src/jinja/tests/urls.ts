import type { Value } from '../../base/value.ts'
import { urlParts } from '../filters/urls.ts'
import { soft } from '../python/arguments.ts'
import { type Bound, native, type Runtime, type Tests } from '../python/callable.ts'
import { items } from '../python/iterate.ts'

/** A URI is any text; with schemes it has one of them. */
function isUri(value: Value, args: Bound, run: Runtime): boolean {
  const schemes = args.value('schemes')
  const scheme = urlParts(soft(value)).get('scheme')
  return schemes === null || items(schemes, run).includes(scheme ?? '')
}

/** A URL names a host, or a file. */
function isUrl(value: Value, args: Bound, run: Runtime): boolean {
  const parts = urlParts(soft(value))
  return isUri(value, args, run) && (parts.get('netloc') !== '' || parts.get('scheme') === 'file')
}

/** Names of resources. */
export const URL_TESTS: Tests = {
  uri: native('schemes=None', isUri),
  url: native('schemes=None', isUrl),
  urn: native('', value => urlParts(soft(value)).get('scheme') === 'urn'),
}
