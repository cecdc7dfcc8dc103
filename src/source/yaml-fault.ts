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
  if (/non-printable/.test(reason))
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
  if (/^(?:[^'"#]*?):\s+[^'"#]*:(?:\s|$)/.test(line))
    return { message: `a value holds ': ', which begins a mapping`, remedy: 'quote the whole value' }
  if (/^[@`%]/.test(rest) && /indentation/.test(reason))
    return { message: `a value begins with '${rest.charAt(0)}', which YAML reserves`, remedy: 'quote the value' }
  return { message: reason, remedy: remedyFor(reason) }
}

function remedyFor(reason: string): string {
  if (/unexpected end of the stream|deficient/.test(reason))
    return 'close the quote or bracket that was opened before this place'
  if (/indentation/.test(reason)) return 'align it with the line above, or quote the value'
  if (/separator is expected/.test(reason))
    return 'check the indentation of this line: it ends the list or mapping above'
  return 'correct the YAML here'
}
