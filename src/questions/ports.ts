import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** A TCP socket that listens on the target. */
export interface Listener {
  readonly address: string
  readonly port: number
  /** `nginx (pid 812)`; '' where the host does not tell. */
  readonly by: string
}

/** Every TCP socket that listens; from the kernel's table, without names, where there is no `ss`. */
export const listeners = (): TargetQuestion<readonly Listener[]> =>
  ask(
    sh`if command -v ss >/dev/null 2>&1; then ss -ltnp; else cat /proc/net/tcp /proc/net/tcp6 2>/dev/null; [ -r /proc/net/tcp ]; fi`,
    ['net:ports'],
    answer => {
      if (!answer.ok) throw new CouldNotTell(`cannot tell which ports are taken: ${answer.stderr.trim()}`)
      return answer.stdout.split('\n').flatMap(line => fromSs(line) ?? fromKernel(line) ?? [])
    },
  )

/** `LISTEN 0 511 0.0.0.0:443 0.0.0.0:* users:(("nginx",pid=812,fd=6))` */
function fromSs(line: string): Listener | undefined {
  const [state, , , local = ''] = line.trim().split(/\s+/)
  const colon = local.lastIndexOf(':')
  const port = Number(local.slice(colon + 1))
  if (state !== 'LISTEN' || colon < 0 || !Number.isInteger(port)) return undefined
  const [, name, pid] = /users:\(\("([^"]*)",pid=(\d+)/.exec(line) ?? []
  return { address: local.slice(0, colon), port, by: name === undefined ? '' : `${name} (pid ${pid})` }
}

/** `0: 00000000:01BB 00000000:0000 0A ...`; 0A is LISTEN. */
function fromKernel(line: string): Listener | undefined {
  const [, address, port] = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A /.exec(line) ?? []
  if (address === undefined || port === undefined) return undefined
  // The bytes of an address stand in the machine's order; only "all addresses" matters to a reader.
  return { address: /^0+$/.test(address) ? '*' : `0x${address}`, port: Number.parseInt(port, 16), by: '' }
}
