import type { IncomingMessage } from 'node:http'
import { type Dict, dict } from '../base/value.ts'
import type { Http, Outcome } from '../kit/effect.ts'
import type { Place } from '../transport/place.ts'
import { dial } from './dial.ts'
import { failure, tellOrThrow } from './outcome.ts'
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
  const start = Date.now()
  try {
    const { url, message } = await ask(
      {
        url: effect.url,
        method: effect.method,
        headers: effect.headers,
        timeout: effect.timeout,
        signal: place.signal,
        connect: (host, port) => dial(host, port, effect.timeout, place),
        ...body,
        ...(effect.auth === undefined ? {} : { auth: effect.auth }),
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
      fields: fields(url, message, text, url !== effect.url, Math.floor((Date.now() - start) / 1000)),
    }
  } catch (error) {
    return {
      ...failure(`${effect.method} ${effect.url} brought no answer: ${tellOrThrow(error, place)}`),
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

/** Headers by the names that Ansible's uri gives them: lower case, dashes as underscores. What is ours, no header can say. */
function fields(
  url: string,
  { statusCode = 0, statusMessage = '', headers }: IncomingMessage,
  text: string,
  redirected: boolean,
  elapsed: number,
): Dict {
  const said = Object.entries(headers).map(([name, value]): [string, string] => [
    name.replaceAll('-', '_'),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  const msg = `${statusCode} ${statusMessage}`.trim()
  return new Map([...said, ...dict({ url, status: statusCode, msg, content_body: text, redirected, elapsed })])
}
