import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Plan, refuse, warned } from '../kit/plan.ts'
import { at } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { housed, type Shadow, shadow, sshKey } from '../questions/shadow.ts'
import { account, groupId } from '../questions/system.ts'
import { addUser, changeUser, deleteUser, lackingToAdd, makeHome, type UserWish } from './shared/user.ts'

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
        secret: true,
        pattern: '^[^\\n]{5,1000}$',
        description: 'Locks the key; at least 5 characters',
      },
      seuser: {
        type: 'string',
        pattern: '^[^\\s-]\\S*$',
        description:
          'The SELinux user that a new account logs in as; needs SELinux, and one that is there keeps its own',
      },
      login_class: { type: 'string', refused: 'this is for BSD' },
      profile: { type: 'string', refused: 'this is for Solaris' },
      authorization: { type: 'string', refused: 'this is for Solaris' },
      role: { type: 'string', refused: 'this is for Solaris' },
      hidden: { type: 'boolean', refused: 'this is for macOS' },
    },
  },
  probe(args, host) {
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
      housed: args.state === 'present' && args.create_home ? housed(name, homeOf(args, host)) : known(true),
      shadow:
        asked && args.state === 'present'
          ? shadow(name, when === 'always' ? password : undefined)
          : known<Shadow | undefined>(undefined),
      key: args.generate_ssh_key ? sshKey(name, keyFile(args)) : known(undefined),
    }
  },
  plan(args, { seen, same, housed: home, shadow: line, key }, host): Plan {
    const { name, state } = args
    const warnings = args.append && args.groups === undefined ? [LONELY_APPEND] : []
    const touches = [`user:${name}`, `group:${name}`, 'path:/etc', ...homes(args, seen?.home, host)]
    if (state === 'absent') {
      if (seen !== undefined && !host.tools.has('userdel') && !host.tools.has('deluser'))
        return refuse(`${host.name} has no userdel and no deluser`)
      const { force, remove } = args
      return change(seen === undefined ? [] : deleteUser(args, host), touches, { name, state, force, remove })
    }
    const wish: UserWish = {
      ...args,
      ...(args.home === undefined ? {} : { home: at(args.home, host) }),
      keyFile: keyFile(args),
    }
    if (seen === undefined) {
      const lacking = lackingToAdd(wish, host)
      if (lacking.length > 0) return refuse(`${host.name} has no ${lacking.join(' and no ')}`)
      return warned(change(addUser(wish, same !== undefined, host), touches, resultOf(args)), warnings)
    }
    const moved = args.move_home && wish.home !== undefined && wish.home !== seen.home
    const changed = changeUser(wish, seen, line, key !== undefined)
    const lacking = [...new Set(changed.map(({ tool }) => tool))].filter(tool => !host.tools.has(tool))
    if (lacking.length > 0)
      return refuse(
        `${name} differs (${changed.map(({ what, from }) => `${what} is ${from}`).join(', ')}), and ${host.name} has no ${lacking.join(' and no ')}`,
        'install it, or change the account with command',
      )
    const edits =
      home === false && !moved ? [...changed, makeHome(name, wish.home ?? seen.home, wish.skeleton)] : changed
    const { uid, gid, shell, comment } = seen
    const found =
      key === undefined
        ? {}
        : { ssh_key_file: key.path, ssh_public_key: key.publicKey, ssh_fingerprint: key.fingerprint }
    return warned(
      change(edits, touches, { ...resultOf(args), uid, group: gid, home: seen.home, shell, comment, ...found }),
      warnings,
    )
  },
})

const LONELY_APPEND = "'append' is set, but no 'groups' are specified. Use 'groups' for appending new groups."

const keyFile = ({ ssh_key_file, ssh_key_type }: { ssh_key_file?: string; ssh_key_type: string }): string =>
  ssh_key_file ?? `.ssh/id_${ssh_key_type}`

const homeOf = (args: { home?: string }, host: HostInfo): string | undefined =>
  args.home === undefined ? undefined : at(args.home, host)

/** The directories that making, moving or removing the account may change. */
const homes = (args: { name: string; home?: string }, now: string | undefined, host: HostInfo): string[] =>
  [...new Set([now, args.home === undefined ? `/home/${args.name}` : at(args.home, host)])].flatMap(path =>
    path === undefined ? [] : [`path:${path}`],
  )

/** What is told in place of a password, as by Ansible. */
const HIDDEN = 'NOT_LOGGING_PASSWORD'

const resultOf = (args: {
  name: string
  state: string
  password?: unknown
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
  ...(args.password === undefined ? {} : { password: HIDDEN }),
})
