import { posix } from 'node:path'
import type { HostInfo } from '../kit/host.ts'
import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import { SELINUX_ON } from '../shell/label.ts'
import { REAL_PATH } from '../shell/real-path.ts'
import { raw, type Script, sh } from '../shell/script.ts'

/** What stands at a path of the target. */
export interface Entry {
  readonly type: 'file' | 'directory' | 'link' | 'block' | 'char' | 'fifo' | 'socket'
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Names; '' where the host cannot tell them. */
  readonly owner: string
  readonly group: string
  readonly size: number
  /** Device and inode: equal for hard links of one file. */
  readonly identity: string
  /** Its SELinux label; absent where SELinux is off. */
  readonly label?: string
  /** What a symbolic link holds. */
  readonly target?: string
}

/** Texts up to this many bytes are fetched to be shown in a diff. */
export const SHOWN = 100 * 1024

/**
 * What `stat -c` of GNU and BusyBox prints for an `Entry`. No times: a busy directory's would change between looking and
 * acting, and nothing is decided by them.
 */
const FORMAT = '%f %u %g %s %d:%i %U:%G'

/** By the file type bits of st_mode. (Biome 2.6 rewrites octal keys into other numbers: keep these decimal.) */
const TYPES: Readonly<Record<number, Entry['type']>> = {
  12: 'socket',
  10: 'link',
  8: 'file',
  6: 'block',
  4: 'directory',
  2: 'char',
  1: 'fifo',
}

/** A path of the target as every question and effect spells it: `~` and `$HOME` opened, no doubled or trailing slashes. */
export function at(path: string, host: HostInfo): string {
  const home = () => host.home
  const opened = path.replace(/^~(?=\/|$)/, home).replaceAll(/\$(?:HOME\b|\{HOME\})/g, home)
  const clean = opened.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
  return clean.startsWith('-') ? `./${clean}` : clean
}

/** The path covers what is under it. */
export const reads = (path: string): readonly string[] => [`path:${path}`]

/** The words with which libc says that nothing is there; anything else (permission, I/O) does not answer. */
export const saysAbsent = (answer: Answer): boolean =>
  /(?:No such file or directory|Not a directory)$/.test(answer.stderr.trimEnd())

/** What stands at a path, undefined when nothing does. A link is reported as itself unless followed. */
export const entry = (path: string, follow = false): TargetQuestion<Entry | undefined> =>
  ask(
    follow
      ? statOf(sh`${path}`, '-L')
      : sh`${statOf(sh`${path}`, '')} && { [ ! -L ${path} ] || readlink -n -- ${path}; }`,
    reads(path),
    answer => {
      if (!answer.ok) return absentOr(path, answer)
      const end = answer.stdout.indexOf('\n')
      return parse(answer.stdout.slice(0, end), answer.stdout.slice(end + 1))
    },
  )

/** The words with which libc says that links lead in a circle, or below themselves. */
const saysEndless = (answer: Answer): boolean =>
  /(?:Too many levels of symbolic links|Symbolic link loop)$/.test(answer.stderr.trimEnd())

/** What stands at a path; `endless` where links on the way lead in a circle or below themselves: nothing is there, nor can be. */
export type Reached = Entry | 'endless' | undefined

/** As `entry`, where that cannot tell because links never end. */
export const reached = (path: string, follow = false): TargetQuestion<Reached> => {
  const question = entry(path, follow)
  return { ...question, read: answer => (saysEndless(answer) ? 'endless' : question.read(answer)) }
}

/** Shell text that prints one line on a word of shell text, the label first where SELinux is on; `ls` where there is no `stat`. */
export const statOf = (word: Script, flag: '-L' | ''): Script =>
  sh`if ${SELINUX_ON} && o=$(LC_ALL=C stat ${raw(flag)} -c ${`%C ${FORMAT}`} -- ${word} 2>/dev/null); then printf '%s\n' "$o"; else ${plainStatOf(word, flag)}; fi`

const plainStatOf = (word: Script, flag: '-L' | ''): Script =>
  sh`{ LC_ALL=C stat ${raw(flag)} -c ${FORMAT} -- ${word} || { [ $? = 127 ] && LC_ALL=C ls -ldn${raw(flag.slice(1))} -- ${word}; }; }`

/** Nothing there, or the reason why it cannot be told. */
export function absentOr(path: string, answer: Answer): undefined {
  if (saysAbsent(answer)) return undefined
  throw new CouldNotTell(`cannot look at ${path}: ${answer.stderr.trim() || `status ${answer.code}`}`)
}

/** A line of `stat` behind a label, or behind what a stat says that knows of none. */
const LABELLED = /^(\S+) ([0-9a-f]+ \d+ \d+ \d+ (?:\d+:\d+|-) .*)$/s

/** Reads a line of `stat -c FORMAT` or of `ls -ldn`. */
export function parse(line: string, target: string): Entry {
  const [, head = '', plain = line] = LABELLED.exec(line) ?? []
  const link = { ...(head.includes(':') ? { label: head } : {}), ...(target === '' ? {} : { target }) }
  const words = plain.split(' ')
  const [bits, uid, gid, size, identity] = words
  if (bits !== undefined && /^[0-9a-f]+$/.test(bits) && identity !== undefined) {
    const all = Number.parseInt(bits, 16)
    const [owner = '', group = ''] = words.slice(5).join(' ').split(':')
    return {
      type: TYPES[all >> 12] ?? 'file',
      mode: all & 0o7777,
      uid: Number(uid),
      gid: Number(gid),
      owner: owner === 'UNKNOWN' ? '' : owner,
      group: group === 'UNKNOWN' ? '' : group,
      size: Number(size),
      identity,
      ...link,
    }
  }
  return { ...parseLs(line), ...link }
}

