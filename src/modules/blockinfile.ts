import { compilePattern } from '../jinja/regex/pattern.ts'
import { defineModule } from '../kit/module.ts'
import { ok } from '../kit/plan.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import { linesOf } from './shared/lines.ts'
import { REWRITING, rewrite, textAt } from './shared/rewrite.ts'

/** Lines between two markers are in a text, or are not. */
export default defineModule({
  name: 'blockinfile',
  summary: 'A block of lines between two marker lines is in a file, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    exclusive: [['insertbefore', 'insertafter']],
    properties: {
      path: { type: 'string', path: true, minLength: 1, aliases: ['dest', 'destfile', 'name'] },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      block: { type: 'string', default: '', aliases: ['content'] },
      marker: { type: 'string', default: '# {mark} ANSIBLE MANAGED BLOCK' },
      marker_begin: { type: 'string', default: 'BEGIN' },
      marker_end: { type: 'string', default: 'END' },
      insertafter: { type: 'string', description: 'A regular expression, or EOF' },
      insertbefore: { type: 'string', description: 'A regular expression, or BOF' },
      append_newline: { type: 'boolean', default: false },
      prepend_newline: { type: 'boolean', default: false },
      multiline_search: {
        type: 'boolean',
        default: false,
        description: 'insertafter and insertbefore are looked for in the whole text, and may reach over lines',
      },
      create: { type: 'boolean', default: false },
      ...REWRITING,
      ...OWNERSHIP,
    },
  },
  probe: (args, host) => textAt(args, host),
  plan(args, seen) {
    if (args.state === 'absent' && args.create && seen.self === undefined)
      return ok({ msg: `File ${args.path} not present` })
    return rewrite(args, seen, text => {
      const after = withBlock(text, args)
      return { text: after, msg: after === text ? '' : messageOf(args, seen.text) }
    })
  },
})

interface BlockWish {
  readonly state: 'absent' | 'present'
  readonly block: string
  readonly marker: string
  readonly marker_begin: string
  readonly marker_end: string
  readonly insertafter?: string
  readonly insertbefore?: string
  readonly append_newline: boolean
  readonly prepend_newline: boolean
  readonly multiline_search?: boolean
}

const messageOf = ({ state, block }: BlockWish, before: string | undefined): string =>
  before === undefined ? 'File created' : state === 'absent' || block === '' ? 'Block removed' : 'Block inserted'

/** The text with the block in its place, the old one taken out. The rules are Ansible's. */
export function withBlock(text: string, wish: BlockWish): string {
  const lines = linesOf(text)
  const begin = `${wish.marker.replaceAll('{mark}', () => wish.marker_begin)}\n`
  const end = `${wish.marker.replaceAll('{mark}', () => wish.marker_end)}\n`
  const block =
    wish.state === 'absent' || wish.block === ''
      ? []
      : [begin, ...linesOf(wish.block.endsWith('\n') ? wish.block : `${wish.block}\n`), end]
  const [first, last] = [lines.lastIndexOf(begin), lines.lastIndexOf(end)]
  let at: number
  if (first < 0 || last < 0) at = placeOf(lines, text, wish)
  else {
    at = Math.min(first, last)
    lines.splice(at, Math.abs(last - first) + 1)
  }
  const previous = lines[at - 1]
  if (at > 0 && previous !== undefined && !previous.endsWith('\n')) lines[at - 1] = `${previous}\n`
  if (block.length > 0 && wish.prepend_newline && at > 0 && lines[at - 1] !== '\n') block.unshift('\n')
  if (block.length > 0 && wish.append_newline && at < lines.length && lines[at] !== '\n') block.push('\n')
  return lines.toSpliced(at, 0, ...block).join('')
}

/** Where a block goes that was not there: before or after the last line that matches, or the first match of the whole text. */
function placeOf(lines: readonly string[], text: string, wish: BlockWish): number {
  const { insertafter, insertbefore } = wish
  const source =
    insertafter !== undefined && insertafter !== 'EOF'
      ? insertafter
      : insertbefore !== undefined && insertbefore !== 'BOF'
        ? insertbefore
        : undefined
  if (source === undefined) return insertbefore === 'BOF' ? 0 : lines.length
  if (wish.multiline_search) {
    const match = compilePattern(source, { multiline: true }).find(text)
    if (match === null) return lines.length
    const line = linesOf(text.slice(0, insertafter === undefined ? match.start : match.end)).filter(part =>
      part.endsWith('\n'),
    ).length
    return insertafter === undefined ? line : line + 1
  }
  const pattern = compilePattern(source)
  const found = lines.findLastIndex(line => pattern.find(line) !== null)
  return found < 0 ? lines.length : insertafter === undefined ? found : found + 1
}
