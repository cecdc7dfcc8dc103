import type { Source } from './imports.ts'

/** A code that the source gives to a fault, with the first message it stands for (`…` for what is filled in). */
export interface ErrorCode {
  readonly code: string
  readonly message: string
  readonly room: string
}

/** Calls that take a code, perhaps after the file or the host. */
const CALL =
  /\b(?:fault|failure|warning|warn|error|refuse|add|TemplateError|SyntaxFault|ArchiveError|RegistryError)\(\s*(?:[\w.]+,\s*)?'([a-z][a-z0-9]*(?:-[a-z0-9]+)+)'(?:,\s*(?:[\w.]+,\s*)?('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`))?/g
const FIELD =
  /\bcode:\s*'([a-z][a-z0-9]*(?:-[a-z0-9]+)+)'(?:[^{}]{0,200}?\bmessage:\s*('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`))?/g
/** A union of codes: `| 'undefined-variable'`. */
const UNION = /^\s+\| '([a-z]+(?:-[a-z]+)+)'$/gm

/** A literal as people will read it. */
function spoken(literal: string | undefined): string {
  if (literal === undefined) return ''
  const inner = literal.slice(1, -1).replace(/\\(['"`\\])/g, '$1')
  // Nested templates are rare, and one level of braces is enough for the rest.
  return inner
    .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…')
    .replaceAll('\\n', ' ')
    .replaceAll('|', '\\|')
}

/** All codes of the source, by name. */
export function errorCodes(sources: readonly Source[]): ErrorCode[] {
  const found = new Map<string, ErrorCode>()
  for (const { code: text, room, path } of sources) {
    const unions = path.endsWith('/errors.ts') ? [...text.matchAll(UNION)] : []
    for (const match of [...text.matchAll(CALL), ...text.matchAll(FIELD), ...unions]) {
      const code = match[1] ?? ''
      const known = found.get(code)
      if (!known || (known.message === '' && match[2] !== undefined))
        found.set(code, { code, message: spoken(match[2]), room })
    }
  }
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

export const BEGIN = '<!-- codes: written by scripts/docs-errors.ts -->'
export const END = '<!-- end of codes -->'

/** The catalogue as it stands in docs/errors.md, marks included. */
export function catalogue(codes: readonly ErrorCode[]): string {
  const rows = codes.map(({ code, message, room }) => `| \`${code}\` | ${message} | ${room} |`)
  return [BEGIN, '| Code | Says | Found by |', '|---|---|---|', ...rows, END].join('\n')
}

/** A page with its catalogue replaced. */
export const withCatalogue = (page: string, codes: readonly ErrorCode[]): string => {
  const [before, rest] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (before < 0 || rest < before) throw new Error('docs/errors.md has lost the marks of its catalogue')
  return page.slice(0, before) + catalogue(codes) + page.slice(rest + END.length)
}
