import { answer } from '../../../src/cli/eval-batch.ts'
import { cases } from './compare.ts'
import { damaged } from './damage.ts'
import { Dice } from './dice.ts'
import { CONTEXT } from './expressions.ts'
import { TEMPLATES } from './templates.ts'

export interface Crash {
  readonly source: string
  readonly what: string
}

/** Milliseconds of this process's own time: more is no template that somebody waits for. */
const TOO_LONG = 20_000
const spent = (): number => process.cpuUsage().user / 1000

/**
 * Evaluates damaged templates; whatever is not an answer or one of our errors is a crash. Messages of our errors must not be
 * JavaScript's own.
 */
export function crashes(seed: number, count: number): { values: number; errors: number; crashes: readonly Crash[] } {
  const dice = new Dice(seed)
  const [head, tail] = [`"context": ${CONTEXT}`, `"templates": ${JSON.stringify(TEMPLATES)}`]
  let [values, errors] = [0, 0]
  const found: Crash[] = []
  for (const { kind, source } of cases(seed, count)) {
    const wrong = damaged(source, dice)
    const begun = spent()
    try {
      const given = answer(`{"kind": "${kind}", "source": ${JSON.stringify(wrong)}, ${head}, ${tail}}`)
      if ('v' in given) values += 1
      else {
        errors += 1
        if (/undefined is not|is not a function|Cannot read|\bat \S+\.ts:|Maximum call|Invalid array/.test(given.err))
          found.push({ source: wrong, what: given.err })
      }
    } catch (error) {
      found.push({ source: wrong, what: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    const took = spent() - begun
    if (took > TOO_LONG) found.push({ source: wrong, what: `took ${Math.round(took)} ms` })
  }
  return { values, errors, crashes: found }
}
