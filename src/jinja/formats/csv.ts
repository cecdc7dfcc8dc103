import { failure } from '../errors.ts'

export interface CsvStyle {
  /** Blanks after a delimiter do not count. */
  readonly skipInitialSpace?: boolean
  /** What is no CSV is an error; otherwise it is read as well as it can be. */
  readonly strict?: boolean
}

/**
 * Reads comma-separated values as Python's csv does: fields in double quotes may hold anything, a quote twice.
 * @throws TemplateError in strict mode, for text after a closing quote and for a quote that is never closed
 */
export function parseCsv(text: string, delimiter: string, style: CsvStyle = {}): string[][] {
  const rows: string[][] = []
  let [row, field, quoted]: [string[], string, boolean] = [[], '', false]
  let closed = false
  const endField = (): void => {
    row.push(field)
    field = ''
    closed = false
  }
  const endRow = (): void => {
    endField()
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? ''
    if (quoted) {
      if (letter !== '"') field += letter
      else if (text[index + 1] === '"') {
        field += '"'
        index += 1
      } else [quoted, closed] = [false, true]
    } else if (letter === '"' && field === '' && !closed) quoted = true
    else if (letter === delimiter) {
      endField()
      while (style.skipInitialSpace && text[index + 1] === ' ') index += 1
    } else if (letter === '\n') endRow()
    else if (letter !== '\r' || text[index + 1] !== '\n') {
      if (closed && style.strict) throw failure(`Unable to process file: '${delimiter}' expected after '"'`)
      field += letter
    }
  }
  if (quoted && style.strict) throw failure('Unable to process file: unexpected end of data')
  if (field !== '' || row.length > 0) endRow()
  return rows
}
