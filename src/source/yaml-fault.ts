import { YAMLException } from 'js-yaml'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Lines } from './lines.ts'

export const QUOTE_TEMPLATE =
  'quote the template: "{{ name }}" (YAML reads a value that begins with {{ as the start of a mapping)'

/** What the parser of js-yaml threw, as a diagnostic that says what to do. Anything else is a bug and thrown on. */
export function syntaxFault(error: unknown, text: string, lines: Lines): Diagnostic {
  if (!(error instanceof YAMLException)) throw error
  const position = Math.min(error.mark?.position ?? 0, text.length)
  const span = lines.span(position)
  const start = position - (span.col - 1)
  const line = text.slice(start).split(/[\r\n]/, 1)[0] ?? ''
  const found = describe(error.reason, line, text.slice(position))
  return { code: found.code ?? 'yaml-syntax', severity: 'error', message: found.message, span, remedy: found.remedy }
}

interface Found {
  readonly code?: string
  readonly message: string
  readonly remedy: string
}

/** The likeliest cause of a syntax error, by the line it stands in. */
function describe(reason: string, line: string, rest: string): Found {
  if (/depth|nest/i.test(reason))
    return { code: 'yaml-depth', message: 'collections are nested deeper than 100', remedy: 'flatten the data' }
  if (/null byte/.test(reason))
    return { code: 'yaml-text', message: 'the text holds a NUL byte', remedy: 'is this a YAML file? remove the byte' }
  if (/non-printable|valid JSON character/.test(reason))
    return {
      code: 'yaml-text',
      message: 'the text holds a control character',
      remedy: 'write it as an escape: "\\x07"',
    }
  if (/^[ ]*\t/.test(line) || /\btab\b/.test(reason))
    return { code: 'yaml-tab', message: 'a tab is used as indentation', remedy: 'indent with spaces' }
  if (/(?:^|[:\-[,])\s*\{[{%]/.test(line))
    return {
      code: 'yaml-template',
      message: 'a value begins with a template and is not quoted',
      remedy: QUOTE_TEMPLATE,
    }
  if (/:\s+(["']).*\1\s*[^\s#,}\]]/.test(line))
    return {
      message: 'text follows a closing quote',
      remedy: `a value that begins with a quote ends with it: quote the whole value, as in '"a" == b'`,
    }
  if (/missed comma/.test(reason)) return withoutComma(rest)
  if (/^[}\]]/.test(rest) && /indentation/.test(reason))
    return { message: `this '${rest.charAt(0)}' closes nothing`, remedy: 'remove it, or quote the value that holds it' }
  if (/^(?:[^'"#]*?):\s+[^'"#]*:(?:\s|$)/.test(line))
    return { message: `a value holds ': ', which begins a mapping`, remedy: 'quote the whole value' }
  if (/^[@`%]/.test(rest) && /indentation/.test(reason))
    return { message: `a value begins with '${rest.charAt(0)}', which YAML reserves`, remedy: 'quote the value' }
  if (/^:/.test(rest) && /indentation/.test(reason))
    return {
      message: 'a key stands where the text of the line above goes on',
      remedy: "align it with the keys above, and leave a blank after each colon: 'key: value'",
    }
  const [, said] = SAID.find(([pattern]) => pattern.test(reason)) ?? []
  return said ?? { message: reason, remedy: 'correct the YAML here' }
}

/** Within `{ }` and `[ ]` the brackets and commas of a value are YAML's. */
function withoutComma(rest: string): Found {
  const mark = rest.charAt(0)
  if (/^[[{]/.test(rest))
    return {
      message: `a value within { } or [ ] holds '${mark}', which begins a ${mark === '[' ? 'list' : 'mapping'}`,
      remedy: 'quote the whole value, or put a comma before a new one',
    }
  if (/^:/.test(rest))
    return {
      message: `a value within { } or [ ] holds ': '`,
      remedy: 'quote the whole value, or put a comma before a new key',
    }
  return { message: 'two values within { } or [ ] have no comma between them', remedy: 'put a comma before this place' }
}

/** What the parser says in its own words. */
const SAID: readonly (readonly [reason: RegExp, found: Found])[] = [
  [
    /unexpected end of the stream|deficient/,
    {
      message: 'a quote or bracket that was opened above is not closed before this line',
      remedy: 'close it; what is in brackets is indented deeper than its key',
    },
  ],
  [
    /indentation/,
    {
      message: 'the line fits no indentation above',
      remedy: 'align it with the line that it belongs to, or quote the value',
    },
  ],
  [
    /multiline key/,
    {
      message: "this line, or the one above, is no 'key: value'",
      remedy: 'put the colon after the key; the lines of a text after | or > are all indented deeper than its key',
    },
  ],
  [
    /separator is expected/,
    {
      message: 'a list or mapping ends here',
      remedy: 'check the indentation of this line: it ends the list or mapping above',
    },
  ],
  [
    /escape sequence/,
    {
      message: 'a backslash in double quotes begins an escape, and this is none',
      remedy: 'write two backslashes, or use single quotes, in which a backslash is itself',
    },
  ],
  [
    /hexadecimal/,
    {
      message: '\\x, \\u and \\U in double quotes want two, four and eight hexadecimal digits',
      remedy: 'write two backslashes, or use single quotes, in which a backslash is itself',
    },
  ],
  [
    /name of an (?:anchor|alias)/,
    { message: "'&' begins an anchor and '*' means one, and this has no name", remedy: 'quote the value' },
  ],
]
