import { Secret } from '../base/secret.ts'
import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

const DATABASE = ['path:/var/cache/debconf'] as const

/** The questions of a package and their answers; undefined where the host has no debconf. Passwords are left out by debconf itself. */
export const selections = (name: string): TargetQuestion<ReadonlyMap<string, string> | undefined> =>
  ask(sh`l=$(LC_ALL=C debconf-show ${name}) && printf '%s\n' "$l" | sort`, DATABASE, answer => {
    if (answer.code === 127) return undefined
    if (!answer.ok) throw new CouldNotTell(`debconf does not answer: ${answer.stderr.trim()}`)
    const lines = answer.stdout.split('\n').filter(line => line.includes(':'))
    return new Map(
      lines.map(line => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).replaceAll(/^[*\s]+|[*\s]+$/g, ''), line.slice(colon + 1).trim()]
      }),
    )
  })

/** A password that debconf keeps; undefined for a question that it does not know. */
export const password = (name: string, question: string): TargetQuestion<Secret | undefined> =>
  ask(
    sh`printf 'GET %s\n' ${question} | LC_ALL=C debconf-communicate ${name}`,
    DATABASE,
    answer => {
      const [, code, value] = /^(\d+) ?(.*)$/m.exec(answer.stdout) ?? []
      if (code === '0') return new Secret(value ?? '', question)
      // 10 is a question that nobody knows.
      if (code === '10' || answer.code === 127) return undefined
      throw new CouldNotTell(`debconf does not tell ${question}: ${answer.stderr.trim() || answer.stdout.trim()}`)
    },
    { secret: true },
  )
