import type { Span } from '../base/span.ts'

/** A text together with where it stands. */
export interface Origin {
  readonly source: string
  readonly span: Span | undefined
}

/** The place `offset` into a text. The first line continues the span's line; later lines count from column 1. */
export function placeIn(origin: Origin, offset: number): Span | undefined {
  const { source, span } = origin
  if (!span) return undefined
  const before = source.slice(0, offset)
  const breaks = before.split('\n').length - 1
  if (breaks === 0)
    return { ...span, col: span.col + offset, ...(span.offset === undefined ? {} : { offset: span.offset + offset }) }
  return { file: span.file, line: span.line + breaks, col: offset - before.lastIndexOf('\n') }
}

const LONGEST = 120

/** The tag or expression around an offset, shortened, for a message. */
export function excerpt(source: string, offset: number): string {
  const opening = Math.max(source.lastIndexOf('{{', offset), source.lastIndexOf('{%', offset))
  const endings = [source.indexOf('}}', offset), source.indexOf('%}', offset)].filter(index => index >= 0)
  const inside =
    opening >= 0 ? source.slice(opening + 2, endings.length > 0 ? Math.min(...endings) : undefined) : source
  const text = inside.replace(/^[-+]|[-+]$/g, '').trim()
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}
