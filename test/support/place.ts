import { spawn } from 'node:child_process'
import { PassThrough, type Readable } from 'node:stream'
import { Answer } from '../../src/shell/answer.ts'
import { nothing, type Script } from '../../src/shell/script.ts'
import type { Place } from '../../src/transport/place.ts'
import { command, type SHELLS } from './shell.ts'

/** A shell as the place of an effect. */
export function placeOf(shell: (typeof SHELLS)[number]): Place {
  const start = (script: Script, body?: Readable) => {
    const { file, args, path } = command(shell)
    const child = spawn(file, [...args, '-c', script.wire], { env: { PATH: path }, stdio: 'pipe' })
    child.stdin.on('error', () => undefined)
    if (body) body.pipe(child.stdin)
    else child.stdin.end()
    let broken: Error | undefined
    body?.once('error', error => {
      broken = error
      child.stdin.end()
    })
    let stderr = ''
    child.stderr.on('data', (bytes: Buffer) => {
      stderr += bytes.toString()
    })
    const ended = new Promise<Answer>((resolve, reject) =>
      child.on('close', code => (broken ? reject(broken) : resolve(new Answer(code, '', stderr)))),
    )
    return { stdout: child.stdout, ended }
  }
  const session = {
    send: (_: unknown, script: Script, body: Readable) => start(script, body).ended,
    receive: async (_: unknown, script: Script) => {
      const { stdout, ended } = start(script)
      const through = stdout.pipe(new PassThrough(), { end: false })
      ended.then(({ code, stderr }) => (code === 0 ? through.end() : through.destroy(new Error(stderr))))
      return through
    },
  }
  return {
    session: session as unknown as Place['session'],
    shell: { identity: { become: 'none', user: '' } } as unknown as Place['shell'],
    signal: new AbortController().signal,
    environment: nothing,
    progress: () => undefined,
  }
}
