import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type Dict, dict } from '../base/value.ts'
import type { Content, Outcome, Put } from '../kit/effect.ts'
import { digester } from '../questions/files.ts'
import type { Answer } from '../shell/answer.ts'
import { raw, sh } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import type { Fragment } from '../transport/session.ts'
import { fetchUrl, type UrlContent } from './fetch.ts'
import { failure, outcomeOf } from './outcome.ts'
import { bytesSource, fileSource, pour, reading, sizeOf } from './pour.ts'
import { type Expected, putScript } from './put-script.ts'

/** Content up to this many bytes travels inside the trip; more goes down a channel of its own. */
const INLINE = 64 * 1024

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

/**
 * The effect as a piece of a trip, when its content is made on the target, or is text that a shell word can carry and is
 * small enough; else null.
 */
export function putFragment(put: Put): Fragment | null {
  const { content } = put
  if ('made' in content) return { script: putScript(put, sh`{ ${content.made}; } >"$t" || exit 65`) }
  if (!('text' in content)) return null
  const text = typeof content.text === 'string' ? content.text : content.text.reveal()
  if (text.length > INLINE || text.includes('\0')) return null
  const bytes = Buffer.from(text)
  const wrong = put.checksum === undefined ? null : mismatch(put.checksum, bytes)
  if (wrong) return { script: sh`printf '%s\n' ${wrong} >&2; exit 65` }
  const secret = typeof content.text !== 'string'
  const script = putScript(put, sh`printf %s ${content.text} >"$t" || exit 73`, {
    size: bytes.length,
    sha256: sha256(bytes),
  })
  return { script, ...(secret ? { secret } : {}) }
}

/** Why bytes do not have the checksum that was asked for, or null. */
function mismatch(checksum: string, bytes: Buffer): string | null {
  const [algorithm, wanted] = splitChecksum(checksum)
  const got = createHash(algorithm).update(bytes).digest('hex')
  return got === wanted ? null : `the ${algorithm} of the content is ${got}, wanted ${wanted}`
}

/** `sha256:abc` or a bare sha1, as Ansible takes it. */
const splitChecksum = (checksum: string): [string, string] => {
  const colon = checksum.indexOf(':')
  return colon < 0
    ? ['sha1', checksum.toLowerCase()]
    : [checksum.slice(0, colon), checksum.slice(colon + 1).toLowerCase()]
}

/** Makes the file be these bytes. */
export async function put(effect: Put, place: Place): Promise<Outcome> {
  const fragment = putFragment(effect)
  if (fragment) {
    const [answer] = await place.shell.trip([fragment], { signal: place.signal })
    if (!answer) throw new Error('a trip of one fragment came back empty')
    return putOutcome(effect, answer)
  }
  return 'url' in effect.content ? putUrl(effect, effect.content, place) : putBytes(effect, place)
}

/** A missing directory, a full disk, a failed check: each status of the script as a sentence. */
export function putOutcome(effect: Put, answer: Answer): Outcome {
  const backup = /^regplay-backup (.*)$/m.exec(answer.stdout)?.[1]
  const outcome = outcomeOf(answer)
  if (answer.code === 0) {
    if (backup === undefined) return outcome
    const also = effect.backupField === undefined ? {} : { [effect.backupField]: backup }
    return { ...outcome, fields: dict({ backup_file: backup, ...also }) }
  }
  const said = answer.stderr.trim() || `status ${answer.code}`
  return { ...outcome, failed: `${effect.path} could not be written: ${said}`, ...remedyFor(answer, effect) }
}

const remedyFor = (answer: Answer, effect: Put): { remedy?: string } => {
  if (/no space left/i.test(answer.stderr))
    return { remedy: `free some space on the file system of ${effect.path}; what was there is untouched` }
  if (/read-only file system/i.test(answer.stderr))
    return { remedy: 'the file system is mounted read-only: remount it, or choose another path' }
  if (answer.code === 72) return { remedy: 'make the directory first with the file module, state: directory' }
  return {}
}

/** Bytes at hand or a file of the controller, down a channel of their own. */
async function putBytes(effect: Put, place: Place): Promise<Outcome> {
  const { content } = effect
  if ('file' in content) {
    const size = await sizeOf(content.file)
    if (typeof size !== 'number') return size
  }
  const what = 'file' in content ? content.file : effect.path
  const source = await reading(what, () => measure(content, place))
  if (!('sha256' in source)) return source
  if (effect.checksum !== undefined) {
    const [algorithm, wanted] = splitChecksum(effect.checksum)
    const got = await reading(what, () => digest(source.open(), algorithm))
    if (typeof got !== 'string') return got
    if (got !== wanted) return failure(`the ${algorithm} of the content is ${got}, wanted ${wanted}`)
  }
  const script = putScript(effect, raw('cat >"$t" || exit 73'), source)
  const poured = await pour(script, { what: effect.path, size: source.size, source: source.open() }, place)
  return 'broken' in poured ? poured.broken : putOutcome(effect, poured.answer)
}

