import type { Lookup } from '../options.ts'
import { CHANCE_LOOKUPS } from './chance.ts'
import { DATA_LOOKUPS } from './data.ts'
import { ENVIRONMENT_LOOKUPS } from './environment.ts'
import { FILE_LOOKUPS } from './files.ts'
import { HOST_LOOKUPS } from './hosts.ts'
import { MERGE_LOOKUPS } from './merge.ts'
import { NETWORK_LOOKUPS } from './network.ts'
import { PASSWORD_LOOKUPS } from './password.ts'
import { SEQUENCE_LOOKUPS } from './sequence.ts'
import { TABLE_LOOKUPS } from './tables.ts'
import { TREE_LOOKUPS } from './tree.ts'

/** Every lookup of ours by its name. A new family is a new file and a line here. */
export const LOOKUPS: Readonly<Record<string, Lookup>> = {
  ...DATA_LOOKUPS,
  ...SEQUENCE_LOOKUPS,
  ...ENVIRONMENT_LOOKUPS,
  ...FILE_LOOKUPS,
  ...PASSWORD_LOOKUPS,
  ...TABLE_LOOKUPS,
  ...TREE_LOOKUPS,
  ...CHANCE_LOOKUPS,
  ...MERGE_LOOKUPS,
  ...HOST_LOOKUPS,
  ...NETWORK_LOOKUPS,
}
