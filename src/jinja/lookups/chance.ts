import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import type { Lookup } from '../options.ts'
import { type Chance, seeded, shuffled, TRUE_CHANCE } from '../python/random.ts'
import { toText } from '../python/text.ts'
import { flag, type Options, opened, word } from './shared.ts'

/** One of the terms. */
const randomChoice: Lookup = {
  run: terms => {
    const list = opened(terms)
    const chosen = list[TRUE_CHANCE.below(Math.max(1, list.length))]
    return chosen === undefined ? [] : [chosen]
  },
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const SETS = {
  lower: LOWER,
  upper: LOWER.toUpperCase(),
  numeric: '0123456789',
  special: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
}
const LONGEST = 100_000

function counted(options: Options, name: string, fallback: number): number {
  const number = Number(word(options, name) ?? fallback)
  if (!Number.isInteger(number) || number < 0 || number > LONGEST)
    throw failure(`random_string: ${name} must be a number up to ${LONGEST}`)
  return number
}

const chosen = (from: string, count: number, chance: Chance): string[] =>
  Array.from({ length: from === '' ? 0 : count }, () => from[chance.below(from.length)] ?? '')

/** A text of chosen letters, digits and signs, with at least so many of each kind. */
const randomString: Lookup = {
  run: (_terms, options) => {
    const length = counted(options, 'length', 8)
    const seed = word(options, 'seed')
    const chance = seed === undefined ? TRUE_CHANCE : seeded(seed)
    const similar = flag(options, 'ignore_similar_chars', false) ? (word(options, 'similar_chars') ?? 'il1LoO0') : ''
    const set = (name: keyof typeof SETS, text: string): string =>
      Array.from(text)
        .filter(letter => !similar.includes(letter))
        .join('')
        .repeat(flag(options, name === 'numeric' ? 'numbers' : name, true) ? 1 : 0)
    const special = word(options, 'override_special') ?? SETS.special
    const kinds = [
      [set('upper', SETS.upper), 'min_upper'],
      [set('lower', SETS.lower), 'min_lower'],
      [set('numeric', SETS.numeric), 'min_numeric'],
      [set('special', special), 'min_special'],
    ] as const
    const all = word(options, 'override_all')
    const least =
      all === undefined ? kinds.flatMap(([from, name]) => chosen(from, counted(options, name, 0), chance)) : []
    const from = all ?? kinds.map(([letters]) => letters).join('')
    if (from === '') throw failure('random_string: there is nothing to choose from')
    const letters = shuffled([...least, ...chosen(from, length - least.length, chance)], chance)
    const text = letters.map(toText).join('')
    return [flag(options, 'base64', false) ? Buffer.from(text).toString('base64') : text] satisfies Value[]
  },
}

/** Lookups that leave it to chance. */
export const CHANCE_LOOKUPS: Readonly<Record<string, Lookup>> = {
  random_choice: randomChoice,
  random_string: randomString,
}