export interface Source extends Expected {
  open(): Readable
}

/** Size and digest first, so that the target can check what arrives; a file that changes meanwhile is thereby refused. */
export async function measure(content: Content, place: Place): Promise<Source> {
  if ('file' in content) {
    const handle = await open(content.file)
    try {
      const { size } = await handle.stat()
      const sum = await digest(
        handle.createReadStream({ autoClose: false, highWaterMark: 256 * 1024, signal: place.signal }),
        'sha256',
      )
      return { size, sha256: sum, open: () => fileSource(content.file) }
    } finally {
      await handle.close()
    }
  }
  const bytes =
    'bytes' in content
      ? content.bytes
      : Buffer.from('text' in content ? (typeof content.text === 'string' ? content.text : content.text.reveal()) : '')
  return { size: bytes.length, sha256: sha256(bytes), open: () => bytesSource(bytes) }
}

async function digest(stream: Readable, algorithm: string): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of stream) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/**
 * A URL, fetched by the controller and streamed on. Its digest is known only at the end, so the bytes go to a file of the
 * controller's first: the target must never hold a final name over bytes that nobody has checked.
 */
async function putUrl(effect: Put, content: UrlContent, place: Place): Promise<Outcome> {
  const old = await standing(effect.path, place)
  if ('code' in old) return old
  const { mtime, size, sha1 = null } = old
  const { only, trial } = content
  const head = trial === true && (only === undefined || size === undefined)
  const enough = (length: number | undefined): boolean => trial === true && length !== undefined && length !== size
  const fetched = await fetchUrl(content, place, { since: only === 'newer' ? mtime : undefined, head, enough })
  if ('unchanged' in fetched) return keep(content, fetched.unchanged, place)
  if ('head' in fetched) return { ...DONE, fields: fetched.head }
  if ('failed' in fetched) return { ...failure(fetched.failed, fetched.remedy), fields: fetched.fields }
  const { file } = fetched
  try {
    const source = await digest(fileSource(file), 'sha1')
    const fields = new Map([...fetched.fields, ...dict({ checksum_src: source, checksum_dest: sha1 })])
    if (only !== undefined && source === sha1) return await keep(content, fields, place)
    if (trial) return { ...DONE, fields }
    const outcome = await putBytes({ ...effect, content: { file } }, place)
    return { ...outcome, fields: new Map([...(outcome.fields ?? []), ...fields]) }
  } finally {
    await fetched.remove()
  }
}

/** The file that is there is as it should be, but for what `kept` mends. */
async function keep({ kept, trial }: UrlContent, fields: Dict, place: Place): Promise<Outcome> {
  if (kept === undefined || trial) return { ...DONE, fields }
  const [answer] = await place.shell.trip([{ script: kept }], { signal: place.signal })
  if (!answer) throw new Error('a trip of one fragment came back empty')
  return answer.code === 0 ? { ...DONE, fields } : { ...failure(answer.stderr.trim()), fields }
}

const DONE: Outcome = { code: 0, stdout: '', stderr: '' }

/** A file that is there: when it was written (seconds since 1970), its bytes and digest; nothing where there is none. */
export interface Standing {
  /** It is a directory, and none of the rest is told. */
  readonly directory?: true
  readonly mtime?: number
  readonly size?: number
  readonly sha1?: string
}

/** What stands at a path of the target, links followed, or the failure that it cannot be read. One trip. */
export async function standing(path: string, place: Place): Promise<Standing | Outcome> {
  const script = sh`f=${path}; [ ! -d "$f" ] || echo directory; [ -f "$f" ] || exit 0; stat -L -c '%Y %s' -- "$f" && ${digester('sha1')} <"$f"`
  const [answer] = await place.shell.trip([{ script }], { signal: place.signal })
  if (answer?.code !== 0) return failure(`${path} cannot be read: ${answer?.stderr.trim()}`)
  if (answer.stdout === 'directory\n') return { directory: true }
  const [, mtime, size, sha1] = /^(\d+) (\d+)\n\\?([0-9a-f]{40})/.exec(answer.stdout) ?? []
  return sha1 === undefined ? {} : { mtime: Number(mtime), size: Number(size), sha1 }
}
