import type { IncomingMessage } from 'node:http'
import { posix } from 'node:path'
import { Secret } from '../base/secret.ts'
import { type Dict, dict } from '../base/value.ts'
import type { Http, Outcome } from '../kit/effect.ts'
import type { Place } from '../transport/place.ts'
import { ask, bodyOf } from '../web/request.ts'
import { fromTarget } from './from-target.ts'
import { failure, tellOrThrow } from './outcome.ts'
import { put, standing } from './put.ts'

/** Bodies are read up to this many bytes. */
const BODY = 16 * 1024 * 1024

/**
 * One HTTP request as if from the target: the controller speaks HTTP and TLS, through a TCP connection that starts at
 * the target, so that a machine without curl or Python can be asked what it sees.
 */
export async function http(effect: Http, place: Place): Promise<Outcome> {
  const { body: given, ...asking } = effect
  const body = given === undefined ? {} : { body: given instanceof Secret ? given.reveal() : given }
  const start = Date.now()
  const { save } = effect
  const old = save && (await standing(save.path, place))
  if (old && 'code' in old) return old
  const since = old?.mtime === undefined ? {} : { 'If-Modified-Since': new Date(old.mtime * 1000).toUTCString() }
  try {
    const { url, message } = await ask(
      {
        ...fromTarget(asking, place),
        method: effect.method,
        headers: { ...effect.headers, ...since },
        ...body,
      },
      effect.redirects,
    )
    const bytes = await bodyOf(message, effect, BODY)
    const text = textOf(bytes, message.headers['content-type'] ?? '')
    const told = fields(url, message, url !== effect.url, Math.floor((Date.now() - start) / 1000))
    const done = { code: 0, stdout: text, stderr: '', fields: told }
    if (save === undefined || old === undefined) return done
    const path = old.directory ? posix.join(save.path, nameOf(url, message)) : save.path
    const named = { ...done, fields: new Map([...told, ...dict({ path })]) }
    const status = message.statusCode ?? 0
    if (status === 304 || !save.statuses.includes(status)) return named
    const { statuses: _, ...wish } = save
    const written = await put({ ...wish, kind: 'put', path, content: { bytes } }, place)
    return written.failed === undefined
      ? { ...named, fields: new Map([...named.fields, ...dict({ written: true })]) }
      : { ...written, fields: named.fields }
  } catch (error) {
    const msg = `${effect.method} ${effect.url} brought no answer: ${tellOrThrow(error, place)}`
    const elapsed = Math.floor((Date.now() - start) / 1000)
    const fields = dict({ status: -1, url: effect.url, msg, redirected: false, elapsed })
    return effect.lenient ? { code: 0, stdout: '', stderr: '', fields } : { ...failure(msg), fields }
  }
}

/** The text of a body by the charset that its type names, else UTF-8. */
function textOf(bytes: Buffer, type: string): string {
  const charset = /charset="?([\w.:-]+)/i.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(bytes)
  } catch {
    // A charset that nobody knows.
    return bytes.toString('utf8')
  }
}

/** The name that the server gives, or that stands in the URL; one that leads elsewhere is none. */
function nameOf(url: string, { headers }: IncomingMessage): string {
  const given = /filename="?([^";]+)/.exec(headers['content-disposition'] ?? '')?.[1]
  const name = posix.basename(given ?? new URL(url).pathname)
  return /^\.{0,2}$/.test(name) ? 'index.html' : name
}

/** Headers by the names that Ansible's uri gives them: lower case, dashes as underscores. What is ours, no header can say. */
function fields(
  url: string,
  { statusCode = 0, statusMessage = '', headers }: IncomingMessage,
  redirected: boolean,
  elapsed: number,
): Dict {
  const said = Object.entries(headers).map(([name, value]): [string, string] => [
    name.replaceAll('-', '_'),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  const msg =
    statusCode >= 200 && statusCode < 300
      ? `OK (${headers['content-length'] ?? 'unknown'} bytes)`
      : `HTTP Error ${statusCode}: ${statusMessage}`
  return new Map([...said, ...dict({ url, status: statusCode, msg, redirected, elapsed })])
}
