import { posix } from 'node:path'
import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { type Local, local } from '../questions/controller.ts'
import { at, real } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { landing } from '../questions/landing.ts'
import { worn } from '../questions/worn.ts'
import { OWNERSHIP, wantedOf } from './shared/attributes.ts'
import { encoded } from './shared/charset.ts'
import { MODE_PATTERN, modeText } from './shared/mode.ts'
import { asked, ofBytes, PLACING, pathOf, place, stays, untouched } from './shared/place.ts'

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
      output_encoding: { type: 'string', default: 'utf-8', description: 'The charset of the file' },
      ...PLACING,
      ...OWNERSHIP,
      mode: { type: 'string', pattern: `${MODE_PATTERN}|^preserve$` },
    },
  },
  probe(args, host) {
    const { src, dest, mode, follow } = args
    const bytes = bytesOf(args)
    return {
      source: mode === 'preserve' ? local(src, { decrypt: false }) : known<Local | undefined>(undefined),
      there: landing(
        at(dest, host),
        posix.basename(src),
        ofBytes(typeof bytes === 'string' ? Buffer.alloc(0) : bytes).sha256,
      ),
      real: follow ? real(at(dest, host)) : known(at(dest, host)),
      ids: worn({ path: at(dest, host), name: posix.basename(src), follow }, args),
    }
  },
  plan(args, { source, there, real: led, ids: numbers }, host) {
    const { backup, force, validate } = args
    const dest = there.through ? at(args.dest, host) : led
    const bytes = bytesOf(args)
    if (typeof bytes === 'string') return refuse(bytes, 'name one that has all signs of the text in output_encoding')
    const mode = source?.kind === 'file' ? modeText(source.mode) : args.mode
    const name = posix.basename(args.src)
    const file = {
      ...ofBytes(bytes),
      wanted: wantedOf({ ...args, mode }, numbers),
      backup,
      force,
      follow: args.follow && there.entry !== undefined,
      validate,
      src: args.src,
      dest: asked(args.dest, host),
    }
    if (stays(args, there)) return untouched({ ...file, path: dest })
    const into = args.dest.endsWith('/') && !there.directory ? dest : undefined
    return place({ ...file, path: pathOf(args.dest, dest, name, there), into }, there, numbers)
  },
})

/** What the file is to hold, or why that cannot be written. */
const bytesOf = (args: { content?: string; newline_sequence: string; output_encoding: string }): Buffer | string =>
  encoded(withEnds(args.content ?? '', args.newline_sequence), args.output_encoding)

/** Lines with the ends that are asked for, which may be written as escapes. */
function withEnds(text: string, written: string): string {
  const end = written.replaceAll('\\r', '\r').replaceAll('\\n', '\n')
  return end === '\n' ? text : text.replaceAll(/\r\n|\n/g, end)
}
