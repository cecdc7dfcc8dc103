import { jsonLine } from '../../base/value.ts'

/** Plain JSON data as Python's `json.dumps` writes it, in ASCII: what Ansible puts into a file for a mapping or a list. */
export function pythonJson(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(pythonJson).join(', ')}]`
  if (typeof data === 'object' && data !== null)
    return `{${Object.entries(data)
      .map(([key, value]) => `${text(key)}: ${pythonJson(value)}`)
      .join(', ')}}`
  return typeof data === 'string' ? text(data) : jsonLine(data)
}

const text = (value: string): string =>
  JSON.stringify(value).replaceAll(/[\x7f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
