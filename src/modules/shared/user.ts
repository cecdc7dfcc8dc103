import { posix } from 'node:path'
import type { Secret } from '../../base/secret.ts'
import type { HostInfo } from '../../kit/host.ts'
import type { Edit } from '../../kit/plan.ts'
import type { Shadow } from '../../questions/shadow.ts'
import type { Account } from '../../questions/system.ts'
import { join, raw, type Script, sh } from '../../shell/script.ts'
import { run } from './attributes.ts'
import { keygen } from './keygen.ts'

/** What a task wants of an account. */
export interface UserWish {
  readonly name: string
  readonly uid?: number
  readonly non_unique: boolean
  readonly group?: string
  readonly groups?: readonly string[]
  readonly append: boolean
  readonly comment?: string
  readonly home?: string
  readonly shell?: string
  readonly password?: Secret
  readonly password_lock?: boolean
  readonly password_expire_max?: number
  readonly password_expire_min?: number
  readonly password_expire_warn?: number
  readonly expires?: number
  readonly create_home: boolean
  readonly move_home: boolean
  readonly skeleton?: string
  readonly system: boolean
  readonly seuser?: string
  readonly umask?: string
  readonly force: boolean
  readonly remove: boolean
  readonly generate_ssh_key: boolean
  readonly ssh_key_bits?: number
  readonly ssh_key_type: string
  readonly ssh_key_comment?: string
  readonly ssh_key_passphrase?: Secret
  readonly keyFile: string
}

