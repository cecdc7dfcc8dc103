import { createHash, createHmac } from 'node:crypto'
import { linesOf } from './lines.ts'

/** What is to be in a file of known hosts. */
export interface HostWish {
  /** In lower case. */
  readonly host: string
  /** A line of the file. */
  readonly key: string | undefined
  readonly state: 'absent' | 'present'
}

interface HostKey {
  readonly marker: string
  readonly hosts: string
  readonly type: string
  readonly key: string
}

function parse(line: string): HostKey | undefined {
  const words = line.trim().split(/\s+/)
  const marker = words[0]?.startsWith('@') ? (words.shift() ?? '') : ''
  const [hosts = '', type, key] = words
  return hosts.startsWith('#') || type === undefined || key === undefined ? undefined : { marker, hosts, type, key }
}

const mac = (salt: Buffer, host: string): string => createHmac('sha1', salt).update(host).digest('base64')

/** One pattern of ssh: `*` and `?` stand for letters. */
const fits = (pattern: string, host: string): boolean => {
  const text = pattern.toLowerCase().replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(host)
}

/** Whether the hosts of a line are meant by a name, hashed or by patterns, as `ssh-keygen -F` sees it. */
function meant(hosts: string, host: string): boolean {
  const [, salt, hashed] = /^\|1\|([^|]+)\|(.+)$/.exec(hosts) ?? []
  if (salt !== undefined) return mac(Buffer.from(salt, 'base64'), host) === hashed
  const patterns = hosts.split(',')
  if (patterns.some(pattern => pattern.startsWith('!') && fits(pattern.slice(1), host))) return false
  return patterns.some(pattern => fits(pattern, host))
}

/** Whether a key is one for a host. */
export const isFor = (key: string, host: string): boolean => meant(parse(key)?.hosts ?? '', host)

/** A key whose host nobody can read. The salt is made of key and host: the same line comes of the same wish. */
export function hashed(key: string, host: string): string {
  const seen = parse(key)
  if (!seen) return key
  const salt = createHash('sha1').update(`${host}\n${seen.key}`).digest()
  const words = [seen.marker, `|1|${salt.toString('base64')}|${mac(salt, host)}`, seen.type, seen.key]
  return words.filter(word => word !== '').join(' ')
}

/** The text with the key of a host in it, or without it: one of its kind gives way. Without a key every line of the host goes. */
export function withHost(text: string, { host, key, state }: HostWish): string {
  const lines = linesOf(text)
  const found = lines.flatMap((line, i) => {
    const seen = parse(line)
    return seen && meant(seen.hosts, host) ? [{ i, seen }] : []
  })
  const without = (gone: readonly number[]): string => lines.filter((_, i) => !gone.includes(i)).join('')
  if (key === undefined)
    return state === 'present' ? text : without(found.filter(({ seen }) => seen.marker === '').map(({ i }) => i))
  const wanted = parse(key)
  const alike = found.find(({ seen }) => wanted && seen.type === wanted.type)
  const there = alike && wanted && equal(alike.seen, wanted)
  if (state === 'absent') return alike ? without([alike.i]) : text
  if (there) return text
  const rest = alike ? without([alike.i]) : text
  return `${rest}${rest === '' || rest.endsWith('\n') ? '' : '\n'}${key.replace(/\n*$/, '\n')}`
}

/** Hashed hosts that both mean the host are alike whatever their salts. */
const equal = (a: HostKey, b: HostKey): boolean =>
  a.key === b.key &&
  a.marker === b.marker &&
  (a.hosts === b.hosts || (a.hosts.startsWith('|1|') && b.hosts.startsWith('|1|')))