const LS_TYPES: Readonly<Record<string, Entry['type']>> = {
  '-': 'file',
  d: 'directory',
  l: 'link',
  b: 'block',
  c: 'char',
  p: 'fifo',
  s: 'socket',
}

function parseLs(line: string): Entry {
  const [, type = '-', bits = '', uid, gid, size = '0'] = /^(.)(.{9})\S*\s+\d+\s+(\d+)\s+(\d+)\s+(\d+)/.exec(line) ?? []
  if (uid === undefined) throw new CouldNotTell(`cannot read the line ${JSON.stringify(line)} of stat or ls`)
  const special = (at: number, value: number) => (/[sStT]/.test(bits[at] ?? '') ? value : 0)
  const plain = [...bits].reduce((mode, bit) => (mode << 1) | (/[rwxst]/.test(bit) ? 1 : 0), 0)
  const mode = plain | special(2, 0o4000) | special(5, 0o2000) | special(8, 0o1000)
  return {
    type: LS_TYPES[type] ?? 'file',
    mode,
    uid: Number(uid),
    gid: Number(gid),
    owner: '',
    group: '',
    size: Number(size),
    identity: '',
  }
}

/** Digest algorithms by Ansible's names and the commands that compute them. */
export type Algorithm = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

/** Shell text that reads standard input and prints its digest first. */
export const digester = (algorithm: Algorithm): Script =>
  raw(`{ ${algorithm}sum; [ $? != 127 ] || openssl dgst -${algorithm} -r; }`)

/** The digest of a file in hex, undefined when there is none or it is no regular file. */
export const digest = (path: string, algorithm: Algorithm): TargetQuestion<string | undefined> =>
  ask(
    sh`[ -f ${path} ] || { LC_ALL=C ls -ld -- ${path} >/dev/null && echo none; exit; }; h=$(${digester(algorithm)} <${path}) && printf '%s\n' "\${h%% *}"`,
    reads(path),
    answer => {
      if (!answer.ok) return absentOr(path, answer)
      if (answer.stdout === 'none\n') return undefined
      const hex = /^[0-9a-f]{32,128}\n$/.exec(answer.stdout)?.[0]
      if (hex === undefined)
        throw new CouldNotTell(`cannot compute the ${algorithm} of ${path}: ${answer.stderr.trim()}`)
      return hex.trimEnd()
    },
  )

/** The bytes of a file (through links), undefined when there is none. A directory or more than a megabyte does not answer. */
export const bytes = (path: string): TargetQuestion<Buffer | undefined> =>
  ask(sh`LC_ALL=C cat -- ${path}`, reads(path), answer => (answer.ok ? answer.stdoutBytes : absentOr(path, answer)))

/** The text of a file (through links), undefined when there is none. Bytes that are no UTF-8 do not answer. */
export const text = (path: string): TargetQuestion<string | undefined> => {
  const question = bytes(path)
  return {
    ...question,
    read: answer => {
      const seen = question.read(answer)
      const decoded = seen?.toString('utf8')
      if (seen !== undefined && !Buffer.from(decoded ?? '').equals(seen))
        throw new CouldNotTell(`${path} is not UTF-8 text`)
      return decoded
    },
  }
}

/** A sign of a pattern as shell text: in brackets only a leading `!` and the dashes of ranges mean something. */
const sign = (part: string): string => {
  const [, not = '', inside] = /^\[(!?)(.*)\]$/s.exec(part) ?? []
  if (inside === undefined) return part
  return `[${not}${inside.replaceAll(/[^\w-]/gu, letter => sh`${letter}`.wire)}]`
}

/** A pattern (`*`, `?`, `[...]`) as a word that the shell matches; all else stands for itself. */
export const globWord = (pattern: string): Script =>
  raw(
    pattern
      .split(/([*?]|\[[^\]/]*\])/)
      .map((part, i) => (i % 2 ? sign(part) : part && sh`${part}`.wire))
      .join(''),
  )

/** Whether a pattern (`*`, `?`, `[...]`) matches anything, looked at from a directory. */
export const matches = (pattern: string, from: string | undefined, host: HostInfo): TargetQuestion<boolean> => {
  const path = at(pattern, host)
  const word = globWord(path)
  const go = from === undefined ? raw('') : sh`cd -- ${from} && `
  const whole = path.startsWith('/') || from === undefined ? path : posix.join(from, path)
  return ask(
    sh`${go}for f in ${word}; do if [ -e "$f" ] || [ -L "$f" ]; then echo yes; break; fi; done`,
    reads(whole.replace(/\/?[^/]*[*?[].*$/s, '') || '/'),
    answer => answer.stdout === 'yes\n',
  )
}

/** The path that a link leads to, be it there or not; any other path as it is. */
export const real = (path: string): TargetQuestion<string> =>
  ask(
    sh`if [ -L ${path} ]; then ${REAL_PATH}
real_path ${path}; fi`,
    reads(path),
    answer => answer.stdout || path,
  )
