import type { Fields, Outcome } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, type Plan, type Report, refuse, skip } from '../kit/plan.ts'
import {
  type Below,
  type Dress,
  dressOf,
  entriesBelow,
  type Format,
  type Member,
  members,
} from '../questions/archives.ts'
import { vaultedContent } from '../questions/controller.ts'
import { at, entry } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import type { MarksWish } from '../questions/marks.ts'
import { dressesOf, type Left, LINE_ENDS, leftOf, namesOf, tellsLines } from '../questions/unpacked.ts'
import { worn } from '../questions/worn.ts'
import { OWNERSHIP, type Wanted, wantedOf } from './shared/attributes.ts'
import { obstacles } from './shared/command.ts'
import { ended } from './shared/ended.ts'
import { relabelled } from './shared/label.ts'
import { modeFrom } from './shared/mode.ts'
import { formatNamed, isRemote, isWeb, webOf } from './shared/unarchive-source.ts'
import { chosenNames, foundOf, oddWords, unpackOf, wordsOf } from './shared/unpack.ts'

/** An archive's content is below a directory. */
export default defineModule({
  name: 'unarchive',
  summary: 'An archive is unpacked into a directory',
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['src', 'dest'],
    exclusive: [
      ['include', 'exclude'],
      ['copy', 'remote_src'],
    ],
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
      attributes: {
        type: 'string',
        aliases: ['attr'],
        refused: 'the file module gives attributes to what was unpacked, with recurse: true',
      },
    },
  },
  probe(args, host) {
    const dest = at(args.dest, host)
    const format = formatNamed(args.src)
    const web = isWeb(args)
    const remote = isRemote(args) && !web
    const owned = [args.owner, args.group, args.mode, ...labelOf(args)].some(one => one !== undefined)
    // What the tool must not hear is refused by the plan, and never asked with
    const meant =
      remote && format !== undefined && oddWords(args, format) === undefined
        ? { archive: at(args.src, host), format, ...wordsOf(args, format) }
        : undefined
    return {
      ids: worn({ path: dest, follow: true }, { ...args, owner: undefined, group: undefined }),
      created: obstacles({ ...(args.creates === undefined ? {} : { creates: args.creates }) }, host).created,
      there: entry(dest, true),
      listed:
        remote || web || format === undefined
          ? known<readonly Member[] | undefined>(undefined)
          : members(args.src, format, args.decrypt),
      vaulted: remote || web || !args.decrypt ? known<Buffer | undefined>(undefined) : vaultedContent(args.src),
      below: remote || web ? known<ReadonlyMap<string, Below> | undefined>(undefined) : entriesBelow(dest),
      remote:
        meant === undefined
          ? known<Left | undefined>(remote ? 'unknown' : undefined)
          : leftOf(meant, dest, { newer: args.keep_newer, owned }),
      names: meant !== undefined && args.list_files ? namesOf(meant) : known<readonly string[] | undefined>(undefined),
      dress: meant !== undefined && owned ? dressesOf(meant, dest) : known<readonly Dress[]>([]),
      lines: !remote && !web && owned ? tellsLines : known(true),
    }
  },
  plan(args, { ids: numbers, created, there, listed, vaulted, below, remote, names, dress, lines }, host): Plan {
    const wanted = wantedOf(args, numbers)
    const dest = at(args.dest, host)
    const format = formatNamed(args.src)
    const web = isWeb(args)
    const files = names === undefined ? listed && chosenNames(listed, args) : [...names]
    const result = {
      dest,
      src: args.src,
      ...(format === undefined ? {} : { handler: HANDLERS[format] }),
      ...(args.list_files && files !== undefined ? { files } : {}),
    }
    if (created) return skip(`skipped, since ${args.creates} exists`)
    if (args.src.includes('://') && !web)
      return refuse('src is a URL', 'give remote_src: true and an address of http or https', result)
    if (format === undefined)
      return refuse(`the format of ${args.src} is not known by its name`, `name it ${NAMES}`, result)
    if (format === 'zip' && remote === undefined && !web)
      return refuse(
        'a zip archive of the controller cannot be streamed',
        'copy it to the host and use remote_src',
        result,
      )
    if (remote === 'absent') return refuse(`Source '${args.src}' does not exist`, undefined, result)
    if (there?.type !== 'directory')
      return refuse(`dest '${dest}' must be an existing dir`, 'make it with file: state=directory', result)
    const held = vaulted === undefined ? { file: args.src } : { bytes: vaulted, of: args.src }
    const from = web ? { web: webOf(args) } : remote === undefined ? held : { remote: at(args.src, host) }
    const effect = unpackOf(args, wanted, format, dest, from, host)
    if (typeof effect === 'string') return refuse(effect, undefined, result)
    const by = web && args.list_files ? { ...effect, list: true as const } : effect
    if (web)
      return act(`unpack ${args.src}`, by, outcome => unpackedFrom(outcome, result, wanted), {
        touches: [`path:${dest}`],
        trial: { ...by, trial: true },
      })
    if (typeof remote === 'object') return refuse(`${args.src} cannot be unpacked: ${remote.broken}`, undefined, result)
    if (!lines && listed?.some(({ name }) => name.includes('\n')))
      return refuse(`${args.src} cannot be unpacked: ${LINE_ENDS}`, 'install GNU tar there', result)
    const found = remote === undefined ? foundOf(args, listed, below) : undefined
    if (found !== undefined && found.unknown.length > 0)
      return refuse(`there is no ${found.unknown.join(' and no ')} in ${args.src}`, undefined, result)
    const lacking = remote === undefined ? lackOf(found?.missing) : REMOTE_LACK[remote]
    const fits = (found?.dresses ?? dress).every(one => dressed(one, wanted))
    const lacks = lacking === '' && !fits ? 'some of its files another owner or mode' : lacking
    if (lacks === undefined)
      return act(`unpack ${args.src}`, by, outcome => ended(outcome, result), {
        touches: [`path:${dest}`],
        dry: 'pretend',
      })
    const edits = lacks === '' ? [] : [{ what: dest, from: lacks, to: `content of ${args.src}`, by }]
    return change(edits, [`path:${dest}`], result)
  },
})

