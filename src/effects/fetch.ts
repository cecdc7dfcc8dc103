import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Content } from '../kit/effect.ts'
import type { Place } from '../transport/place.ts'
import { dial } from './dial.ts'
import { meter } from './meter.ts'
import { tellOrThrow } from './outcome.ts'
import { ask } from './request.ts'

/** A URL's bytes in a private file of the controller, or why there are none. */
export type Fetched =
  | {
      readonly file: string
      readonly size: number
      readonly status: number
      readonly message: string
      remove(): Promise<void>
    }
  | { readonly failed: string; readonly remedy?: string }

/** Fetches a URL whole; a body shorter than its Content-Length is a failure, not a file. */
export async function fetchUrl(content: Extract<Content, { url: string }>, place: Place): Promise<Fetched> {
  const dir = await mkdtemp(join(tmpdir(), 'regplay-fetch-'))
  const remove = () => rm(dir, { recursive: true, force: true })
  const { timeout = 10 } = content
  try {
    const { message } = await ask(
      {
        url: content.url,
        method: 'GET',
        headers: content.headers ?? {},
        timeout,
        signal: place.signal,
        ...(content.auth === undefined ? {} : { auth: content.auth }),
        ...(content.ca === undefined ? {} : { ca: content.ca }),
        ...(content.insecure === undefined ? {} : { insecure: content.insecure }),
        ...(content.via === 'target'
          ? { connect: (host: string, port: number) => dial(host, port, timeout, place) }
          : {}),
      },
      10,
    )
    const status = message.statusCode ?? 0
    if (status !== 200) {
      message.destroy()
      await remove()
      return {
        failed: `${content.url} answered ${status} ${message.statusMessage ?? ''}`.trim(),
        remedy: 'check the URL; 404 means that nothing is there',
      }
    }
    const total = Number(message.headers['content-length'] ?? 0)
    const file = join(dir, 'body')
    const out = createWriteStream(file, { mode: 0o600 })
    await pipeline(message, meter(content.url, total, place), out)
    const size = out.bytesWritten
    if (total > 0 && size !== total) throw new Error(`${size} of ${total} bytes came`)
    return { file, size, status, message: `OK (${size} bytes)`, remove }
  } catch (error) {
    await remove()
    return { failed: `${content.url} could not be fetched: ${tellOrThrow(error, place)}` }
  }
}
