import type { Diagnostic } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import { TemplateError } from './errors.ts'
import { FILTERS } from './filters/all.ts'
import { LOOKUPS } from './lookups/all.ts'
import { type Mention, mentions } from './names.ts'
import { parsedExpression, parsedTemplate, withEmbedded } from './parse.ts'
import { type Origin, placeIn } from './place.ts'
import { shortName } from './rendering.ts'
import { TESTS } from './tests/all.ts'

const TABLES: Readonly<Record<Mention['kind'], Readonly<Record<string, unknown>>>> = {
  filter: FILTERS,
  test: TESTS,
  lookup: LOOKUPS,
}

function unknownName(mention: Mention, origin: Origin): Diagnostic {
  const guess = nearest(shortName(mention.name), Object.keys(TABLES[mention.kind]))
  const span = placeIn(origin, mention.at)
  return {
    code: `unknown-${mention.kind}`,
    severity: 'error',
    message: `there is no ${mention.kind} named '${mention.name}'`,
    ...(span ? { span } : {}),
    ...(guess === undefined ? {} : { remedy: `did you mean '${guess}'?` }),
  }
}

/** What is wrong with a text as far as can be seen without values. */
export function check(origin: Origin, kind: 'expression' | 'template'): Diagnostic[] {
  try {
    const parts = kind === 'expression' ? [parsedExpression(origin)] : parsedTemplate(origin, {}, true).body
    return mentions(withEmbedded(parts))
      .filter(mention => !Object.hasOwn(TABLES[mention.kind], shortName(mention.name)))
      .map(mention => unknownName(mention, origin))
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { code, fault, span } = error
    return [{ code, severity: 'error', message: fault, ...(span ? { span } : {}) }]
  }
}
