import { posix } from 'node:path'
import type { Put } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Edit, refuse } from '../kit/plan.ts'
import { at } from '../questions/files.ts'
import { type UserFile, userFile } from '../questions/user-file.ts'
import { sh } from '../shell/script.ts'
import { facts, run } from './shared/attributes.ts'
import { type KeyWish, keysOf, withKeys } from './shared/authorized-keys.ts'
import { nulled } from './shared/defaults.ts'
import { isUrl, served } from './shared/http.ts'

/** Keys with which a user may log in. */
export default defineModule({
  name: 'authorized_key',
  collection: 'ansible.posix',
  summary: 'A public key lets its owner log in as a user, or does not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['user', 'key'],
    properties: {
      user: { type: 'string', minLength: 1, description: 'The account that may be logged in to' },
      key: {
        type: 'string',
        description: 'Public keys, one a line, or a URL of them, which is fetched by the network of the target',
      },
      path: { type: 'string', path: true, description: 'The file; .ssh/authorized_keys of the user when absent' },
      manage_dir: { type: 'boolean', default: true, description: "The directory is the user's alone" },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      key_options: { type: 'string', description: 'What stands before the key, such as no-pty,from="10.0.0.0/8"' },
      exclusive: { type: 'boolean', default: false, description: 'No other key stays' },
      validate_certs: { type: 'boolean', default: true },
      comment: { type: 'string', description: 'What stands behind the key; its own comment when absent' },
      follow: { type: 'boolean', default: false, description: 'Write through a link instead of replacing it' },
    },
  },
  probe: ({ user, key, path, follow, validate_certs }, host) => ({
    file: userFile(user, '.ssh/authorized_keys', path === undefined ? undefined : at(path, host), follow),
    web: served(isUrl(key) ? key : undefined, validate_certs),
  }),
  plan(args, { file, web }, host) {
    const { user, key } = args
    if (file === undefined) return refuse(`Failed to lookup user ${user}: there is no such user`)
    if (file.entry !== undefined && file.entry.type !== 'file') return refuse(`${file.path} is a ${file.entry.type}`)
    const keys = keysOf(web?.toString('utf8') ?? key, args)
    if (typeof keys === 'string') return refuse(`invalid key specified: ${keys}`)
    const after = withKeys(file.text, keys, args)
    const told = {
      ...nulled(args, ['path', 'key_options', 'comment']),
      keyfile: args.path === undefined ? file.path : at(args.path, host),
      ...(args.path !== undefined && file.entry ? facts(file.entry) : {}),
    }
    const edits = after === file.text ? [] : [...directory(file, args.manage_dir), content(file, after, args)]
    return change(edits, [`path:${posix.dirname(file.path)}`], told)
  },
})

/** The directory, for nobody but the user where it is managed. */
function directory({ path, parent, uid, gid }: UserFile, managed: boolean): Edit[] {
  const dir = posix.dirname(path)
  const fine = parent !== undefined && (!managed || (parent.uid === uid && parent.gid === gid && parent.mode === 0o700))
  if (fine) return []
  const make = sh`mkdir -p -- ${dir}`
  const by = run(managed ? sh`${make} && chown ${`${uid}:${gid}`} ${dir} && chmod 0700 ${dir}` : make)
  return [{ what: dir, from: parent === undefined ? 'absent' : 'for others, too', to: 'directory', by }]
}

function content({ path, entry, text, uid, gid }: UserFile, after: string, { state }: KeyWish): Edit {
  const ids = { owner: String(uid), group: String(gid) }
  const by: Put = { kind: 'put', path, content: { text: after }, mode: '0600', ...ids }
  const to = state === 'present' ? 'holds the keys' : 'without the keys'
  return { what: path, from: entry === undefined ? 'absent' : 'other keys', to, by, texts: { before: text, after } }
}
