import { defineModule } from '../kit/module.ts'
import { act, change, type Plan, refuse, skip } from '../kit/plan.ts'
import { type Format, formatOf, type Member, members, remoteDifference, sizesBelow } from '../questions/archives.ts'
import { vaultedContent } from '../questions/controller.ts'
import { at, entry } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import { obstacles } from './shared/command.ts'
import { ended } from './shared/ended.ts'
import { missingOf, unpackOf } from './shared/unpack.ts'

/** An archive's content is below a directory. */
export default defineModule({
  name: 'unarchive',
  summary: 'An archive is unpacked into a directory',
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['src', 'dest'],
    exclusive: [['include', 'exclude']],
    properties: {
      src: { type: 'string', minLength: 1, controller: 'files', controllerUnless: 'remote_src' },
      dest: { type: 'string', path: true, minLength: 1 },
      remote_src: { type: 'boolean', default: false },
      copy: { type: 'boolean', default: true, description: 'The old way to say remote_src: false' },
      creates: { type: 'string', path: true },
      list_files: { type: 'boolean', default: false },
      exclude: { type: 'array', items: { type: 'string' }, default: [] },
      include: { type: 'array', items: { type: 'string' }, default: [] },
      extra_opts: { type: 'array', items: { type: 'string' }, default: [] },
      keep_newer: { type: 'boolean', default: false },
      decrypt: { type: 'boolean', default: true },
      io_buffer_size: { type: 'integer' },
      validate_certs: { type: 'boolean', default: true },
      ...OWNERSHIP,
    },
  },
  probe(args, host) {
    const dest = at(args.dest, host)
    const format = formatOf(args.src)
    const remote = isRemote(args)
    const simple = args.extra_opts.length + args.exclude.length + args.include.length === 0
    return {
      created: obstacles({ ...(args.creates === undefined ? {} : { creates: args.creates }) }, host).created,
      there: entry(dest, true),
      listed:
        remote || format === undefined
          ? known<readonly Member[] | undefined>(undefined)
          : members(args.src, format, args.decrypt),
      vaulted: remote || !args.decrypt ? known<Buffer | undefined>(undefined) : vaultedContent(args.src),
      below: remote ? known<ReadonlyMap<string, number | undefined> | undefined>(undefined) : sizesBelow(dest),
      remote:
        remote && simple && format !== undefined
          ? remoteDifference(at(args.src, host), format, dest)
          : known(remote ? ('unknown' as const) : undefined),
    }
  },
  plan(args, { created, there, listed, vaulted, below, remote }, host): Plan {
    const dest = at(args.dest, host)
    const format = formatOf(args.src)
    const result = {
      dest,
      src: args.src,
      ...(format === undefined ? {} : { handler: HANDLERS[format] }),
      ...(args.list_files && listed ? { files: listed.map(({ name }) => name) } : {}),
    }
    if (created) return skip(`skipped, since ${args.creates} exists`)
    if (args.src.includes('://'))
      return refuse('src is a URL', 'fetch it with get_url, then unpack it with remote_src: true', result)
    if (format === undefined)
      return refuse(`the format of ${args.src} is not known by its name`, `name it ${NAMES}`, result)
    if (format === 'zip' && remote === undefined)
      return refuse(
        'a zip archive of the controller cannot be streamed',
        'copy it to the host and use remote_src',
        result,
      )
    if (remote === 'absent') return refuse(`Source '${args.src}' does not exist`, undefined, result)
    if (there?.type !== 'directory')
      return refuse(`dest '${dest}' must be an existing dir`, 'make it with file: state=directory', result)
    const held = vaulted === undefined ? { file: args.src } : { bytes: vaulted, of: args.src }
    const by = unpackOf(args, format, dest, remote === undefined ? held : { remote: at(args.src, host) }, host)
    if (typeof by === 'string') return refuse(by, undefined, result)
    const lacks = remote === undefined ? lackOf(missingOf(args, listed, below)) : REMOTE_LACK[remote]
    if (lacks === undefined)
      return act(`unpack ${args.src}`, by, outcome => ended(outcome, result), {
        touches: [`path:${dest}`],
        dry: 'pretend',
      })
    const edits = lacks === '' ? [] : [{ what: dest, from: lacks, to: `content of ${args.src}`, by }]
    return change(edits, [`path:${dest}`], result)
  },
})

const NAMES = '.tar, .tar.gz, .tar.xz, .tar.zst, .tar.bz2 or .zip'

/** What is not there yet, in words: '' for nothing, undefined where nobody can tell before it is unpacked. */
const lackOf = (missing: readonly string[] | undefined): string | undefined =>
  missing === undefined ? undefined : missing.length === 0 ? '' : `${missing.length} of its files absent or different`

const REMOTE_LACK = { same: '', differs: 'some of its files absent or different', unknown: undefined } as const

/** What Ansible calls the ways to unpack. */
const HANDLERS: Readonly<Record<Format, string>> = {
  tar: 'TarArchive',
  'tar.gz': 'TgzArchive',
  'tar.xz': 'TarXzArchive',
  'tar.zst': 'TarZstdArchive',
  'tar.bz2': 'TarBzipArchive',
  zip: 'ZipArchive',
}

const isRemote = ({ remote_src, copy }: { remote_src: boolean; copy: boolean }): boolean => remote_src || !copy
