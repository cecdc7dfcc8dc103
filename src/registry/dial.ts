import { connect, type Socket } from 'node:net'

/** Milliseconds until a direct connection is given up: on a reachable network a handshake takes far less. */
const PATIENCE = 3000

/**
 * Opens a TCP connection to a registry from this machine. It costs a host nothing, where a tunnel through the host costs
 * round trips; since TLS with the CA of the site proves who answers, a success says as much as one through the host.
 */
export function dialRegistry(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal })
    const late = setTimeout(
      () => end(Object.assign(new Error(`${host}:${port} does not answer`), { code: 'ETIMEDOUT' })),
      PATIENCE,
    )
    const end = (cause?: Error): void => {
      clearTimeout(late)
      socket.off('error', end)
      if (cause === undefined) {
        resolve(socket)
        return
      }
      socket.on('error', () => undefined)
      socket.destroy()
      reject(cause)
    }
    socket.once('connect', () => end())
    socket.on('error', end)
  })
}
