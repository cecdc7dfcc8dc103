import { ask, CouldNotTell, type Question, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import { known } from './known.ts'
import type { Marks } from './marks.ts'

/** Numbers of an owner and a group; undefined where the host knows no such name. */
export interface Ids {
  readonly uid: number | undefined
  readonly gid: number | undefined
  /** What was seen of a path's label and attributes, where a task speaks of them. */
  readonly marks?: Marks
}

const NUMBER = /^\d+$/
const numberOf = (name: string | undefined): number | undefined =>
  name === undefined ? undefined : name === 'root' ? 0 : NUMBER.test(name) ? Number(name) : undefined

/** A line of a database by its first field: through NSS where there is getent, else from the file. */
export const database = (name: 'passwd' | 'group', key: string): Script =>
  sh`{ getent ${name} ${dashed(key)} ${key}; [ $? != 127 ] || k=${key} awk -F: '$1 == ENVIRON["k"]' ${`/etc/${name}`}; }`

/** What keeps a name from being read as an option, where it could be. Not every getent knows it. */
export const dashed = (key: string): Script => raw(key.startsWith('-') ? '--' : '')

/** The numbers behind an owner's and a group's name. Numbers and root need no asking. */
export const ids = (owner: string | undefined, group: string | undefined): Question<Ids> =>
  isOpen(owner) || isOpen(group) ? askedIds(owner, group) : known({ uid: numberOf(owner), gid: numberOf(group) })

const isOpen = (name: string | undefined): name is string => name !== undefined && numberOf(name) === undefined

/** The same, as a question of two lines in any case. */
export const askedIds = (owner: string | undefined, group: string | undefined): TargetQuestion<Ids> => {
  const user = isOpen(owner) ? sh`u=$(${database('passwd', owner)}); ` : sh``
  const set = isOpen(group) ? sh`g=$(${database('group', group)}); ` : sh``
  return ask(
    sh`${user}${set}printf '%s\n' "$u" "$g"`,
    [...(isOpen(owner) ? [`user:${owner}`] : []), ...(isOpen(group) ? [`group:${group}`] : [])],
    answer => {
      const [passwd = '', line = ''] = answer.stdout.split('\n')
      return { uid: numberOf(owner) ?? field(passwd, 2), gid: numberOf(group) ?? field(line, 2) }
    },
  )
}

const field = (line: string, at: number): number | undefined => {
  const text = line.split(':')[at]
  return text === undefined || text === '' ? undefined : Number(text)
}

/** An account of the target. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly comment: string
  readonly home: string
  readonly shell: string
  /** Name of the primary group. */
  readonly primary: string
  /** Names of all groups, the primary one included. */
  readonly groups: readonly string[]
}

/** An account by name, undefined when there is none. */
export const account = (name: string): TargetQuestion<Account | undefined> =>
  ask(sh`${database('passwd', name)}; id -gn -- ${name}; id -Gn -- ${name}`, [`user:${name}`], answer => {
    const [passwd = '', primary = '', groups = ''] = answer.stdout.split('\n')
    const [login, , uid, gid, comment = '', home = '', shell = ''] = passwd.split(':')
    if (login !== name) {
      if (answer.code === 127) throw new CouldNotTell(`cannot look up the user ${name}: ${answer.stderr.trim()}`)
      return undefined
    }
    return { name, uid: Number(uid), gid: Number(gid), comment, home, shell, primary, groups: groups.split(' ') }
  })

/** The number of a group, undefined when there is none. */
export const groupId = (name: string): TargetQuestion<number | undefined> =>
  ask(database('group', name), [`group:${name}`], answer => field(answer.stdout.split('\n')[0] ?? '', 2))
