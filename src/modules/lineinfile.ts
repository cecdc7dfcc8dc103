import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import { withLine, withoutLines } from './shared/lines.ts'
import { REWRITING, rewrite, textAt } from './shared/rewrite.ts'

/** A line is in a text, once and in its place; or it is not. */
export default defineModule({
  name: 'lineinfile',
  summary: 'A line is in a file, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    exclusive: [
      ['insertbefore', 'insertafter'],
      ['regexp', 'search_string'],
      ['backrefs', 'search_string'],
    ],
    properties: {
      path: { type: 'string', path: true, minLength: 1, aliases: ['dest', 'destfile', 'name'] },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      regexp: { type: 'string', aliases: ['regex'], description: "A regular expression in Python's syntax" },
      search_string: { type: 'string' },
      line: { type: 'string', aliases: ['value'] },
      backrefs: { type: 'boolean', default: false, description: 'Fill groups of regexp into line' },
      insertafter: { type: 'string', description: 'A regular expression, or EOF' },
      insertbefore: { type: 'string', description: 'A regular expression, or BOF' },
      firstmatch: { type: 'boolean', default: false },
      create: { type: 'boolean', default: false },
      ...REWRITING,
      ...OWNERSHIP,
    },
  },
  probe: (args, host) => textAt(args, host),
  plan(args, seen) {
    const { state, line, regexp, search_string: search, backrefs } = args
    if (state === 'present' && line === undefined) return refuse('line is required with state=present')
    if (state === 'present' && backrefs && regexp === undefined) return refuse('regexp is required with backrefs=true')
    if (state === 'absent' && line === undefined && regexp === undefined && search === undefined)
      return refuse('one of line, search_string, or regexp is required with state=absent')
    if (state === 'absent')
      return seen.self === undefined
        ? GONE
        : rewrite({ ...args, create: false }, seen, text => withoutLines(text, args), NO_BACKUP)
    const insertafter = args.insertafter ?? (args.insertbefore === undefined ? 'EOF' : undefined)
    return rewrite(args, seen, text => withLine(text, { ...args, insertafter }), NO_BACKUP)
  },
})

/** Where a backup is made its path stands here, and in `backup_file` as with all modules. */
const NO_BACKUP = { backup: '' }

const GONE = { kind: 'ok', result: { msg: 'file not present' } } as const
