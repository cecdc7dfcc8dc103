import { inspect } from 'node:util'
import { Secret } from '../base/secret.ts'

/**
 * POSIX sh text, written twice at once: `wire` goes to the target, `shown` goes to people. Both are built hole by hole,
 * so quoting can never lose a mask. Printing a Script in any way gives `shown`.
 */
export class Script {
  readonly #wire: string
  readonly shown: string

  constructor(wire: string, shown: string = wire) {
    this.#wire = wire
    this.shown = shown
  }

  /** What the target's shell reads; may hold secrets. Only `shell/`, `transport/` and `effects/` send it. */
  get wire(): string {
    return this.#wire
  }

  toString(): string {
    return this.shown
  }

  toJSON(): string {
    return this.shown
  }

  [inspect.custom](): string {
    return this.shown
  }
}

/** What may stand in a hole of `sh`: text is quoted as one word, a list as several words, a Script goes in as it is. */
export type Hole = string | number | Secret | Script | readonly (string | number | Secret)[]

/** One word for any POSIX shell. A NUL cannot be passed to a process, so it is refused here. */
export function quote(text: string): string {
  if (text.includes('\0')) throw new RangeError('a NUL byte cannot stand in a shell word')
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** Shell text that is already shell text: the one way in for raw words, so that `grep` finds them. */
export const raw = (text: string): Script => new Script(text)

/** Nothing to run. */
export const nothing: Script = new Script('')

const wireOf = (hole: Hole): string => {
  if (hole instanceof Script) return hole.wire
  if (hole instanceof Secret) return quote(hole.reveal())
  if (typeof hole === 'object') return hole.map(wireOf).join(' ')
  return quote(String(hole))
}

const shownOf = (hole: Hole): string => {
  if (hole instanceof Script) return hole.shown
  if (hole instanceof Secret) return hole.toString()
  if (typeof hole === 'object') return hole.map(shownOf).join(' ')
  return quote(String(hole))
}

/** A script from a template: every hole is quoted, unless it is a Script. */
export function sh(texts: TemplateStringsArray, ...holes: readonly Hole[]): Script {
  const write = (say: (hole: Hole) => string) =>
    (texts as readonly string[]).reduce((text, part, i) => text + say(holes[i - 1] ?? '') + part)
  return new Script(write(wireOf), write(shownOf))
}

/** Several scripts as one, with a separator between them; empty ones are left out. */
export function join(scripts: readonly Script[], separator = '\n'): Script {
  const full = scripts.filter(script => script.wire !== '')
  return new Script(full.map(script => script.wire).join(separator), full.map(script => script.shown).join(separator))
}
