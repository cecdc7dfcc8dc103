import { posix } from 'node:path'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { type Plan, refuse } from '../kit/plan.ts'
import { type Local, local } from '../questions/controller.ts'
import { at, real } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { type Landing, landing } from '../questions/landing.ts'
import type { MarksWish } from '../questions/marks.ts'
import { type RemoteSource, remoteSource } from '../questions/remote-copy.ts'
import { type Leaf, tree } from '../questions/trees.ts'
import { worn } from '../questions/worn.ts'
import { OWNERSHIP, wantedOf } from './shared/attributes.ts'
import { copyRemote } from './shared/copy-remote.ts'
import { copyTree } from './shared/copy-tree.ts'
import { pythonJson } from './shared/json.ts'
import { MODE_PATTERN, modeText } from './shared/mode.ts'
import { asked, MISMATCH, ofFile, ofText, PLACING, pathOf, place, stays, untouched } from './shared/place.ts'

interface Args {
  readonly src?: string
  readonly content?: unknown
  readonly dest: string
  readonly remote_src: boolean
}

/** Files and directories of the controller, or text at hand, are on the target. */
export default defineModule({
  name: 'copy',
  summary: 'A file with a certain content is on the target',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['dest'],
    properties: {
      src: { type: 'string', minLength: 1, controller: 'files', controllerUnless: 'remote_src' },
      content: { description: 'Text instead of a file; other values are written as JSON' },
      dest: { type: 'string', path: true, minLength: 1 },
      remote_src: { type: 'boolean', default: false },
      directory_mode: { type: 'string', pattern: MODE_PATTERN },
      local_follow: { type: 'boolean', default: true },
      checksum: { type: 'string', description: 'The sha1 that the content must have where it is copied' },
      decrypt: {
        type: 'boolean',
        default: true,
        description: 'Vaulted files of the controller are opened; what is in them is in no diff',
      },
      ...PLACING,
      ...OWNERSHIP,
      mode: { type: 'string', pattern: `${MODE_PATTERN}|^preserve$` },
    },
    exclusive: [['src', 'content']],
    oneOf: [['src', 'content']],
  },
  probe(args, host) {
    const dest = destOf(args, host)
    const remote = args.remote_src && args.src !== undefined
    const wanted = args.content === undefined ? undefined : ofText(textOf(args.content)).sha256
    return {
      source:
        args.src === undefined || remote
          ? known<Local>({ kind: 'absent', why: '' })
          : local(args.src, { follow: args.local_follow, decrypt: args.decrypt }),
      remote: remote ? remoteSource(at(args.src ?? '', host)) : known<RemoteSource | undefined>(undefined),
      there: args.src?.endsWith('/') && !remote ? known(NOWHERE) : landing(dest, nameOf(args), wanted),
      tree: args.src === undefined ? known<ReadonlyMap<string, Leaf>>(new Map()) : tree(rootOf(args, dest)),
      real: args.follow ? real(dest) : known(dest),
      ids: worn({ path: dest, name: args.src?.endsWith('/') ? undefined : nameOf(args), follow: args.follow }, args),
    }
  },
  plan(args, { source, remote, there, tree: seen, real: led, ids: numbers }, host): Plan {
    // A link that leads nowhere is replaced.
    const dest = there.link && there.entry === undefined ? destOf(args, host) : led
    const follow = args.follow && there.entry !== undefined
    const path = pathOf(args.dest, there.through ? destOf(args, host) : dest, nameOf(args) ?? '', there)
    const { backup, force, validate } = args
    const more = { path, dest: asked(args.dest, host), backup, force, follow, validate, expected: args.checksum }
    const wanted = wantedOf({ ...args, mode: args.mode === 'preserve' ? undefined : args.mode }, numbers)
    if (args.content !== undefined && args.dest.endsWith('/'))
      return refuse('can not use content with a dir as dest', 'write the name of the file into dest')
    if (args.content !== undefined && stays(args, there)) return untouched(more)
    if (args.content !== undefined) return place({ ...more, ...ofText(textOf(args.content)), wanted }, there, numbers)
    if (remote !== undefined)
      return copyRemote(
        { ...more, said: args.src ?? '', root: rootOf(args, dest), wanted, preserve: args.mode === 'preserve' },
        at(args.src ?? '', host),
        remote,
        there,
        seen,
        numbers,
      )
    if (source.kind === 'absent') return refuse(`Could not find or access '${args.src}': ${source.why}`)
    if (source.kind === 'directory' && args.checksum !== undefined)
      return refuse(MISMATCH, 'leave checksum out: a directory has none', { expected_checksum: args.checksum })
    if (source.kind === 'directory')
      return copyTree(
        {
          ...args,
          root: rootOf(args, dest),
          dest,
          wanted,
          ids: numbers,
          preserve: args.mode === 'preserve',
          marks: marksOf(args),
        },
        source,
        seen,
      )
    if (stays(args, there)) return untouched({ ...more, src: args.src })
    const kept = args.mode === 'preserve' ? { ...wanted, mode: modeText(source.mode) } : wanted
    const into = args.dest.endsWith('/') && !there.directory ? dest : undefined
    return place({ ...more, ...ofFile(source), src: args.src, into, wanted: kept }, there, numbers)
  },
})

const NOWHERE: Landing = { directory: true, entry: undefined, sha256: undefined, before: undefined }

/** What is no text becomes one as in Python: mappings and lists as JSON. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (typeof content === 'boolean') return content ? 'True' : 'False'
  return content === null ? '' : pythonJson(content)
}

/** The name that a file gets in a directory; text at hand has none. */
const nameOf = ({ src }: Args): string | undefined => (src === undefined ? undefined : posix.basename(src))

/** What a task asks of a label and of attributes. */
const marksOf = ({ seuser, serole, setype, selevel, attributes }: MarksWish): MarksWish => ({
  ...{ seuser, serole, setype, selevel, attributes },
})

const destOf = ({ dest }: Args, host: HostInfo): string => at(dest, host)

/** Where the root of a directory goes: its content into `dest` when `src` ends with a slash, else into `dest/name`. */
const rootOf = ({ src = '' }: Args, dest: string): string =>
  src.endsWith('/') ? dest : posix.join(dest, posix.basename(src))
