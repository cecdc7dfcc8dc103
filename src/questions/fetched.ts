import { type ControllerQuestion, CouldNotTell } from '../kit/question.ts'

/** Seconds for a small file of the web. */
const PATIENCE = 30

/** Bytes that count as small. */
const LIMIT = 1024 * 1024

/** The bytes of a small file of the web (a key), as this machine gets them. */
export const fetched = (url: string): ControllerQuestion<Buffer> => ({
  of: 'controller',
  key: `the bytes of ${url}`,
  reads: [`net:${url}`],
  ask: async ({ signal }) => {
    try {
      const reply = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE * 1000)]) })
      if (!reply.ok) throw new CouldNotTell(`${url} answered ${reply.status} ${reply.statusText}`)
      const bytes = Buffer.from(await reply.arrayBuffer())
      if (bytes.length > LIMIT) throw new CouldNotTell(`${url} holds ${bytes.length} bytes, which is no key`)
      return bytes
    } catch (error) {
      if (signal.aborted || error instanceof CouldNotTell) throw error
      throw new CouldNotTell(`${url} cannot be fetched: ${(error as Error).message}`)
    }
  },
})
