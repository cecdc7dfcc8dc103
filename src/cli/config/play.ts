import { type Entry, type Node, scalar } from '../../source/node.ts'
import { DEFAULTS } from './read.ts'
import type { Config } from './table.ts'

/** Keywords that say of a play what a setting says of all plays. `smart` is no keyword: the engine knows what was gathered. */
const KEYWORDS: readonly (readonly [keyword: string, of: (config: Config) => unknown])[] = [
  ['gather_facts', ({ gathering }) => (gathering === 'explicit' ? false : undefined)],
  ['gather_subset', ({ gatherSubset }) => (gatherSubset.length > 0 ? gatherSubset : undefined)],
  ['fact_path', ({ factPath }) => factPath],
  ['gather_timeout', ({ gatherTimeout }) => gatherTimeout],
  ['strategy', ({ strategy }) => (strategy === DEFAULTS.strategy ? undefined : strategy)],
  ['any_errors_fatal', ({ anyErrorsFatal }) => anyErrorsFatal || undefined],
  ['no_log', ({ noLog }) => noLog || undefined],
  ['timeout', ({ taskTimeout }) => (taskTimeout > 0 ? taskTimeout : undefined)],
]

const SPAN = { file: 'settings', line: 1, col: 1 }

const nodeOf = (value: unknown): Node =>
  Array.isArray(value)
    ? { kind: 'sequence', items: value.map(nodeOf), span: SPAN }
    : scalar(value as string | number | boolean, SPAN)

/** What settings say of plays that say nothing, as the keywords of a play. */
export const playDefaults = (config: Config): readonly Entry[] =>
  KEYWORDS.flatMap(([keyword, of]) => {
    const value = of(config)
    return value === undefined ? [] : [{ key: scalar(keyword, SPAN), value: nodeOf(value) }]
  })
