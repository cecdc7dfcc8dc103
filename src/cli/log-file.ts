import { closeSync, writeSync } from 'node:fs'
import { openOutput } from './output-file.ts'

/** Two digits, or as many as are wanted. */
const digits = (number: number, count = 2): string => String(number).padStart(count, '0')

/** The moment as Ansible's log has it, in local time: `2026-01-31 08:05:09,042`. */
export function stamp(at: Date): string {
  const day = [at.getFullYear(), digits(at.getMonth() + 1), digits(at.getDate())].join('-')
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(part => digits(part)).join(':')
  return `${day} ${time},${digits(at.getMilliseconds(), 3)}`
}

/** A file to which lines are added, each behind its moment and who wrote it; only its owner reads it. */
export function logFile(
  path: string,
  who: string,
  now: () => Date,
): { write: (text: string) => void; close: () => void } {
  const fd = openOutput(path, 'a', 'the log')
  return {
    write: text => {
      const head = `${stamp(now())} p=${process.pid} u=${who} n=regplay | `
      for (const line of text.split('\n')) if (line.trim() !== '') writeSync(fd, `${head}${line}\n`)
    },
    close: () => closeSync(fd),
  }
}
