/** Reads comma-separated values as Python's csv does: fields in double quotes may hold anything, a quote twice. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let [row, field, quoted]: [string[], string, boolean] = [[], '', false]
  const endField = (): void => {
    row.push(field)
    field = ''
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
      } else quoted = false
    } else if (letter === '"' && field === '') quoted = true
    else if (letter === delimiter) endField()
    else if (letter === '\n') endRow()
    else if (letter !== '\r' || text[index + 1] !== '\n') field += letter
  }
  if (field !== '' || row.length > 0) endRow()
  return rows
}
