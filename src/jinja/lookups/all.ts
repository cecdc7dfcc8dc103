import type { Lookup } from '../options.ts'
import { DATA_LOOKUPS } from './data.ts'
import { ENVIRONMENT_LOOKUPS } from './environment.ts'
import { FILE_LOOKUPS } from './files.ts'
import { PASSWORD_LOOKUPS } from './password.ts'
import { SEQUENCE_LOOKUPS } from './sequence.ts'

/** Every lookup of ours by its name. A new family is a new file and a line here. */
export const LOOKUPS: Readonly<Record<string, Lookup>> = {
  ...DATA_LOOKUPS,
  ...SEQUENCE_LOOKUPS,
  ...ENVIRONMENT_LOOKUPS,
  ...FILE_LOOKUPS,
  ...PASSWORD_LOOKUPS,
}
