import type { Asking } from '../kit/effect.ts'
import { type ControllerQuestion, CouldNotTell, type Vantage } from '../kit/question.ts'
import { NoAnswer, within } from '../web/dial.ts'
import { ask, bodyOf } from '../web/request.ts'

/** Seconds for a page when nobody says otherwise. */
const PATIENCE = 30

/** Bytes of the longest page that is read. */
const LIMIT = 16 * 1024 * 1024

/** Bytes of a page that is a key, or a list of sources. */
const SMALL = 1024 * 1024

/**
 * The bytes of a small file of the web, as the target gets them: by its network and its proxies. All of it has to be there
 * within the time that a page may be silent.
 */
export const smallPage = (asking: Asking): ControllerQuestion<Buffer> => ({
  of: 'controller',
  key: `the bytes of ${JSON.stringify(asking)}`,
  reads: [`net:${asking.url}`],
  ask: async on => {
    const { url, timeout = PATIENCE } = asking
    const said = `${url} cannot be fetched: not all of it came within ${timeout} s`
    try {
      return await within(timeout, on.signal, signal => page(asking, { ...on, signal }, SMALL), said)
    } catch (error) {
      throw error instanceof NoAnswer ? new CouldNotTell(error.message) : error
    }
  },
})

/** The bytes that a URL serves, as the target gets them. Throws CouldNotTell when there are none. */
export async function page(asking: Asking, on: Vantage, limit = LIMIT): Promise<Buffer> {
  const { url, timeout = PATIENCE, direct } = asking
  // A machine that is lost is not a page that cannot be fetched.
  let lost: unknown
  const connect = (host: string, port: number, signal: AbortSignal) =>
    on.connect(host, port, signal).catch((error: unknown) => {
      if (!(error instanceof CouldNotTell) && !signal.aborted) lost = error
      throw error
    })
  let said: string
  try {
    const proxies = direct || on.proxies === undefined ? {} : { proxies: on.proxies }
    const { message } = await ask({ ...asking, method: 'GET', timeout, signal: on.signal, connect, ...proxies }, 10)
    const { statusCode, statusMessage = '' } = message
    if (statusCode === 200) return await bodyOf(message, asking, limit)
    message.destroy()
    said = `answered ${statusCode} ${statusMessage}`.trim()
  } catch (error) {
    if (on.signal.aborted || lost !== undefined) throw lost ?? error
    said = `cannot be fetched: ${(error as Error).message}`
  }
  throw new CouldNotTell(`${url} ${said}`)
}
