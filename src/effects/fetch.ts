import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Dict, dict, type Value } from '../base/value.ts'
import type { Content } from '../kit/effect.ts'
import type { Place } from '../transport/place.ts'
import { ask, opening } from '../web/request.ts'
import { fromTarget } from './from-target.ts'
import { meter } from './meter.ts'
import { tellOrThrow } from './outcome.ts'

/** Content that a web server has. */
export type UrlContent = Extract<Content, { url: string }>

/** A URL's bytes in a private file of the controller, or why there are none. */
export type Fetched =
  | {
      readonly file: string
      readonly fields: Dict
      remove(): Promise<void>
    }
  | { readonly unchanged: Dict }
  | { readonly head: Dict }
  | { readonly failed: string; readonly remedy?: string; readonly fields: Dict }

/** What servers answer who do not know a method, or do not allow it. */
const NO_HEAD: readonly number[] = [405, 501]

/**
 * Fetches a URL whole; a body shorter than its Content-Length is a failure, not a file. With `since` (seconds since 1970), only
 * what the server has newer; and no body where `enough` says so of its length in bytes, or where only the head is asked for. The
 * fields are those of Ansible's get_url.
 */
export async function fetchUrl(
  content: UrlContent,
  place: Place,
  how: {
    readonly since?: number | undefined
    readonly head?: boolean
    readonly enough?: (length: number | undefined) => boolean
  } = {},
): Promise<Fetched> {
  const { since, head, enough } = how
  const dir = await mkdtemp(join(tmpdir(), 'regplay-fetch-'))
  const remove = () => rm(dir, { recursive: true, force: true })
  const { timeout = 10 } = content
  const start = Date.now()
  const told = (more: Readonly<Record<string, Value>>): Dict =>
    dict({ ...more, elapsed: Math.floor((Date.now() - start) / 1000) })
  const condition = since === undefined ? {} : { 'If-Modified-Since': new Date(since * 1000).toUTCString() }
  try {
    const { message } = await ask(
      {
        ...(content.via === 'target' ? fromTarget(content, place) : { ...content, signal: place.signal }),
        method: head ? 'HEAD' : 'GET',
        headers: { ...content.headers, ...condition },
        timeout,
      },
      10,
    )
    const status = message.statusCode ?? 0
    // Some servers know no HEAD; the body of a GET is left unread then.
    if (head && NO_HEAD.includes(status)) {
      message.destroy()
      await remove()
      return await fetchUrl(content, place, { ...how, head: false, enough: () => true })
    }
    if (status !== 200) {
      message.destroy()
      await remove()
      const said = `HTTP Error ${status}: ${message.statusMessage ?? ''}`
      if (status === 304 && since !== undefined) return { unchanged: told({ status_code: status, msg: said }) }
      return {
        fields: told({ status_code: status, response: said }),
        failed: `${content.url} answered ${status} ${message.statusMessage ?? ''}`.trim(),
        remedy: 'check the URL; 404 means that nothing is there',
      }
    }
    const length = message.headers['content-length']
    const msg = `OK (${length ?? 'unknown'} bytes)`
    const gunzip = opening(content, message)
    if (head || enough?.(length === undefined || gunzip ? undefined : Number(length))) {
      message.destroy()
      await remove()
      return { head: told({ status_code: status, msg }) }
    }
    const total = Number(length ?? 0)
    const file = join(dir, 'body')
    const out = createWriteStream(file, { mode: 0o600 })
    let came = 0
    const counted = meter(content.url, total, place, done => {
      came = done
    })
    await (gunzip ? pipeline(message, counted, gunzip, out) : pipeline(message, counted, out))
    if (total > 0 && came !== total) throw new Error(`${came} of ${total} bytes came`)
    return { file, fields: told({ status_code: status, msg, size: out.bytesWritten }), remove }
  } catch (error) {
    await remove()
    return { fields: told({}), failed: `${content.url} could not be fetched: ${tellOrThrow(error, place)}` }
  }
}
