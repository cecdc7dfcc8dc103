import { isDeepStrictEqual } from 'node:util'
import type { Account, Taken } from './account.ts'
import type { Excuse } from './excused.ts'

/** What one side left behind. */
export interface Side {
  readonly exit: number
  readonly account: Account
  /** Of every machine, path to what stands there. */
  readonly files: ReadonlyMap<string, ReadonlyMap<string, string>>
}

/** Differences that nobody excused, a text each, and the excuses that were needed. */
export interface Verdict {
  readonly differences: readonly string[]
  readonly used: ReadonlySet<Excuse>
}

/** Holds what regplay did against what Ansible did. */
export function compare(ansible: Side, regplay: Side, excuses: readonly Excuse[]): Verdict {
  const judge = new Judge(excuses)
  judge.same('all', 'exit status', exitClass(ansible.exit), exitClass(regplay.exit))
  judge.each('recap', ansible.account.recap, regplay.account.recap)
  judge.each('course', ansible.account.course, regplay.account.course)
  for (const [host, taken] of Object.entries(ansible.account.results))
    judge.results(host, taken, regplay.account.results[host] ?? [])
  for (const [machine, files] of ansible.files) judge.files(machine, files, regplay.files.get(machine) ?? new Map())
  return judge
}

/** Refused before the run (Ansible: 1, 4 or 250; regplay: 64 to 77) is one class; so is each of the others. */
const exitClass = (exit: number): string =>
  exit === 0 ? 'done' : [2, 4, 6].includes(exit) ? (['failed', 'unreachable', 'both'][exit / 2 - 1] ?? '') : 'refused'

const show = (value: unknown): string => (value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)))

/** Collects differences that nobody excused. */
export class Judge {
  /** Text of a difference to where it was seen, so that three hosts need not say it three times. */
  readonly #found = new Map<string, string[]>()
  readonly used = new Set<Excuse>()
  readonly #excuses: readonly Excuse[]

  readonly #also: (path: string, ansible: unknown, regplay: unknown) => boolean

  /** @param also says whether a difference that no excuse is for is meant all the same */
  constructor(
    excuses: readonly Excuse[],
    also: (path: string, ansible: unknown, regplay: unknown) => boolean = () => false,
  ) {
    this.#excuses = excuses
    this.#also = also
  }

  get differences(): string[] {
    return [...this.#found].map(([text, where]) => `${where.join(', ')}: ${text}`)
  }

  same(where: string, what: string, ansible: unknown, regplay: unknown): void {
    if (isDeepStrictEqual(ansible, regplay)) return
    const text = `${what}\n    ansible: ${show(ansible)}\n    regplay: ${show(regplay)}`
    this.#found.set(text, [...(this.#found.get(text) ?? []), where])
  }

  each(what: string, ansible: Readonly<Record<string, unknown>>, regplay: Readonly<Record<string, unknown>>): void {
    for (const key of new Set([...Object.keys(ansible), ...Object.keys(regplay)]))
      this.same(key, what, ansible[key], regplay[key])
  }

  /** Results of one host, pair by pair; where the course differs already, that is said once and is enough. */
  results(host: string, ansible: readonly Taken[], regplay: readonly Taken[]): void {
    for (const [i, taken] of ansible.entries()) {
      const other = regplay[i]
      if (other?.task !== taken.task || other.status !== taken.status) return
      this.value(host, '', taken, taken.result, other.result)
    }
  }

  /** Compares values. Goes down into mappings and lists, so that an excuse is for a field and not for all around it. */
  value(where: string, path: string, from: Taken, ansible: unknown, regplay: unknown): void {
    if (isDeepStrictEqual(ansible, regplay)) return
    const excuse = this.#excuses.find(({ field, when }) => field.test(path) && (when?.(ansible, regplay, from) ?? true))
    if (excuse) return void this.used.add(excuse)
    if (isRecord(ansible) && isRecord(regplay)) {
      for (const key of new Set([...Object.keys(ansible), ...Object.keys(regplay)]))
        this.value(where, path === '' ? key : `${path}.${key}`, from, ansible[key], regplay[key])
    } else if (Array.isArray(ansible) && Array.isArray(regplay) && ansible.length === regplay.length) {
      for (const [i, value] of ansible.entries()) this.value(where, `${path}.${i}`, from, value, regplay[i])
    } else if (!this.#also(path, ansible, regplay)) this.same(where, `${from.task}: ${path}`, ansible, regplay)
  }

  files(machine: string, ansible: ReadonlyMap<string, string>, regplay: ReadonlyMap<string, string>): void {
    for (const path of new Set([...ansible.keys(), ...regplay.keys()])) {
      const [left, right] = [ansible.get(path), regplay.get(path)]
      if (left === right) continue
      const excuse = this.#excuses.find(({ field }) => field.test(`file:${path}`))
      if (excuse) this.used.add(excuse)
      else this.same(machine, path, left, right)
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
