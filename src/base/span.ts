/** A place in a text that a person wrote. Lines and columns count from 1; `offset` is a UTF-16 index into the text. */
export interface Span {
  readonly file: string
  readonly line: number
  readonly col: number
  readonly offset?: number
}

/** `file:line:col`, as editors and terminals understand it. */
export const at = (span: Span): string => `${span.file}:${span.line}:${span.col}`
