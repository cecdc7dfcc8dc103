import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Answer, answer } from '../../../src/cli/eval-batch.ts'
import { Dice } from './dice.ts'
import { CONTEXT, Expressions } from './expressions.ts'
import { TEMPLATES, Templates } from './templates.ts'

/** Debian's interpreter, which has python3-jinja2. */
export const PYTHON = '/usr/bin/python3'
const SERVER = fileURLToPath(new URL('../support/serve.py', import.meta.url))

export interface Difference {
  readonly kind: 'E' | 'T'
  readonly source: string
  readonly ours: string
  readonly python: string
}

export interface Comparison {
  /** Cases on which both have a value, and those on which both have an error. */
  readonly values: number
  readonly errors: number
  /** Differences on purpose. */
  readonly explained: number
  readonly differences: readonly Difference[]
}

/** Differences on purpose, each with its reason; docs/language.md tells them to people. */
const EXPLAINED: readonly (readonly [reason: string, applies: (found: Difference) => boolean])[] = [
  ['Jinja2 folds a slice of a constant in another way', ({ ours }) => ours.includes('not subscriptable')],
  [
    '`1 < not x` calls a variable named not in Jinja2; here it is wrong',
    ({ ours }) => ours.includes("unexpected 'not'"),
  ],
  [
    'Jinja2 folds constants when it reads a template, also where nothing would run',
    ({ kind, python }) => kind === 'T' && /No (?:first|last|aggregated) item/.test(python),
  ],
  ['complex numbers are refused', ({ ours }) => ours.includes('the result is a complex number')],
  [
    'a filter after which a method is called without parentheses is looked for in dead code too',
    ({ python }) => /No filter named '\w+\.\w+'/.test(python),
  ],
  ['Jinja2 writes a constant infinity as a name', ({ python }) => python.includes("name 'inf' is not defined")],
  [
    'what Python gives as an iterator or a view is a list, as it is after `| list`',
    ({ source, python }) =>
      /dict_(?:keys|values|items)|'(?:reversed|generator|list_reverseiterator)'/.test(python) ||
      /\| reverse(?! \|)|\| reverse \| regex_(?:search|findall|replace)\(/.test(source),
  ],
  ['Python refuses to print integers of more than 4300 digits', ({ python }) => python.includes('4300 digits')],
  [
    'combine does not look into the values that it lays over each other',
    ({ source, python }) => source.includes('combine') && python.includes('UndefinedError'),
  ],
  [
    '`bool` of None is false, as in newer Ansible',
    ({ source, ours, python }) => source.includes('bool') && falseForNone(ours) === falseForNone(python),
  ],
  [
    'PyYAML writes a list or dict that stands in several places once, with an anchor',
    ({ source, python }) => /to_(?:nice_)?yaml/.test(source) && /[&*]id00\d/.test(python),
  ],
  [
    'what is undefined is undefined under a filter too, as since Ansible 2.19, and an error where it is used',
    ({ source, python }) =>
      (/'missing' is undefined|no attribute 'missing'|Chaining/.test(python) && /\bmissing\)* \| \w+/.test(source)) ||
      (/'b' is undefined|parameter '[ab]' was not provided|Chaining/.test(python) && /\b[ab]\)* \| \w+/.test(source)) ||
      (/No (?:first|last|aggregated) item/.test(python) && /\| (?:first|last|max|min|random)\)* \| \w+/.test(source)),
  ],
  [
    'what is undefined is undefined under a filter that `map` calls, too',
    ({ source, python }) => /Chaining is not JSON serializable/.test(python) && /\bmissing\b.*\| map\("/s.test(source),
  ],
  [
    'what groupby gives is a list for to_yaml',
    ({ source, python }) => source.includes('groupby') && python.includes('cannot represent an object'),
  ],
  [
    'escaped text is plain text',
    ({ source, python }) => /\| e(?:scape)?\b/.test(source) && /&(?:#\d+|lt|gt|amp);/.test(python),
  ],
  ['random wants an order to choose by', ({ ours }) => ours.includes('a dict has no order to choose by')],
  [
    'in Jinja2 a variable is undefined in loops before a later `set` of its name',
    ({ kind, source, python }) => {
      const name = /^\{"err":"UndefinedError: '(\w+)' is undefined/.exec(python)?.[1]
      return kind === 'T' && name !== undefined && new RegExp(`\\bset ${name} `).test(source)
    },
  ],
  ['the last bit of a power may differ', ({ source, ours, python }) => source.includes('**') && nearly(ours, python)],
]

/** An answer in which None counts as false. */
const falseForNone = (answer: string): string => answer.replaceAll('None', 'False').replaceAll('null', 'false')

/** Equal but for the last digits of floats. */
function nearly(left: string, right: string): boolean {
  const rounded = (text: string) => text.replace(/\d+\.\d+(?:e[-+]\d+)?/g, digits => Number(digits).toPrecision(13))
  return rounded(left) === rounded(right)
}

/** True when the interpreter and the packages that the server needs are there. */
export const pythonIsThere = (): boolean => spawnSync(PYTHON, ['-c', 'import jinja2, yaml']).status === 0

/** Generated cases: two expressions for every template. */
export function cases(seed: number, count: number): { kind: 'E' | 'T'; source: string }[] {
  const dice = new Dice(seed)
  const [expressions, templates] = [new Expressions(dice), new Templates(dice)]
  return Array.from({ length: count }, () =>
    dice.below(3) > 0
      ? { kind: 'E', source: expressions.any(1 + dice.below(4)) }
      : { kind: 'T', source: templates.template() },
  )
}

/** Asks both about generated cases. */
export function compare(seed: number, count: number): Comparison {
  const asked = cases(seed, count)
  const templates = JSON.stringify(TEMPLATES)
  const context = CONTEXT.replaceAll('\n', ' ')
  const lines = asked.map(
    ({ kind, source }) =>
      `{"kind": "${kind}", "source": ${JSON.stringify(source)}, "context": ${context}, "templates": ${templates}}`,
  )
  const done = spawnSync(PYTHON, [SERVER], { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 1 << 30 })
  if (done.status !== 0) throw new Error(`the oracle broke: ${done.stderr}`)
  const answers = done.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Answer | { skip: string })
  let [values, errors, explained] = [0, 0, 0]
  const differences: Difference[] = []
  for (const [index, line] of lines.entries()) {
    const [theirs, each] = [answers[index], asked[index]]
    if (!theirs || !each || 'skip' in theirs) continue
    const ours = answer(line)
    if ('err' in ours && 'err' in theirs) errors += 1
    else if (JSON.stringify(ours) === JSON.stringify(theirs)) values += 1
    else {
      const found = { ...each, ours: JSON.stringify(ours), python: JSON.stringify(theirs) }
      if (EXPLAINED.some(([, applies]) => applies(found))) explained += 1
      else differences.push(found)
    }
  }
  return { values, errors, explained, differences }
}
