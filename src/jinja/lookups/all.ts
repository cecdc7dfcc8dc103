import type { Lookup } from '../options.ts'
import { DATA_LOOKUPS } from './data.ts'

/** Every lookup of ours by its name. A new family is a new file and a line here. */
export const LOOKUPS: Readonly<Record<string, Lookup>> = { ...DATA_LOOKUPS }
