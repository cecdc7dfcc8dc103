import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { dict } from '../base/value.ts'
import type { Content, Outcome, Put } from '../kit/effect.ts'
import type { Answer } from '../shell/answer.ts'
import { raw, sh } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import type { Fragment } from '../transport/session.ts'
import { fetchUrl } from './fetch.ts'
import { failure, outcomeOf } from './outcome.ts'
import { bytesSource, fileSource, pour, reading, sizeOf } from './pour.ts'
import { type Expected, putScript } from './put-script.ts'

/** Content up to this many bytes travels inside the trip; more goes down a channel of its own. */
const INLINE = 64 * 1024

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

/** The effect as a piece of a trip, when its content is text that a shell word can carry and is small enough; else null. */
export function putFragment(put: Put): Fragment | null {
  const { content } = put
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
  if (answer.code === 0) return backup === undefined ? outcome : { ...outcome, fields: dict({ backup_file: backup }) }
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

interface Source extends Expected {
  open(): Readable
}

/** Size and digest first, so that the target can check what arrives; a file that changes meanwhile is thereby refused. */
async function measure(content: Content, place: Place): Promise<Source> {
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
async function putUrl(effect: Put, content: Extract<Content, { url: string }>, place: Place): Promise<Outcome> {
  const fetched = await fetchUrl(content, place)
  try {
    if ('failed' in fetched) return failure(fetched.failed, fetched.remedy)
    const outcome = await putBytes({ ...effect, content: { file: fetched.file } }, place)
    return {
      ...outcome,
      fields: new Map([
        ...(outcome.fields ?? []),
        ...dict({ status_code: fetched.status, msg: fetched.message, size: fetched.size }),
      ]),
    }
  } finally {
    if ('file' in fetched) await fetched.remove()
  }
}
