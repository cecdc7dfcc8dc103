import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Value } from '../base/value.ts'
import { compute, renderText } from '../jinja/engine.ts'
import { TemplateError } from '../jinja/errors.ts'
import { readJson } from '../jinja/formats/json-read.ts'
import { encodeTyped, type TypedJson } from '../jinja/formats/typed-json.ts'
import type { RenderOptions, Scope } from '../jinja/options.ts'
import { toText } from '../jinja/python/text.ts'

/** An answer to one line. */
export type Answer = { readonly v: TypedJson } | { readonly err: string }

const dictOf = (value: Value | undefined, what: string): ReadonlyMap<Value, Value> => {
  if (value === undefined || value === null) return new Map()
  if (value instanceof Map) return value
  throw new TemplateError('template-runtime', `"${what}" is not an object`)
}

const scopeOf = (values: ReadonlyMap<Value, Value>): Scope => ({
  get: name => values.get(name),
  names: () => Array.from(values.keys(), toText),
})

/** None prints as `None`, as in Python; where Ansible prints nothing. */
const optionsOf = (templates: ReadonlyMap<Value, Value>): RenderOptions => ({
  noneText: 'None',
  keepTrailingNewline: true,
  loader: name => {
    const text = templates.get(name)
    return text === undefined ? null : { text: toText(text), file: name }
  },
})

/** Answers `{"kind": "E" or "T", "source", "context", "templates"}`: an expression's value, or a template's text. */
export function answer(line: string): Answer {
  try {
    const request = dictOf(readJson(line), 'the line')
    const [kind, source] = [request.get('kind'), request.get('source')]
    if (typeof source !== 'string') return { err: '"source" is not a text' }
    const scope = scopeOf(dictOf(request.get('context'), 'context'))
    const options = optionsOf(dictOf(request.get('templates'), 'templates'))
    if (kind === 'E') return { v: encodeTyped(compute(source, scope, options)) }
    return kind === 'T' ? { v: renderText(source, scope, options) } : { err: '"kind" is neither "E" nor "T"' }
  } catch (error) {
    if (error instanceof TemplateError) return { err: error.message }
    throw error
  }
}

/** Reads requests, a line each, and writes an answer to each, in order. */
export async function answerAll(input: Readable, write: (text: string) => void): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
    if (line.trim() !== '') write(`${JSON.stringify(answer(line))}\n`)
}