const DAY = 86_400
const option = (flag: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [flag, String(value)]

/** A hash goes in by a pipe: an argument could be read by everybody on the host. `printf` is part of the shell. */
const setPassword = (name: string, password: Secret): Script => sh`printf '%s:%s\n' ${name} ${password} | chpasswd -e`

/** A change of an account, and the tool that makes it. */
interface ToolEdit extends Edit {
  readonly tool: string
}

/** Tools of which a host needs one each to make such an account, and has none. */
export function lackingToAdd(wish: UserWish, host: HostInfo): string[] {
  const full = host.tools.has('useradd')
  const needs: readonly (readonly [needed: boolean, tools: readonly string[]])[] = [
    [true, ['useradd', 'adduser']],
    [!full && (wish.groups ?? []).length > 0, ['addgroup']],
    [wish.password !== undefined, ['chpasswd']],
    [wish.password_lock === true, ['usermod']],
    [aging(wish).length > 0, ['chage']],
    [wish.generate_ssh_key, ['ssh-keygen']],
  ]
  return needs.flatMap(([needed, tools]) =>
    needed && !tools.some(tool => host.tools.has(tool)) ? [tools.join(' and no ')] : [],
  )
}

/** Makes the account; everything that is given goes in at once. */
export function addUser(wish: UserWish, groupIsThere: boolean, host: HostInfo): Edit[] {
  const { name, password, password_lock: lock } = wish
  const make = host.tools.has('useradd') ? useradd(wish, groupIsThere) : adduser(wish)
  const script = join(
    [
      make,
      ...(password === undefined ? [] : [setPassword(name, password)]),
      ...(lock ? [sh`usermod -L -- ${name}`] : []),
      ...aging(wish).map(words => sh`chage ${words} -- ${name}`),
      ...(wish.generate_ssh_key ? [makeKey(wish)] : []),
    ],
    ' && ',
  )
  const by = run(script)
  const more =
    wish.groups === undefined || wish.groups.length === 0
      ? []
      : [{ what: 'groups', from: '', to: wish.groups.join(','), by }]
  return [{ what: name, from: 'absent', to: wish.uid === undefined ? 'user' : `user ${wish.uid}`, by }, ...more]
}

const useradd = (wish: UserWish, groupIsThere: boolean): Script =>
  sh`useradd ${[
    ...option('-u', wish.uid),
    ...(wish.non_unique ? ['-o'] : []),
    ...(wish.group === undefined ? (groupIsThere ? ['-N'] : []) : ['-g', wish.group]),
    ...(wish.groups === undefined || wish.groups.length === 0 ? [] : ['-G', wish.groups.join(',')]),
    ...option('-c', wish.comment),
    ...option('-d', wish.home),
    ...option('-s', wish.shell),
    wish.create_home ? '-m' : '-M',
    ...(wish.create_home ? option('-k', wish.skeleton) : []),
    ...(wish.umask === undefined ? [] : ['-K', `UMASK=${wish.umask}`]),
    ...(wish.expires === undefined ? [] : ['-e', dateOf(wish.expires)]),
    ...(wish.system ? ['-r'] : []),
    ...option('-Z', wish.seuser),
  ]} -- ${wish.name}`

/** BusyBox knows less; groups beyond the first are joined one by one. */
const adduser = (wish: UserWish): Script =>
  join(
    [
      sh`adduser -D ${[
        ...option('-u', wish.uid),
        ...option('-G', wish.group),
        ...option('-g', wish.comment),
        ...option('-h', wish.home),
        ...option('-s', wish.shell),
        ...(wish.create_home ? option('-k', wish.skeleton) : ['-H']),
        ...(wish.system ? ['-S'] : []),
      ]} ${wish.name}`,
      ...(wish.groups ?? []).map(group => sh`addgroup ${wish.name} ${group}`),
    ],
    ' && ',
  )

/** Words for chage, where any aging is asked for. */
const aging = (wish: UserWish): string[][] => {
  const words = [
    ...option('-M', wish.password_expire_max),
    ...option('-m', wish.password_expire_min),
    ...option('-W', wish.password_expire_warn),
  ]
  return words.length === 0 ? [] : [words]
}

const dateOf = (seconds: number): string => (seconds < 0 ? '' : new Date(seconds * 1000).toISOString().slice(0, 10))

/** One edit for each thing that differs. */
export function changeUser(wish: UserWish, seen: Account, line: Shadow | undefined, hasKey: boolean): ToolEdit[] {
  const { name } = wish
  const mod = (
    what: string,
    from: string | number,
    to: string | number | undefined,
    words: readonly string[],
  ): ToolEdit[] =>
    to === undefined || String(from) === String(to)
      ? []
      : [
          {
            what: `${name} ${what}`,
            from: String(from),
            to: String(to),
            by: run(sh`usermod ${words} -- ${name}`),
            tool: 'usermod',
          },
        ]
  const primary = /^\d+$/.test(wish.group ?? '') ? seen.gid : seen.primary
  return [
    ...mod('uid', seen.uid, wish.uid, [...option('-u', wish.uid), ...(wish.non_unique ? ['-o'] : [])]),
    ...mod('group', primary, wish.group, option('-g', wish.group)),
    ...groups(wish, seen),
    ...mod('comment', seen.comment, wish.comment, option('-c', wish.comment)),
    ...mod('home', seen.home, wish.home, [...option('-d', wish.home), ...(wish.move_home ? ['-m'] : [])]),
    ...mod('shell', seen.shell, wish.shell, option('-s', wish.shell)),
    ...inShadow(wish, line),
    ...(wish.generate_ssh_key && !hasKey
      ? [
          {
            what: `${name} SSH key`,
            from: 'absent',
            to: wish.ssh_key_type,
            by: run(makeKey(wish)),
            tool: 'ssh-keygen',
          },
        ]
      : []),
  ]
}

function groups({ name, groups, append }: UserWish, seen: Account): ToolEdit[] {
  if (groups === undefined) return []
  const now = seen.groups.filter(group => group !== seen.primary).sort()
  const wanted = [...new Set(append ? [...now, ...groups] : groups)].filter(group => group !== seen.primary).sort()
  if (now.join() === wanted.join()) return []
  const words = append ? ['-a', '-G', groups.join(',')] : ['-G', groups.join(',')]
  const by = run(sh`usermod ${words} -- ${name}`)
  return [{ what: `${name} groups`, from: now.join(','), to: wanted.join(','), by, tool: 'usermod' }]
}

/** What the shadow file holds: hash, lock, aging. A hash is never shown. */
function inShadow(wish: UserWish, line: Shadow | undefined): ToolEdit[] {
  if (line === undefined) return []
  const { name, password, password_lock: lock, expires } = wish
  const day = expires === undefined ? undefined : expires < 0 ? -1 : Math.trunc(expires / DAY)
  const age = (what: string, flag: string, from: number | undefined, to: number | undefined): ToolEdit[] =>
    to === undefined || (from ?? -1) === to
      ? []
      : [
          {
            what: `${name} ${what}`,
            from: String(from ?? 'never'),
            to: String(to),
            by: run(sh`chage ${flag} ${to} -- ${name}`),
            tool: 'chage',
          },
        ]
  const word = (locked: boolean) => (locked ? 'locked' : 'open')
  return [
    ...(password !== undefined && line.samePassword === false
      ? [
          {
            what: `${name} password`,
            from: 'different',
            to: 'as given',
            by: run(setPassword(name, password)),
            tool: 'chpasswd',
          },
        ]
      : []),
    ...(lock === undefined || lock === line.locked
      ? []
      : [
          {
            what: `${name} password`,
            from: word(!lock),
            to: word(lock),
            by: run(sh`usermod ${lock ? '-L' : '-U'} -- ${name}`),
            tool: 'usermod',
          },
        ]),
    ...age('password_expire_max', '-M', line.max, wish.password_expire_max),
    ...age('password_expire_min', '-m', line.min, wish.password_expire_min),
    ...age('password_expire_warn', '-W', line.warn, wish.password_expire_warn),
    ...age('expires', '-E', line.expires, day),
  ]
}

const keyWords = ({ ssh_key_passphrase: lock, ...wish }: UserWish): Script =>
  sh`-q -t ${wish.ssh_key_type} ${option('-b', wish.ssh_key_bits)} -C ${wish.ssh_key_comment ?? raw('"ansible-generated on $(uname -n)"')} ${lock === undefined ? ['-N', ''] : []} -f "$f"`

const makeKey = (wish: UserWish): Script =>
  sh`{ h=$(u=${wish.name} awk -F: '$1 == ENVIRON["u"] { print $6 }' /etc/passwd); f=${wish.keyFile}; case $f in /*) ;; *) f=$h/$f;; esac; d=\${f%/*}; o=$(id -u -- ${wish.name}):$(id -g -- ${wish.name}); { [ -d "$d" ] || { mkdir -m 0700 -- "$d" && chown "$o" -- "$d"; }; } && ${keygen(keyWords(wish), wish.ssh_key_passphrase, 2)} && chown "$o" -- "$f" "$f.pub"; }`

/** Makes the home directory of an account that is there: as the skeleton, open as far as login.defs says. */
export const makeHome = (name: string, home: string, skeleton = '/etc/skel'): Edit => ({
  what: `${name} home directory`,
  from: 'absent',
  to: home,
  by: run(
    sh`{ [ ! -d ${posix.dirname(home)} ] && mkdir -p -- ${posix.dirname(home)} || :; } && if [ -d ${skeleton} ]; then cp -R -- ${skeleton} ${home}; else mkdir -- ${home}; fi && m=$(awk '$1 == "UMASK" { print $2 }' /etc/login.defs 2>/dev/null); chmod "$(printf %o $((0777 & ~0\${m:-22})))" ${home} && chown -R -- "$(id -u -- ${name}):$(id -g -- ${name})" ${home}`,
  ),
})

/** Removes the account, and with `remove` its home. */
export function deleteUser(
  { name, force, remove }: { name: string; force: boolean; remove: boolean },
  host: HostInfo,
): Edit[] {
  const script = host.tools.has('userdel')
    ? sh`userdel ${[...(force ? ['-f'] : []), ...(remove ? ['-r'] : [])]} -- ${name}`
    : sh`deluser ${remove ? raw('--remove-home') : raw('')} ${name}`
  return [{ what: name, from: 'user', to: 'absent', by: { ...run(script), leaves: name } }]
}
