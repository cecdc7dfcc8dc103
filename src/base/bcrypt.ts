import { TooCostly } from './crypt-error.ts'

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const ROUNDS = 16
/** Words of the key schedule, and of the four boxes of 256. */
const [SUBKEYS, BOXES] = [ROUNDS + 2, 4 * 256]
const LONGEST_KEY = 72
const MOST_COST = 18

/** atan(1 / x) with so many bits after the point. */
function inverseTangent(x: bigint, bits: bigint): bigint {
  let term = (1n << bits) / x
  let sum = term
  for (let divisor = 3n, sign = -1n; term !== 0n; divisor += 2n, sign = -sign) {
    term /= x * x
    sum += (sign * term) / divisor
  }
  return sum
}

/** What Blowfish begins with: the digits of pi after its point, in words of 32 bits. Made when it is first needed. */
function piWords(): Uint32Array {
  const [count, guard] = [SUBKEYS + BOXES, 64n]
  const bits = BigInt(count * 32) + guard
  const pi = 16n * inverseTangent(5n, bits) - 4n * inverseTangent(239n, bits)
  const hex = ((pi - (3n << bits)) >> guard).toString(16).padStart(count * 8, '0')
  return Uint32Array.from({ length: count }, (_word, index) => Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16))
}

let digits: Uint32Array | undefined

/** Bytes taken again and again, four at a time. */
class Stream {
  readonly #bytes: Uint8Array
  #at = 0
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }
  word(): number {
    let word = 0
    for (let count = 0; count < 4; count++) {
      word = (word << 8) | (this.#bytes[this.#at] ?? 0)
      this.#at = (this.#at + 1) % this.#bytes.length
    }
    return word >>> 0
  }
}

class Blowfish {
  readonly #keys: Uint32Array
  readonly #boxes: Uint32Array
  left = 0
  right = 0

  constructor() {
    digits ??= piWords()
    this.#keys = digits.slice(0, SUBKEYS)
    this.#boxes = digits.slice(SUBKEYS)
  }

  /** Encrypts the block in `left` and `right`. */
  encrypt(): void {
    const [keys, boxes] = [this.#keys, this.#boxes]
    let [left, right] = [this.left ^ (keys[0] ?? 0), this.right]
    for (let round = 1; round <= ROUNDS; round++) {
      const sum =
        (((((boxes[left >>> 24] ?? 0) + (boxes[256 + ((left >>> 16) & 255)] ?? 0)) ^
          (boxes[512 + ((left >>> 8) & 255)] ?? 0)) >>>
          0) +
          (boxes[768 + (left & 255)] ?? 0)) |
        0
      const next = right ^ sum ^ (keys[round] ?? 0)
      right = left
      left = next
    }
    this.left = (right ^ (keys[ROUNDS + 1] ?? 0)) >>> 0
    this.right = left >>> 0
  }

  /** Mixes the key into the state; with a salt also that. */
  expand(key: Uint8Array, salt?: Uint8Array): void {
    const words = new Stream(key)
    for (let index = 0; index < SUBKEYS; index++) this.#keys[index] = (this.#keys[index] ?? 0) ^ words.word()
    const salted = salt && new Stream(salt)
    this.left = 0
    this.right = 0
    for (const part of [this.#keys, this.#boxes]) {
      for (let index = 0; index < part.length; index += 2) {
        if (salted) {
          this.left = (this.left ^ salted.word()) >>> 0
          this.right = (this.right ^ salted.word()) >>> 0
        }
        this.encrypt()
        part[index] = this.left
        part[index + 1] = this.right
      }
    }
  }
}

function encoded(bytes: Uint8Array): string {
  let out = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const group = [bytes[index] ?? 0, bytes[index + 1] ?? 0, bytes[index + 2] ?? 0] as const
    const word = (group[0] << 16) | (group[1] << 8) | group[2]
    const letters = Math.min(3, bytes.length - index) + 1
    for (let letter = 0; letter < letters; letter++) out += ALPHABET[(word >> (18 - 6 * letter)) & 63] ?? ''
  }
  return out
}

function decodedSalt(salt: string): Uint8Array {
  const bytes = new Uint8Array(16)
  let [word, bits, at] = [0, 0, 0]
  for (const letter of salt) {
    word = ((word << 6) | ALPHABET.indexOf(letter)) & 0xffff
    bits += 6
    if (bits >= 8 && at < bytes.length) {
      bits -= 8
      bytes[at++] = (word >> bits) & 255
    }
  }
  return bytes
}

/**
 * bcrypt, as Provos and Mazières specified it.
 * @param salt 22 letters; bits of the last one that mean nothing are cleared
 * @param cost how often the key is mixed in, as a power of two
 */
export function bcrypt(password: string, salt: string, cost: number, ident = '2b'): string {
  if (!/^[./A-Za-z0-9]{22}$/.test(salt))
    throw new RangeError('a salt for bcrypt has 22 letters, digits, dots and slashes')
  if (!/^2[aby]$/.test(ident)) throw new RangeError(`there is no ident '${ident}' of bcrypt; there are 2a, 2b, 2y`)
  if (cost < 4 || cost > 31) throw new RangeError('rounds of bcrypt must be between 4 and 31')
  if (cost > MOST_COST) throw new TooCostly(`more than ${MOST_COST} rounds of bcrypt take too long`)
  const key = new TextEncoder().encode(`${password}\0`).slice(0, LONGEST_KEY)
  const salted = decodedSalt(salt)
  const state = new Blowfish()
  state.expand(key, salted)
  for (let round = 0; round < 2 ** cost; round++) {
    state.expand(key)
    state.expand(salted)
  }
  const out = Buffer.from('OrpheanBeholderScryDoubt')
  for (let block = 0; block < out.length; block += 8) {
    state.left = out.readUInt32BE(block)
    state.right = out.readUInt32BE(block + 4)
    for (let times = 0; times < 64; times++) state.encrypt()
    out.writeUInt32BE(state.left, block)
    out.writeUInt32BE(state.right, block + 4)
  }
  return `$${ident}$${String(cost).padStart(2, '0')}$${encoded(salted)}${encoded(out.subarray(0, 23))}`
}
