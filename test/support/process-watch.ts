import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SELF = fileURLToPath(import.meta.url)

/** Looks at all processes of this kernel, those of the site's hosts too, until it is stopped. */
export interface Watch {
  /** Ends the watch; every command line and environment that was seen, and how often it looked. */
  stop(): Promise<{ seen: readonly string[]; rounds: number }>
}

/** Starts a watch in a process of its own; `report` is a file that it may write, which then holds whatever was seen. */
export async function watchProcesses(report: string): Promise<Watch> {
  const child = spawn(process.execPath, ['--import', 'tsx', SELF, 'watch', report], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => (code === 0 ? resolve() : reject(new Error(`the watch ended with ${code}`))))
  })
  await Promise.race([new Promise(resolve => child.stdout.once('data', resolve)), ended])
  return {
    stop: async () => {
      child.stdin.end()
      await ended
      return JSON.parse(readFileSync(report, 'utf8')) as { seen: string[]; rounds: number }
    },
  }
}

function look(seen: Set<string>): void {
  for (const pid of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(pid)) continue
    for (const what of ['cmdline', 'environ']) {
      try {
        seen.add(readFileSync(`/proc/${pid}/${what}`, 'latin1'))
      } catch {
        // It has ended between the listing and the look.
      }
    }
  }
}

if (process.argv[2] === 'watch') {
  const seen = new Set<string>()
  let rounds = 0
  const timer = setInterval(() => {
    look(seen)
    if (rounds++ === 0) process.stdout.write('on\n')
  }, 5)
  process.stdin.resume().on('end', () => {
    clearInterval(timer)
    writeFileSync(process.argv[3] ?? '', JSON.stringify({ seen: [...seen], rounds }), { mode: 0o600 })
  })
}
