import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Proxies } from '../kit/host.ts'
import { within } from './dial.ts'

/** A proxy that speaks HTTP. Its URL may hold a password, so only `where` is ever told. */
export interface WebProxy {
  readonly host: string
  readonly port: number
  /** HOST:PORT. */
  readonly where: string
  /** What proves to it who asks. */
  readonly headers: Readonly<Record<string, string>>
}

/** The proxy that the environment names for a URL, as Python reads it: small letters come first, and an empty one means none. */
export function proxyFor(url: URL, proxies: Proxies): WebProxy | undefined {
  const kind = url.protocol.slice(0, -1)
  const said = spelled(`${kind}_proxy`, proxies)
  if (said === '' || spared(url, spelled('no_proxy', proxies))) return undefined
  const text = said.includes('://') ? said : `http://${said}`
  if (!URL.canParse(text)) throw new Error(`the variable ${kind}_proxy is no URL: write http://HOST:PORT`)
  const proxy = new URL(text)
  const port = Number(proxy.port) || 80
  const host = proxy.hostname.replace(/^\[|\]$/g, '')
  if (proxy.protocol !== 'http:' || host === '')
    throw new Error(`the variable ${kind}_proxy names no proxy that speaks HTTP: write http://HOST:PORT`)
  const who = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  const headers: Record<string, string> =
    proxy.username === '' ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(who).toString('base64')}` }
  return { host, port, where: `${proxy.hostname}:${port}`, headers }
}

const spelled = (name: string, proxies: Proxies): string =>
  (proxies.get(name) ?? proxies.get(name.toUpperCase()) ?? '').trim()

/** Whether `no_proxy` names the host, or a domain that it is in. */
function spared({ hostname, host }: URL, names: string): boolean {
  if (names === '*') return true
  const domains = names
    .split(',')
    .map(name => name.trim().replace(/^\.+/, '').toLowerCase())
    .filter(name => name !== '')
  return domains.some(name => [hostname, host].some(own => own === name || own.endsWith(`.${name}`)))
}

/** A connection through a proxy, by the connection to it: what TLS needs, which no proxy can read. */
export const through = (
  tunnel: Duplex,
  { where, headers }: WebProxy,
  target: string,
  seconds: number,
  signal: AbortSignal,
): Promise<Duplex> =>
  within(
    seconds,
    signal,
    bound =>
      new Promise((resolve, reject) => {
        const asked = request({
          method: 'CONNECT',
          path: target,
          headers: { ...headers, Host: target },
          signal: bound,
          createConnection: () => tunnel as never,
        })
        const refused = (status: number | undefined, words: string | undefined) => {
          tunnel.destroy()
          reject(new Error(`the proxy ${where} answered ${status} ${words ?? ''} to CONNECT ${target}`))
        }
        asked.on('connect', ({ statusCode, statusMessage }, socket, head) => {
          if (statusCode !== 200) return refused(statusCode, statusMessage)
          socket.unshift(head)
          return resolve(socket)
        })
        asked.on('response', ({ statusCode, statusMessage }) => refused(statusCode, statusMessage))
        asked.on('error', reject)
        asked.end()
      }),
    `no answer from the proxy ${where} within ${seconds} s`,
  )
