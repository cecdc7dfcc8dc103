import { pythonJson } from './json.ts'

/** What goes out with a request, and the type that its header names unless the task does. */
export interface Body {
  readonly type?: string
  readonly text?: string
  readonly wrong?: string
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value as Python's `str` has it. */
const pythonText = (value: unknown): string =>
  typeof value === 'boolean'
    ? value
      ? 'True'
      : 'False'
    : typeof value === 'object'
      ? pythonJson(value)
      : String(value)

/** The body of a task in one of Ansible's formats; text stands as it is in all but the last. */
export function bodyOf(body: unknown, format: string): Body {
  if (format === 'form-multipart') return multipart(body)
  const none = body === undefined || body === null
  if (format === 'json')
    return { type: 'application/json', text: typeof body === 'string' ? body : pythonJson(body ?? null) }
  if (format === 'form-urlencoded') {
    return { type: FORM, ...(none ? {} : { text: typeof body === 'string' ? body : urlencoded(body) }) }
  }
  return none ? {} : { type: FORM, text: typeof body === 'string' ? body : pythonJson(body) }
}

/** What urllib says of every body whose type nobody names. */
export const FORM = 'application/x-www-form-urlencoded'

function urlencoded(body: unknown): string {
  const pairs = Array.isArray(body) ? (body as [string, unknown][]) : Object.entries(body as object)
  const each = pairs.flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one): [string, string][] =>
      one === null ? [] : [[String(name), pythonText(one)]],
    ),
  )
  return new URLSearchParams(each).toString()
}

/** By the end of a name, what a part is that says nothing of itself. */
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  csv: 'text/csv',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  js: 'application/javascript',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  tar: 'application/x-tar',
  txt: 'text/plain',
  xml: 'application/xml',
  zip: 'application/zip',
}

const typeOfName = (name: string): string =>
  TYPES[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'

/** A parameter of a header; with signs beyond ASCII as RFC 2231 has them. */
const parameter = (name: string, value: string): string =>
  /^[\x20-\x7e]*$/.test(value)
    ? `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`
    : `${name}*=utf-8''${encodeURIComponent(value)}`

/** A form of several parts, in the order of their names. Text of a part may hold no line with the boundary. */
function multipart(body: unknown): Body {
  if (!isMapping(body)) return { wrong: `body must be mapping, cannot be ${pythonJson(body ?? null)}` }
  const parts: string[] = []
  for (const [field, value] of Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (typeof value !== 'string' && !isMapping(value))
      return {
        wrong: `failed to parse body as form-multipart: value must be a string, or mapping, not ${pythonJson(value)}`,
      }
    const { filename, content, mime_type } = isMapping(value) ? value : { content: value, mime_type: 'text/plain' }
    const name = filename === undefined || filename === null ? '' : String(filename)
    if (!content && name === '')
      return { wrong: 'failed to parse body as form-multipart: at least one of filename or content must be provided' }
    if (!content) return { wrong: `the file ${name} is not read: give content, with lookup('file', ...) for instance` }
    const head = [
      `Content-Type: ${mime_type ? String(mime_type) : typeOfName(name)}`,
      `Content-Disposition: form-data; ${parameter('name', field)}${name === '' ? '' : `; ${parameter('filename', name.split('/').at(-1) ?? '')}`}`,
    ]
    parts.push(`${head.join('\r\n')}\r\n\r\n${pythonText(content).replaceAll(/\r?\n/g, '\r\n')}\r\n`)
  }
  const boundary = freeBoundary(parts.join(''))
  return {
    type: `multipart/form-data; boundary="${boundary}"`,
    text: `${parts.map(part => `--${boundary}\r\n${part}`).join('')}--${boundary}--\r\n`,
  }
}

/** A boundary that no part holds. */
function freeBoundary(text: string): string {
  let number = 0
  while (text.includes(`===============${number}==`)) number += 1
  return `===============${number}==`
}
