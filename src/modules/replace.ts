import { compilePattern } from '../jinja/regex/pattern.ts'
import { substitute } from '../jinja/regex/replace.ts'
import { defineModule } from '../kit/module.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import { REWRITING, rewrite, textAt } from './shared/rewrite.ts'

/** Every match of a pattern in a text is replaced. */
export default defineModule({
  name: 'replace',
  summary: 'Every match of a regular expression in a file is replaced',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'regexp'],
    properties: {
      path: { type: 'string', path: true, minLength: 1, aliases: ['dest', 'destfile', 'name'] },
      regexp: { type: 'string', description: "A regular expression in Python's syntax; ^ and $ stand at every line" },
      replace: { type: 'string', default: '' },
      after: { type: 'string', description: 'Only what follows this expression' },
      before: { type: 'string', description: 'Only what precedes this expression' },
      encoding: { type: 'string', enum: ['utf-8', 'utf8', 'UTF-8'], default: 'utf-8' },
      ...REWRITING,
      ...OWNERSHIP,
    },
  },
  probe: (args, host) => textAt(args, host),
  plan: (args, seen) => rewrite(args, seen, text => replaced(text, args), { rc: 0 }),
})

interface ReplaceWish {
  readonly regexp: string
  readonly replace: string
  readonly after?: string
  readonly before?: string
}

export function replaced(text: string, { regexp, replace, after, before }: ReplaceWish): { text: string; msg: string } {
  const section = sectionOf(text, after, before)
  if (section === undefined)
    return {
      text,
      msg: `Pattern for before/after params did not match the given file: ${after ?? ''}(?P<subsection>.*${after && before ? '?' : ''})${before ?? ''}`,
    }
  const [start, end] = section
  const { text: inner, times } = substitute(
    compilePattern(regexp, { multiline: true }),
    replace,
    text.slice(start, end),
    0,
  )
  return times === 0 || inner === text.slice(start, end)
    ? { text, msg: '' }
    : { text: text.slice(0, start) + inner + text.slice(end), msg: `${times} replacements made` }
}

/** Where the part between `after` and `before` begins and ends. */
function sectionOf(
  text: string,
  after: string | undefined,
  before: string | undefined,
): readonly [number, number] | undefined {
  if (after === undefined && before === undefined) return [0, text.length]
  const head = after === undefined ? '' : `(?P<regplay_head>${after})`
  const source = `(?s)${head}(?P<subsection>.*${after !== undefined && before !== undefined ? '?' : ''})${before ?? ''}`
  const { find, pattern } = compilePattern(source)
  const match = find(text)
  if (match === null) return undefined
  const group = (name: string): string => match.groups[pattern.names.get(name) ?? -1] ?? ''
  const from = match.start + group('regplay_head').length
  return [from, from + group('subsection').length]
}
