import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { optionalText, soft, textArgument } from '../python/arguments.ts'
import { type Bound, native, type Tests } from '../python/callable.ts'
import { truthy } from '../python/text.ts'
import { versionHolds } from '../versions.ts'

/** `is version('1.2', '>=')`: also a filter in old playbooks. */
export function version(value: Value, args: Bound): boolean {
  const strict = args.value('strict')
  const type = optionalText(args, 'version_type')
  if (strict !== null && type !== undefined) throw failure("Cannot specify both 'strict' and 'version_type'")
  const way = type ?? (strict !== null && truthy(strict) ? 'strict' : 'loose')
  const [left, right] = [soft(value), soft(args.value('version'))]
  if (left === '') throw failure('Input version value cannot be empty')
  if (right === '') throw failure('Version parameter to compare against cannot be empty')
  return versionHolds(left, right, textArgument(args, 'operator'), way)
}

export const VERSION_SIGNATURE = "version, operator='eq', strict=None, version_type=None"

/** Versions. */
export const VERSION_TESTS: Tests = {
  version: native(VERSION_SIGNATURE, version),
  version_compare: native(VERSION_SIGNATURE, version),
}
