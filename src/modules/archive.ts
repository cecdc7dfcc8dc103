import { posix } from 'node:path'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Edit, type Plan, refuse } from '../kit/plan.ts'
import { at } from '../questions/files.ts'
import { type Packed, packedAt } from '../questions/packed.ts'
import { worn } from '../questions/worn.ts'
import { sh } from '../shell/script.ts'
import { type Packing, packed, packing, TOOLS } from './shared/archive-script.ts'
import { adorn, differences, facts, mend, OWNERSHIP, run, wantedOf } from './shared/attributes.ts'

/** Files of the target are packed into one. */
export default defineModule({
  name: 'archive',
  collection: 'community.general',
  summary: 'Files and directories of the target are packed into an archive there',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        description: 'Absolute paths, or patterns of them',
      },
      format: { type: 'string', enum: ['bz2', 'gz', 'tar', 'xz', 'zip'], default: 'gz' },
      dest: { type: 'string', path: true, minLength: 1, description: 'Needed for more than one file' },
      exclude_path: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: 'Of the paths, these stay out',
      },
      exclusion_patterns: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: 'What is below them stays out, too',
      },
      force_archive: { type: 'boolean', default: false, description: 'One file is put into an archive, too' },
      remove: { type: 'boolean', default: false, description: 'What was packed goes' },
      ...OWNERSHIP,
    },
  },
  probe(args, host) {
    const wish = packingOf(args, host)
    const resources = [...wish.paths, wish.dest]
      .filter(path => path !== '')
      .map(path => `path:${path.replace(/\/?[^/]*[*?].*$/s, '') || '/'}`)
    return {
      seen: packedAt(packing(wish), TOOLS[wish.format], resources),
      ids: worn({ path: wish.dest || `${wish.paths[0]}.${wish.format}`, follow: true }, args),
    }
  },
  plan(args, { seen, ids: numbers }, host): Plan {
    const wish = packingOf(args, host)
    if (wish.paths.some(path => !path.startsWith('/'))) return refuse('path must be absolute', 'begin it with a slash')
    if (seen.state === 'line end' || [...wish.paths, wish.dest].some(path => path.includes('\n')))
      return refuse('a name with a line end in it cannot be packed', 'give it another name')
    if (seen.state.startsWith('tool '))
      return refuse(`${host.name} has no ${seen.state.slice(5)}`, 'install it, or choose another format')
    if (seen.state === 'none')
      return refuse('Error, no source paths were found', `nothing is at ${wish.paths.join(', ')}`)
    if (seen.state === 'nowhere') return refuse('Error, must specify "dest" when archiving multiple files or trees')
    const { dest, entry, targets } = seen
    const wanted = wantedOf(args, numbers)
    const around = targets.map(path => path.replace(/\/$/, '')).filter(path => dest.startsWith(`${path}/`))
    if (args.remove && around.length > 0)
      return refuse('Error, created archive can not be contained in source paths when remove=true')
    if (around.some(path => path !== posix.dirname(dest)))
      return refuse(`${dest} is in a directory that is packed, and changes it`, 'give another dest')
    if (entry !== undefined && entry.type !== 'file') return refuse(`${dest} is a ${entry.type}`, 'give another dest')
    const edits: Edit[] = []
    if (targets.length > 0 && (!seen.same || args.remove)) {
      const attributes = adorn(dest, wanted, 'file')
      const by = run(sh`{ ${packed(wish, args.remove)}\n}${attributes}`, `packing ${dest}`)
      const to = `${seen.members.length} of ${seen.root}`
      if (!seen.same) edits.push({ what: dest, from: entry === undefined ? 'absent' : 'otherwise', to, by })
      if (args.remove) for (const path of targets) edits.push({ what: path, from: 'packed', to: 'absent', by })
      if (entry !== undefined)
        for (const { what, from, to: then } of differences(entry, wanted, numbers))
          edits.push({ what, from, to: then, by })
    } else if (entry !== undefined) edits.push(...mend(dest, entry, wanted, numbers))
    const touches = [`path:${posix.dirname(dest)}`, ...(args.remove ? targets.map(path => `path:${path}`) : [])]
    return change(edits, touches, resultOf(seen, wish), packedOf(seen))
  },
})

function packingOf(
  args: {
    path: readonly string[]
    exclude_path: readonly string[]
    exclusion_patterns: readonly string[]
    format: Packing['format']
    dest?: string
    force_archive: boolean
  },
  host: HostInfo,
): Packing {
  const slashed = (path: string): string => (path.endsWith('/') && path !== '/' ? `${at(path, host)}/` : at(path, host))
  return {
    paths: args.path.map(slashed),
    excludePaths: args.exclude_path.map(slashed),
    patterns: args.exclusion_patterns,
    format: args.format,
    force: args.force_archive,
    dest: args.dest === undefined ? '' : at(args.dest, host),
  }
}

/** What went into it: where sources are removed, nobody could say that afterwards. */
const packedOf = (seen: Packed) => ({
  archived: seen.members.map(name => `${seen.root}${name}`),
  missing: [...seen.missing],
})

/** What Ansible tells of an archive. */
function resultOf(seen: Packed, { format }: Packing) {
  const named = /\.(tar|tar\.(gz|bz2|xz)|tgz|tbz2|zip)$/i.test(seen.dest)
  const made =
    seen.missing.length > 0 && seen.many
      ? 'incomplete'
      : seen.many || format === 'tar' || format === 'zip'
        ? 'archive'
        : 'compress'
  const left = seen.entry === undefined ? 'absent' : named ? 'archive' : 'compress'
  return {
    dest: seen.dest,
    dest_state: seen.targets.length > 0 ? made : left,
    arcroot: seen.root,
    expanded_paths: [...seen.expanded],
    expanded_exclude_paths: [...seen.excluded],
    ...(seen.entry === undefined ? {} : facts(seen.entry)),
  }
}
