import { COLOUR } from './colours.ts'
import { CONNECTION, PLACES } from './reach.ts'
import { REFUSED } from './refused.ts'
import { RUN, VAULT } from './running.ts'
import { SCREEN } from './screen.ts'

/** Settings that mean something, as docs/settings.md groups them. */
export const GROUPS = {
  Places: PLACES,
  Connections: CONNECTION,
  Runs: RUN,
  Vaults: VAULT,
  'The screen': SCREEN,
  Colours: COLOUR,
}

/** Every setting that is read. */
export const TABLE = { ...PLACES, ...CONNECTION, ...RUN, ...VAULT, ...SCREEN, ...COLOUR, ...REFUSED }

/** The settings of a run, by the names of the table. */
export type Config = { readonly [K in keyof typeof TABLE]: (typeof TABLE)[K]['default'] }
