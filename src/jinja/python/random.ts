import { createHash, randomInt } from 'node:crypto'

/** A source of chance as Python's `random` module has it. */
export interface Chance {
  /** A whole number from 0 up to, without, `limit`. */
  below(limit: number): number
}

/** Chance that nobody can repeat. */
export const TRUE_CHANCE: Chance = { below: limit => randomInt(0, limit) }

const LENGTH = 624

/** The Mersenne Twister with Python's way of seeding, so that a seed gives the numbers that Ansible gives. */
class MersenneTwister implements Chance {
  readonly #state = new Uint32Array(LENGTH)
  #index = LENGTH

  constructor(key: Uint32Array) {
    this.#start(19650218)
    let [i, j] = [1, 0]
    const at = (index: number): number => this.#state[index] ?? 0
    const mix = (factor: number): number => Math.imul(at(i - 1) ^ (at(i - 1) >>> 30), factor)
    const next = (): void => {
      i += 1
      if (i < LENGTH) return
      this.#state[0] = at(LENGTH - 1)
      i = 1
    }
    for (let count = Math.max(LENGTH, key.length); count > 0; count--) {
      this.#state[i] = (at(i) ^ mix(1664525)) + (key[j] ?? 0) + j
      next()
      j = (j + 1) % key.length
    }
    for (let count = LENGTH - 1; count > 0; count--) {
      this.#state[i] = (at(i) ^ mix(1566083941)) - i
      next()
    }
    this.#state[0] = 0x80000000
  }

  #start(seed: number): void {
    this.#state[0] = seed
    for (let index = 1; index < LENGTH; index++) {
      const before = this.#state[index - 1] ?? 0
      this.#state[index] = Math.imul(1812433253, before ^ (before >>> 30)) + index
    }
  }

  #word(): number {
    if (this.#index >= LENGTH) this.#turn()
    let word = this.#state[this.#index] ?? 0
    this.#index += 1
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    return (word ^ (word >>> 18)) >>> 0
  }

  #turn(): void {
    for (let index = 0; index < LENGTH; index++) {
      const high = (this.#state[index] ?? 0) & 0x80000000
      const mixed = high | ((this.#state[(index + 1) % LENGTH] ?? 0) & 0x7fffffff)
      const far = this.#state[(index + 397) % LENGTH] ?? 0
      this.#state[index] = far ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0)
    }
    this.#index = 0
  }

  #bits(count: number): number {
    if (count <= 32) return this.#word() >>> (32 - count)
    const low = this.#word()
    return (this.#word() >>> (64 - count)) * 2 ** 32 + low
  }

  below(limit: number): number {
    const bits = Math.floor(Math.log2(limit)) + 1
    let number = this.#bits(bits)
    while (number >= limit) number = this.#bits(bits)
    return number
  }
}

/** The words of a big number that is given by its bytes, highest first; the words lowest first. */
function words(bytes: Buffer): Uint32Array {
  const first = bytes.findIndex(byte => byte !== 0)
  if (first < 0) return Uint32Array.from([0])
  const number = bytes.subarray(first)
  const padded = Buffer.concat([Buffer.alloc((4 - (number.length % 4)) % 4), number])
  const count = padded.length / 4
  return Uint32Array.from({ length: count }, (_word, index) => padded.readUInt32BE(4 * (count - 1 - index)))
}

function bytesOf(number: number | bigint): Buffer {
  const hex = (number < 0 ? -BigInt(number) : BigInt(number)).toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
}

/** Chance that repeats: what Python's `Random(seed)` gives for a str or an int. */
export function seeded(seed: string | number | bigint): Chance {
  if (typeof seed !== 'string') return new MersenneTwister(words(bytesOf(seed)))
  const bytes = Buffer.from(seed)
  return new MersenneTwister(words(Buffer.concat([bytes, createHash('sha512').update(bytes).digest()])))
}

/** Python's `random.shuffle`, of a copy. */
export function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  const out = [...list]
  for (let index = out.length - 1; index > 0; index--) {
    const other = chance.below(index + 1)
    const [mine, theirs] = [out[index], out[other]]
    if (mine !== undefined && theirs !== undefined) [out[index], out[other]] = [theirs, mine]
  }
  return out
}
