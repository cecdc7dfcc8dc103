import type { Readable, Writable } from 'node:stream'

/** Bytes that have passed, in both directions. */
export interface Counted {
  sent: number
  received: number
}

/** Counts what is written to and read from streams that keep no count of their own. The readers must be flowing. */
export function countBytes(
  into: Writable,
  from: readonly Readable[],
  counted: Counted = { sent: 0, received: 0 },
): Counted {
  const write = into.write.bind(into)
  into.write = ((chunk: Buffer | string, ...rest: []) => {
    counted.sent += Buffer.byteLength(chunk)
    return write(chunk, ...rest)
  }) as typeof into.write
  for (const stream of from)
    stream.on('data', (chunk: Buffer) => {
      counted.received += chunk.length
    })
  return counted
}
