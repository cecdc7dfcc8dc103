import { unescapeArgument } from '../base/python-escape.ts'
import { compilePattern } from '../jinja/regex/pattern.ts'
import { defineModule } from '../kit/module.ts'
import { type Plan, refuse, telling } from '../kit/plan.ts'
import { hash } from '../questions/controller.ts'
import { at } from '../questions/files.ts'
import { landing } from '../questions/landing.ts'
import { localPieces, type Piece, pieces } from '../questions/pieces.ts'
import { worn } from '../questions/worn.ts'
import { OWNERSHIP, wantedOf } from './shared/attributes.ts'
import { place } from './shared/place.ts'
import { REWRITING } from './shared/rewrite.ts'

/** A file made of the files of a directory. */
export default defineModule({
  name: 'assemble',
  summary: 'A file holds what the files of a directory hold, in the order of their names',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['src', 'dest'],
    properties: {
      src: { type: 'string', minLength: 1, controller: 'files', controllerUnless: 'remote_src' },
      dest: { type: 'string', path: true, minLength: 1 },
      remote_src: { type: 'boolean', default: true, description: 'The directory is one of the target' },
      delimiter: { type: 'string', description: 'Stands between the parts; escapes such as \\n are read' },
      regexp: { type: 'string', description: "Only names that match, in Python's syntax" },
      ignore_hidden: { type: 'boolean', default: false, description: 'Leave out names that begin with a dot' },
      decrypt: { type: 'boolean', default: true, description: 'Vaulted files of the controller are opened' },
      ...REWRITING,
      ...OWNERSHIP,
    },
  },
  probe: ({ src, dest, remote_src, decrypt, ...wish }, host) => ({
    parts: remote_src ? pieces(at(src, host)) : localPieces(src, decrypt),
    there: landing(at(dest, host), undefined),
    ids: worn({ path: at(dest, host) }, wish),
  }),
  plan(args, { parts, there, ids: numbers }, host): Plan {
    const { src, dest, backup, validate } = args
    if (typeof parts === 'string')
      return refuse(`Source (${src}) ${parts === 'absent' ? 'does not exist' : 'is not a directory'}`)
    const bytes = assembled(
      parts.filter(part => isWanted(part, args)),
      args.delimiter,
    )
    const path = at(dest, host)
    const wanted = wantedOf(args, numbers)
    const digests = { size: bytes.length, sha256: hash('sha256', bytes), sha1: hash('sha1', bytes) }
    const plan = place({ path, content: { bytes }, bytes, ...digests, src, wanted, backup, validate }, there, numbers)
    return telling(plan, plan.kind === 'refuse' ? {} : { src, dest, ...(args.remote_src ? { msg: 'OK' } : {}) })
  },
})

const isWanted = ({ name }: Piece, { regexp, ignore_hidden }: { regexp?: string; ignore_hidden: boolean }): boolean =>
  !(ignore_hidden && name.startsWith('.')) && (regexp === undefined || compilePattern(regexp).find(name) !== null)

/** The parts with what stands between them. A part that ends without a line end gets one, unless it is the last. */
function assembled(parts: readonly Piece[], delimiter = ''): Buffer {
  const mark = unescapeArgument(delimiter)
  const between = mark === '' || mark.endsWith('\n') ? mark : `${mark}\n`
  const out = parts.flatMap(({ bytes }, i) => {
    const open = i < parts.length - 1 && bytes.at(-1) !== 10 ? '\n' : ''
    return [bytes, Buffer.from(i < parts.length - 1 ? `${open}${between}` : '')]
  })
  return Buffer.concat(out)
}
