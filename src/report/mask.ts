import { toUSVString } from 'node:util'
import type { Emit, Event } from '../base/event.ts'
import { type Secret, watchSecrets } from '../base/secret.ts'
import { Replacer } from './replacer.ts'

/** Shorter values would blacken half of every text, and are no secrets. */
const SHORTEST = 4
/** Parts of a value (lines, encodings that start in its middle) say something only when they are this long. */
const SHORTEST_PART = 8

/**
 * The last sweep over everything that leaves the program: the values of known secrets, in every form in which shells,
 * servers and encodings hand them back, are replaced by their labels. It knows every `Secret` that is made after it: passwords,
 * what a vault held, keys that hosts gave out. It is a net under `Secret`, not instead of it.
 */
export class Mask {
  readonly #known = new Set<string>()
  readonly #forms = new Replacer(SHORTEST)

  constructor() {
    watchSecrets(secret => this.add(secret))
  }

  /** From now on this value is never shown. */
  add(secret: Secret): void {
    const value = secret.reveal()
    if (value.length < SHORTEST || this.#known.has(value)) return
    this.#known.add(value)
    for (const form of formsOf(value)) this.#forms.add(form, secret.toString())
  }

  /** A text without known secrets. */
  text(text: string): string {
    return this.#forms.replace(text)
  }

  /** JSON data without known secrets, in values and in keys. */
  data(data: unknown): unknown {
    if (this.#forms.size === 0) return data
    if (typeof data === 'string') return this.text(data)
    if (typeof data === 'number' || typeof data === 'bigint') return this.#forms.get(String(data)) ?? data
    if (Array.isArray(data)) return data.map(item => this.data(item))
    if (typeof data !== 'object' || data === null) return data
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [this.text(key), this.data(value)]))
  }
}

/** Fields of an event whose few words are ours; a password that is one of them must not spoil what renderers go by. */
const OURS: ReadonlySet<string> = new Set(['type', 'status', 'action'])

/**
 * Hands events on without known secrets. Every renderer stands behind it. Names of fields, numbers and the counts at the end
 * are ours as well: they stay.
 */
export const masked =
  (mask: Mask, emit: Emit): Emit =>
  event => {
    if (event.type === 'recap' || event.type === 'stats') return emit(event)
    const fields = Object.entries(event).map(([name, value]) => [
      name,
      OURS.has(name) || typeof value === 'number' ? value : mask.data(value),
    ])
    emit(Object.fromEntries(fields) as Event)
  }

/** Every form in which a value may come back. */
function formsOf(value: string): Set<string> {
  const forms = new Set<string>()
  const put = (form: string, shortest: number) => {
    if (form.length >= shortest) forms.add(form)
  }
  for (const form of quotedForms(value)) put(form, SHORTEST)
  for (const form of encodedForms(Buffer.from(value))) put(form, SHORTEST_PART)
  const lines = value.split(/\r?\n/)
  // The armour of a key is the same for all keys: masking it would tell nothing and hide much.
  for (const line of lines.length > 1 ? lines.filter(line => !line.startsWith('-----')) : [])
    for (const form of [...quotedForms(line), ...encodedForms(Buffer.from(line))]) put(form, SHORTEST_PART)
  return forms
}

/** As it is, and as JSON, shells, Python and URLs write it. */
function quotedForms(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1)
  const ascii = json.replace(/[\u007f-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  // encodeURIComponent throws on half a surrogate pair, which is no text that a server would take either.
  const url = encodeURIComponent(toUSVString(value))
  const strict = url.replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase())
  return [
    ...[value, value.replaceAll('\n', '\r\n'), value.trim()],
    ...[json, ascii, JSON.stringify(json).slice(1, -1)],
    ...[value.replaceAll("'", `'\\''`), value.replaceAll("'", `'"'"'`), value.replace(/["$`\\]/g, '\\$&')],
    ...[value.replace(/[^A-Za-z0-9_/.:=@%+,\u0080-\uffff-]/g, '\\$&'), value.replace(/['\\]/g, '\\$&')],
    ...[url, strict, strict.replaceAll('%20', '+'), lower(url), lower(strict)],
    ...[value.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)],
  ]
}

/** Hex, and base64 both whole and as it comes out when other bytes stand before and after (as in `user:password`). */
function encodedForms(bytes: Buffer): string[] {
  const shifted = [0, 1, 2].map(offset => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // Characters that share bits with the neighbours cannot be known.
    const from = Math.ceil((offset * 8) / 6)
    const to = Math.floor(((offset + bytes.length) * 8) / 6)
    return text.slice(from, to)
  })
  const whole = bytes.toString('base64')
  const wrapped = [64, 76].flatMap(width =>
    whole.length > width ? (whole.match(RegExp(`.{1,${width}}`, 'g')) ?? []) : [],
  )
  const base64 = [whole, ...shifted, ...wrapped]
  const url = base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))
  return [...base64, ...url, bytes.toString('hex'), bytes.toString('hex').toUpperCase()]
}
