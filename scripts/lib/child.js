// A child process with a time limit, whose output is kept and whose whole process group ends with it.
import { spawn } from 'node:child_process'

const KEPT = 4 * 1024 * 1024
const GRACE = 10_000
const running = new Set()

/** Ends every child that still runs; for when the runner itself is told to stop. */
export const endAll = signal => {
  for (const pid of running) kill(pid, signal)
}

function kill(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error
  }
}

/**
 * Runs a command to its end, or to its limit in seconds.
 * @returns {Promise<{code: number | null, late: boolean, output: string, seconds: number}>}
 */
export function run(command, args, { cwd, limit, env = process.env }) {
  const begun = performance.now()
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const pid = child.pid
    if (pid) running.add(pid)
    let output = ''
    let late = false
    const keep = bytes => {
      if (output.length < KEPT) output += bytes.toString('utf8')
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const ends = [
      setTimeout(() => {
        late = true
        if (pid) kill(pid, 'SIGTERM')
      }, limit * 1000),
      setTimeout(() => pid && kill(pid, 'SIGKILL'), limit * 1000 + GRACE),
    ]
    const end = code => {
      for (const timer of ends) clearTimeout(timer)
      if (pid) {
        kill(pid, 'SIGKILL')
        running.delete(pid)
      }
      resolve({ code, late, output, seconds: (performance.now() - begun) / 1000 })
    }
    child.on('error', error => {
      output += `${error.message}\n`
      end(null)
    })
    // `exit`, not `close`: a daemon that a test left behind may hold the pipes for ever.
    child.on('exit', code => setTimeout(() => end(code), 50))
  })
}
