import { type Dict, dict } from '../base/value.ts'
import type { Http, Outcome } from '../kit/effect.ts'
import type { Place } from '../transport/place.ts'
import { failure } from './outcome.ts'
import { ask } from './request.ts'

/** Bodies are read up to this many bytes. */
const BODY = 16 * 1024 * 1024

/**
 * One HTTP request as if from the target: the controller speaks HTTP and TLS, through a TCP connection that starts at
 * the target, so that a machine without curl or Python can be asked what it sees.
 */
export async function http(effect: Http, place: Place): Promise<Outcome> {
  const body =
    effect.body === undefined ? {} : { body: typeof effect.body === 'string' ? effect.body : effect.body.reveal() }
  try {
    const { url, message } = await ask(
      {
        url: effect.url,
        method: effect.method,
        headers: effect.headers,
        timeout: effect.timeout,
        signal: place.signal,
        connect: (host, port) => place.session.connect(host, port, place.signal),
        ...body,
        ...(effect.ca === undefined ? {} : { ca: effect.ca }),
        ...(effect.insecure === undefined ? {} : { insecure: effect.insecure }),
      },
      effect.redirects,
    )
    const text = await read(message)
    return {
      code: 0,
      stdout: text,
      stderr: '',
      fields: fields(url, message.statusCode ?? 0, message.statusMessage ?? '', message.headers, text),
    }
  } catch (error) {
    if (place.signal.aborted) throw error
    return {
      ...failure(`${effect.method} ${effect.url} brought no answer: ${(error as Error).message}`),
      fields: dict({ status: -1, url: effect.url }),
    }
  }
}

async function read(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > BODY) throw new Error(`the body is larger than ${BODY} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Header names as Ansible's uri returns them: lower case, dashes as underscores. */
function fields(
  url: string,
  status: number,
  reason: string,
  headers: NodeJS.Dict<string | string[]>,
  text: string,
): Dict {
  const out = dict({ url, status, msg: `${status} ${reason}`.trim(), content_body: text, redirected: false })
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) out.set(name.replaceAll('-', '_'), Array.isArray(value) ? value.join(', ') : value)
  }
  return out
}
