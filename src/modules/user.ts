import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Plan, refuse } from '../kit/plan.ts'
import { at } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { type Shadow, shadow, sshKey } from '../questions/shadow.ts'
import { account, groupId } from '../questions/system.ts'
import { addUser, changeUser, deleteUser, type UserWish } from './shared/user.ts'

/** An account of the target. */
export default defineModule({
  name: 'user',
  summary: 'A user account is there as described, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, pattern: '^[^-:,\\s][^:,\\n]*$', aliases: ['user'] },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      uid: { type: 'integer', minimum: 0 },
      non_unique: { type: 'boolean', default: false },
      group: { type: 'string', minLength: 1 },
      groups: { type: 'array', items: { type: 'string' } },
      append: { type: 'boolean', default: false, description: 'Keep the groups that the user has' },
      comment: { type: 'string' },
      home: { type: 'string', path: true },
      shell: { type: 'string' },
      password: { type: 'string', secret: true, description: 'A hash as crypt(3) makes it' },
      update_password: { type: 'string', enum: ['always', 'on_create'], default: 'always' },
      password_lock: { type: 'boolean' },
      password_expire_max: { type: 'integer' },
      password_expire_min: { type: 'integer' },
      password_expire_warn: { type: 'integer' },
      expires: { type: 'number', description: 'Seconds since 1970; negative for never' },
      create_home: { type: 'boolean', default: true, aliases: ['createhome'] },
      move_home: { type: 'boolean', default: false },
      skeleton: { type: 'string', path: true },
      system: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      remove: { type: 'boolean', default: false },
      umask: { type: 'string', pattern: '^[0-7]{3,4}$' },
      local: { type: 'boolean', default: false, description: 'Accounts are always local ones' },
      generate_ssh_key: { type: 'boolean', default: false },
      ssh_key_bits: { type: 'integer' },
      ssh_key_type: { type: 'string', enum: ['rsa', 'ed25519', 'ecdsa'], default: 'rsa' },
      ssh_key_file: { type: 'string', path: true },
      ssh_key_comment: { type: 'string' },
      ssh_key_passphrase: {
        type: 'string',
        refused: 'a passphrase would stand in the process list; make the key with command',
      },
      seuser: { type: 'string', refused: 'SELinux users are not managed' },
      login_class: { type: 'string', refused: 'this is for BSD' },
      profile: { type: 'string', refused: 'this is for Solaris' },
      authorization: { type: 'string', refused: 'this is for Solaris' },
      role: { type: 'string', refused: 'this is for Solaris' },
      hidden: { type: 'boolean', refused: 'this is for macOS' },
    },
  },
  probe(args) {
    const { name, password, update_password: when } = args
    const inShadow = [
      args.password_lock,
      args.password_expire_max,
      args.password_expire_min,
      args.password_expire_warn,
      args.expires,
    ]
    const asked = (password !== undefined && when === 'always') || inShadow.some(value => value !== undefined)
    return {
      seen: account(name),
      same: groupId(name),
      shadow:
        asked && args.state === 'present'
          ? shadow(name, when === 'always' ? password : undefined)
          : known<Shadow | undefined>(undefined),
      key: args.generate_ssh_key ? sshKey(name, keyFile(args)) : known(undefined),
    }
  },
  plan(args, { seen, same, shadow: line, key }, host): Plan {
    const { name, state } = args
    const touches = [`user:${name}`, `group:${name}`, 'path:/etc', ...homes(args, seen?.home, host)]
    if (state === 'absent')
      return change(seen === undefined ? [] : deleteUser(args, host), touches, {
        name,
        state,
        force: args.force,
        remove: args.remove,
      })
    const wish: UserWish = {
      ...args,
      ...(args.home === undefined ? {} : { home: at(args.home, host) }),
      keyFile: keyFile(args),
    }
    if (seen === undefined) {
      if (!host.tools.has('useradd') && !host.tools.has('adduser'))
        return refuse(`${host.name} has neither useradd nor adduser`)
      return change(addUser(wish, same !== undefined, host), touches, resultOf(args))
    }
    const edits = changeUser(wish, seen, line, key !== undefined)
    if (edits.length > 0 && !host.tools.has('usermod') && edits.some(edit => !edit.what.endsWith('SSH key')))
      return refuse(
        `${name} differs (${edits.map(edit => `${edit.what} is ${edit.from}`).join(', ')}), and ${host.name} has no usermod`,
        'install shadow, or change it with command',
      )
    const { uid, gid, home, shell, comment } = seen
    const found = key === undefined ? {} : { ssh_key_file: key.path, ssh_public_key: key.publicKey }
    return change(edits, touches, { ...resultOf(args), uid, group: gid, home, shell, comment, ...found })
  },
})

const keyFile = ({ ssh_key_file, ssh_key_type }: { ssh_key_file?: string; ssh_key_type: string }): string =>
  ssh_key_file ?? `.ssh/id_${ssh_key_type}`

/** The directories that making, moving or removing the account may change. */
const homes = (args: { name: string; home?: string }, now: string | undefined, host: HostInfo): string[] =>
  [...new Set([now, args.home === undefined ? `/home/${args.name}` : at(args.home, host)])].flatMap(path =>
    path === undefined ? [] : [`path:${path}`],
  )

const resultOf = (args: {
  name: string
  state: string
  system: boolean
  create_home: boolean
  append: boolean
  move_home: boolean
  groups?: readonly string[]
  uid?: number
  comment?: string
  home?: string
  shell?: string
}) => ({
  name: args.name,
  state: args.state,
  system: args.system,
  create_home: args.create_home,
  append: args.append,
  move_home: args.move_home,
  ...(args.groups === undefined ? {} : { groups: args.groups.join(',') }),
  ...(args.uid === undefined ? {} : { uid: args.uid }),
  ...(args.comment === undefined ? {} : { comment: args.comment }),
  ...(args.home === undefined ? {} : { home: args.home }),
  ...(args.shell === undefined ? {} : { shell: args.shell }),
})
