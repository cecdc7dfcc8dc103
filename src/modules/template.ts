import { posix } from 'node:path'
import { defineModule } from '../kit/module.ts'
import { at, real } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { landing } from '../questions/landing.ts'
import { ids } from '../questions/system.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import { ofText, PLACING, pathOf, place } from './shared/place.ts'

const mark = <T extends string>(usual: T) => ({ type: 'string', minLength: 1, default: usual }) as const

/** What a template of the controller renders to is in a file of the target. */
export default defineModule({
  name: 'template',
  summary: 'A file holds what a Jinja2 template of the controller renders to',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['src', 'dest'],
    properties: {
      src: { type: 'string', minLength: 1, controller: 'templates' },
      dest: { type: 'string', path: true, minLength: 1 },
      content: { type: 'string', renders: 'src' },
      newline_sequence: { type: 'string', enum: ['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n'], default: '\n' },
      block_start_string: mark('{%'),
      block_end_string: mark('%}'),
      variable_start_string: mark('{{'),
      variable_end_string: mark('}}'),
      comment_start_string: mark('{#'),
      comment_end_string: mark('#}'),
      trim_blocks: { type: 'boolean', default: true },
      lstrip_blocks: { type: 'boolean', default: false },
      output_encoding: { type: 'string', enum: ['utf-8', 'UTF-8', 'utf8'], default: 'utf-8' },
      ...PLACING,
      ...OWNERSHIP,
    },
  },
  probe({ src, dest, content = '', owner, group, follow, newline_sequence: ends }, host) {
    return {
      there: landing(at(dest, host), posix.basename(src), ofText(withEnds(content, ends)).sha256),
      real: follow ? real(at(dest, host)) : known(at(dest, host)),
      ids: ids(owner, group),
    }
  },
  plan(args, { there, real: dest, ids: numbers }) {
    const { mode, owner, group, backup, force, validate } = args
    const name = posix.basename(args.src)
    const file = {
      ...ofText(withEnds(args.content ?? '', args.newline_sequence)),
      wanted: { mode, owner, group },
      backup,
      force,
      validate,
      src: args.src,
    }
    const into = args.dest.endsWith('/') && !there.directory ? dest : undefined
    return place({ ...file, path: pathOf(args.dest, dest, name, there), into }, there, numbers)
  },
})

/** Lines with the ends that are asked for, which may be written as escapes. */
function withEnds(text: string, written: string): string {
  const end = written.replaceAll('\\r', '\r').replaceAll('\\n', '\n')
  return end === '\n' ? text : text.replaceAll(/\r\n|\n/g, end)
}
