import type { Diagnostic } from '../base/diagnostic.ts'
import { fault } from '../pki/verdict.ts'

/** Options of docker run that take a value as the next word. */
const VALUED = new Set([
  '-v',
  '--volume',
  '-p',
  '--publish',
  '-e',
  '--env',
  '--name',
  '--restart',
  '--mount',
  '--network',
  '--net',
  '-w',
  '--workdir',
  '-u',
  '--user',
  '-h',
  '--hostname',
  '-l',
  '--label',
  '--env-file',
  '--entrypoint',
])

/** Faults in the text of a `docker run` command: an option taken as the value of the one before it. */
export function lintDockerRun(text: string): Diagnostic[] {
  const words = text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\s+/)
    .filter(word => word !== '')
  const run = words.findIndex((word, i) => word === 'run' && /(^|\/)docker$/.test(words[i - 1] ?? ''))
  if (run < 0) return []
  const found: Diagnostic[] = []
  for (let i = run + 1; i < words.length; i += 1) {
    const word = words[i] ?? ''
    if (!word.startsWith('-')) break
    const value = words[i + 1]
    if (!VALUED.has(word)) continue
    if (value?.startsWith('-'))
      found.push(
        fault(
          'docker-run-order',
          `docker run: ${word} takes the next word as its value, which is ${value}`,
          `Give ${word} its value, and put ${value} elsewhere before the image`,
        ),
      )
    i += 1
  }
  return found
}
