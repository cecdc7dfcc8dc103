import { spawn, spawnSync } from 'node:child_process'

/** What to do on the terminal: once `expect` is on the screen, `send` is typed, or the terminal goes away. */
export interface Move {
  readonly expect: string
  readonly send?: string
  /** The terminal is closed, as when its window is. */
  readonly hangUp?: true
}

export interface PtyOptions {
  readonly rows?: number
  readonly columns?: number
  readonly env?: Record<string, string>
  readonly moves?: readonly Move[]
  /** Seconds after which the program is killed; the default is 20. */
  readonly limit?: number
}

/** What was on the screen, raw, and how the program ended: its status, or minus the signal's number. */
export interface PtyResult {
  readonly screen: string
  readonly status: number
}

/** A pseudo-terminal by Python, since Node has none: the program is its session leader. */
const PYTHON = `
import base64, fcntl, json, os, pty, select, signal, struct, sys, termios, time
job = json.load(sys.stdin)
pid, fd = pty.fork()
if pid == 0:
    time.sleep(0.1)
    os.environ.update(job['env'])
    for name in job['without']:
        os.environ.pop(name, None)
    os.execvp(job['argv'][0], job['argv'])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', job['rows'], job['columns'], 0, 0))
moves, screen, seen, open_ = list(job['moves']), b'', 0, True
end = time.time() + job['limit']
while open_ and time.time() < end:
    ready, _, _ = select.select([fd], [], [], 0.2)
    if ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            data = b''
        if not data:
            break
        screen += data
    if moves and moves[0]['expect'].encode() in screen[seen:]:
        move = moves.pop(0)
        seen = len(screen)
        if move.get('hangUp'):
            os.close(fd)
            open_ = False
        else:
            os.write(fd, move['send'].encode())
status = None
while time.time() < end:
    done, code = os.waitpid(pid, os.WNOHANG)
    if done:
        status = os.waitstatus_to_exitcode(code)
        break
    time.sleep(0.02)
if status is None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    status = -999
print(json.dumps({'screen': base64.b64encode(screen).decode(), 'status': status}))
`

/** Why no pseudo-terminal can be had here; undefined when one can. */
export const noPty = (): string | undefined =>
  spawnSync('python3', ['-c', 'import pty']).status === 0 ? undefined : 'python3 is not here to make a terminal'

/** Runs a program on a terminal of its own. Variables that would steer colours and the live view are taken away first. */
export function onPty(argv: readonly string[], options: PtyOptions = {}): Promise<PtyResult> {
  const job = {
    argv,
    rows: options.rows ?? 24,
    columns: options.columns ?? 80,
    env: { TERM: 'xterm-256color', ...options.env },
    without: ['CI', 'NO_COLOR', 'FORCE_COLOR', 'ANSIBLE_NOCOLOR', 'ANSIBLE_FORCE_COLOR'].filter(
      name => !(name in (options.env ?? {})),
    ),
    moves: options.moves ?? [],
    limit: options.limit ?? 20,
  }
  return new Promise((resolve, reject) => {
    const python = spawn('python3', ['-c', PYTHON], { stdio: ['pipe', 'pipe', 'inherit'] })
    // Not by argv: what is typed may be a password.
    python.stdin.end(JSON.stringify(job))
    let text = ''
    python.stdout.setEncoding('utf8').on('data', part => {
      text += part
    })
    python.on('error', reject)
    python.on('close', code => {
      if (code !== 0) return reject(new Error(`the terminal ended with ${code}`))
      const { screen, status } = JSON.parse(text)
      resolve({ screen: Buffer.from(screen, 'base64').toString('utf8'), status })
    })
  })
}