/** What came of the archive of a URL: its names are known now, and of a trial whose what is there is. */
function unpackedFrom(outcome: Outcome, result: Fields, wanted: Wanted): Report {
  const files = outcome.fields?.get('files')
  const dresses = outcome.stdout.split('\n').flatMap(line => dressOf(line) ?? [])
  const changes = outcome.fields?.get('unpacked') !== false || !dresses.every(one => dressed(one, wanted))
  return ended(outcome, { ...result, ...(files === undefined ? {} : { files }) }, changes)
}

const NAMES = '.tar, .tar.gz, .tar.xz, .tar.zst, .tar.bz2 or .zip'

/** What is not there yet, in words: '' for nothing, undefined where nobody can tell before it is unpacked. */
const lackOf = (missing: readonly string[] | undefined): string | undefined =>
  missing === undefined ? undefined : missing.length === 0 ? '' : `${missing.length} of its files absent or different`

const REMOTE_LACK = { same: '', differs: 'some of its files absent or different', unknown: undefined } as const

const labelOf = ({ seuser, serole, setype, selevel }: MarksWish) => [seuser, serole, setype, selevel]

/** Whether an entry has the label, owner, group and mode that are asked for. */
const dressed = (one: Dress, { owner, group, mode, label }: Wanted): boolean =>
  (label === undefined || relabelled(one.label ?? '', label) === one.label) &&
  (owner === undefined || one.owners.includes(owner)) &&
  (group === undefined || one.groups.includes(group)) &&
  (mode === undefined || one.mode === undefined || modeFrom(mode, one.mode, one.directory) === one.mode)

/** What Ansible calls the ways to unpack. */
const HANDLERS: Readonly<Record<Format, string>> = {
  tar: 'TarArchive',
  'tar.gz': 'TgzArchive',
  'tar.xz': 'TarXzArchive',
  'tar.zst': 'TarZstdArchive',
  'tar.bz2': 'TarBzipArchive',
  zip: 'ZipArchive',
}
