import { defineModule } from '../kit/module.ts'
import { change, type Edit, ok, type Plan, refuse } from '../kit/plan.ts'
import { at, type Entry, entry } from '../questions/files.ts'
import { gitLook } from '../questions/git.ts'
import { known } from '../questions/known.ts'
import { run } from './shared/attributes.ts'
import { gitScript, ready, urlOf } from './shared/git.ts'
import { archiveEdit, archiveFormat, archiveSame } from './shared/git-archive.ts'

const TEXT = { type: 'string', minLength: 1 } as const
const PATH = { ...TEXT, path: true } as const

/** A repository of git is checked out, at some version. */
export default defineModule({
  name: 'git',
  summary: 'A version of a git repository is checked out in a directory',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['repo'],
    exclusive: [
      ['separate_git_dir', 'bare'],
      ['accept_hostkey', 'accept_newhostkey'],
    ],
    together: [['archive_prefix', 'archive']],
    properties: {
      repo: { ...TEXT, pattern: '^[^\\n]*$', aliases: ['name'], description: 'URL, or a path of the target' },
      dest: { ...PATH, description: 'The directory; it is new, empty, or holds the repository already' },
      version: { ...TEXT, default: 'HEAD', description: 'A branch, a tag, a commit, or HEAD' },
      remote: { ...TEXT, default: 'origin' },
      refspec: { ...TEXT, description: 'What is brought besides' },
      reference: { ...TEXT, description: 'A repository of the target to borrow from' },
      force: { type: 'boolean', default: false, description: 'Changes in the work tree are lost' },
      depth: { type: 'integer', minimum: 1, description: 'So many commits are brought' },
      clone: { type: 'boolean', default: true },
      update: { type: 'boolean', default: true, description: 'A repository that is there is brought up to date' },
      bare: { type: 'boolean', default: false },
      recursive: { type: 'boolean', default: true, description: 'Submodules, too' },
      single_branch: { type: 'boolean', default: false },
      track_submodules: { type: 'boolean', default: false, description: 'The newest of each submodule' },
      verify_commit: {
        type: 'boolean',
        default: false,
        description: 'The commit or tag is signed by a key that gpg trusts',
      },
      gpg_whitelist: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: 'Fingerprints of keys, of which one must have signed',
      },
      accept_hostkey: { type: 'boolean', default: false },
      accept_newhostkey: { type: 'boolean', default: false },
      key_file: { ...PATH, description: 'Private key of the target' },
      ssh_opts: { type: 'string' },
      executable: PATH,
      umask: { type: 'string', pattern: '^[0-7]{1,4}$', description: 'In octal digits, in quotes' },
      archive: { ...PATH, description: 'An archive of the version that is made: .zip, .tar, .tar.gz or .tgz' },
      archive_prefix: TEXT,
      separate_git_dir: PATH,
    },
  },
  probe(args, host) {
    const dest = args.dest === undefined ? undefined : at(args.dest, host)
    const { version, remote, bare, recursive, update: online, track_submodules: track, verify_commit: verify } = args
    const look = { repo: urlOf(args.repo, host), dest, version, remote, bare, recursive, track, verify }
    const archive = args.archive === undefined ? undefined : at(args.archive, host)
    return {
      seen: gitLook({ ...look, online: online || dest === undefined || !args.clone }, ready(args, host)),
      kept: archive === undefined ? known<Entry | undefined>(undefined) : entry(archive, true),
      same: archiveSame(args, host),
    }
  },
  plan(args, { seen, kept, same }, host): Plan {
    const { version, dest: written, archive, update } = args
    if (seen.missing) return refuse(`${host.name} has no ${args.executable ?? 'git'}`, 'install git')
    if (written === undefined && args.clone)
      return refuse('the destination directory must be specified unless clone=no')
    if (archive !== undefined && archiveFormat(archive) === undefined)
      return refuse(
        `Unable to get file extension from archive file name : ${archive}`,
        'name it .zip, .tar, .tar.gz or .tgz',
      )
    const before = seen.head ?? null
    if (seen.kind !== 'repository' && (!args.clone || written === undefined))
      return ok({ before, after: seen.wanted ?? null })
    const dest = at(written ?? '', host)
    if (seen.kind === 'other') return refuse(`destination path '${dest}' already exists and is not an empty directory.`)
    const commit = /^[0-9a-f]{4,64}$/.test(version)
    if ((update || seen.kind !== 'repository') && seen.wanted === undefined && !commit)
      return refuse(
        `Could not determine remote revision for ${version}`,
        'name a branch, a tag or a commit that is there',
      )
    const stays = seen.kind === 'repository' && !update
    if (seen.modified && !args.force && !stays)
      return refuse(
        `Local modifications exist in the destination: ${dest} (force=no).`,
        'commit or remove them, or set force: true',
        { before },
      )
    const moved = seen.kind === 'repository' && seen.url !== urlOf(args.repo, host)
    const edits: Edit[] = []
    const by = run(gitScript(args, seen, host), `bringing ${args.repo}`)
    const say = (what: string, from: string, to: string) => edits.push({ what, from, to, by })
    const separate = args.separate_git_dir && at(args.separate_git_dir, host)
    const apart = !stays && seen.dir !== '' && seen.dir !== separate ? separate : undefined
    const now = args.bare && version !== 'HEAD' ? seen.local : seen.head
    const wanted = seen.wanted ?? seen.local
    if (!stays) {
      if (now === undefined || now !== wanted) say(dest, now ?? 'absent', wanted ?? version)
      if (moved) say('remote', seen.url, urlOf(args.repo, host))
      if (seen.modified) say('work tree', 'modified', 'as committed')
      if (seen.kind === 'repository' && seen.isBranch && !args.bare && seen.branch !== version)
        say('branch', seen.branch, version)
      if (apart !== undefined) say('repository', seen.dir, apart)
      for (const one of seen.submodules) say('submodule', one.slice(1), 'as wanted')
      const unsigned =
        edits.length === 0 && args.verify_commit ? unproven(seen.signature, args.gpg_whitelist) : undefined
      if (unsigned !== undefined) return refuse(`Failed to verify GPG signature of commit/tag "${version}"`, unsigned)
    }
    if (archive !== undefined && (edits.length > 0 || !same)) edits.push(archiveEdit(args, kept !== undefined, host))
    const touches = [dest, args.separate_git_dir, archive].flatMap(path =>
      path === undefined ? [] : [`path:${at(path, host)}`],
    )
    return change(
      edits,
      touches,
      {},
      {
        before,
        after: stays ? before : (wanted ?? version),
        ...(stays || seen.kind !== 'repository' ? {} : { remote_url_changed: moved }),
        ...(seen.modified && !stays ? { msg: `Local modifications exist in the destination: ${dest}` } : {}),
        ...(seen.submodules.length > 0 ? { submodules_changed: true } : {}),
        ...(apart === undefined ? {} : { git_dir_before: seen.dir, git_dir_now: apart }),
      },
    )
  },
})

/** Why a signature proves nothing. */
function unproven(said: string, keys: readonly string[]): string | undefined {
  const signer = /\[GNUPG:\] VALIDSIG (\S+)(?:.* (\S+))?$/m.exec(said)
  if (!signer) return 'it has no signature of a key that gpg knows'
  const fine = keys.length === 0 || keys.some(key => signer.slice(1).includes(key))
  return fine ? undefined : `the gpg_whitelist does not include the public key "${signer[1]}" for this commit`
}
