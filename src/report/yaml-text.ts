/** Texts that stand as they are: no sign of YAML's at their ends or in them, and no word that YAML reads as something else. */
const PLAIN = /^[A-Za-z_/.<][\w /.@+>-]*(?<! )$|^[\w/.@+-]*[A-Za-z_/][\w/.@+-]*$/
const WORDS = /^(?:yes|no|on|off|true|false|null|none|~|\.inf|\.nan|[-+]?[\d_.]+(?:e[-+]?\d+)?|0[xo][\da-f]+)$/i

/** What cannot stand between single quotes: signs that YAML does not show, and line ends at odd places. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u2028\u2029\ufeff]/

function scalar(value: unknown): string {
  if (typeof value !== 'string') return value === null || value === undefined ? 'null' : String(value)
  if (PLAIN.test(value) && !WORDS.test(value) && !/^[-.]/.test(value)) return value
  return HIDDEN.test(value) || value.includes('\n') ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`
}

/** Several lines, as lines; blanks at their ends are not shown. */
function block(text: string, indent: string): string | undefined {
  if (!text.includes('\n') || HIDDEN.test(text.replaceAll('\n', ''))) return undefined
  const lines = text.split('\n').map(line => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  if (lines.length < 2 || /^\s/.test(lines[0] ?? '') || lines[0] === '') return undefined
  return `|-\n${lines.map(line => (line === '' ? '' : indent + line)).join('\n')}`
}

const STEP = '    '

/** What stands behind a key, from its first blank on. */
function behind(value: unknown, indent: string): string {
  if (Array.isArray(value)) return value.length === 0 ? ' []' : `\n${items(value, indent)}`
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length === 0 ? ' {}' : `\n${entries(value, indent + STEP)}`
  return ` ${(typeof value === 'string' ? block(value, indent + STEP) : undefined) ?? scalar(value)}`
}

const items = (list: readonly unknown[], indent: string): string =>
  list
    .map(item => {
      const nested = typeof item === 'object' && item !== null && Object.keys(item).length > 0
      if (!nested) return `${indent}-${behind(item, indent)}`
      const inner = Array.isArray(item) ? items(item, indent + STEP) : entries(item, indent + STEP)
      return `${indent}-${inner.slice(indent.length + 1)}`
    })
    .join('\n')

const entries = (record: object, indent: string): string =>
  Object.entries(record)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${indent}${scalar(key)}:${behind(value, indent)}`)
    .join('\n')

/** A result as YAML below its line, indented, its keys sorted: texts of several lines are shown as such. */
export const yamlBelow = (result: Readonly<Record<string, unknown>>): string =>
  Object.keys(result).length === 0 ? '{}' : `\n${entries(result, STEP)}`
