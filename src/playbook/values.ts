import { didYouMean } from '../base/nearest.ts'
import { PYTHON_WORDS } from '../base/variable-name.ts'
import { isTemplated } from '../kit/args.ts'
import { asBoolean, Mismatch } from '../kit/coerce.ts'
import type { Entry, Node } from '../source/node.ts'
import type { Faults } from './context.ts'
import { KEYWORDS, keyword, keywordsOf, type Place, type Shape } from './keywords.ts'

/** Names that would hide what tasks rely on. */
const RESERVED: ReadonlySet<string> = new Set(
  `hostvars groups group_names inventory_hostname inventory_hostname_short ansible_facts ansible_play_hosts playbook_dir
   role_path vars omit __proto__`.split(/\s+/),
)

/** Whether a scalar is a template: its value is known only with variables. */
export const templated = (node: Node): boolean =>
  node.kind === 'scalar' && typeof node.value === 'string' && isTemplated(node.value)

export const isNull = (node: Node): boolean => node.kind === 'scalar' && node.value === null

/** The kind of a node, with its article. */
export const kindOf = (node: Node): string =>
  node.kind === 'sequence'
    ? 'a list'
    : node.kind === 'mapping'
      ? 'a mapping'
      : isNull(node)
        ? 'empty'
        : `'${short(node.text)}'`

const short = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}

/** The items of a list, or a single value as a list of one; nothing is an empty list. */
export const itemsOf = (node: Node | undefined): readonly Node[] =>
  node === undefined || isNull(node)
    ? []
    : node.kind === 'sequence'
      ? node.items.flatMap(item => itemsOf(item))
      : [node]

/** Tags: words, or text with commas between them. */
export const tagsOf = (node: Node | undefined): string[] =>
  itemsOf(node).flatMap(item =>
    item.kind === 'scalar'
      ? item.text
          .split(',')
          .map(tag => tag.trim())
          .filter(tag => tag !== '')
      : [],
  )

/** Text of a scalar, or a fault. */
export function textOf(node: Node, what: string, faults: Faults): string | undefined {
  if (node.kind === 'scalar' && node.value !== null) return node.text
  faults.add('playbook-type', `${what} is ${kindOf(node)}, text is expected`, node.span, `write ${what}: some text`)
  return undefined
}

/** A variable's name, or a fault. */
export function identifierOf(node: Node, what: string, faults: Faults): string | undefined {
  const name = textOf(node, what, faults)
  if (name === undefined) return undefined
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    const remedy = 'names of variables are letters, digits and underscores and do not begin with a digit'
    faults.add('variable-name', `Invalid variable name in '${what}': '${short(name)}'`, node.span, remedy)
    return undefined
  }
  if (RESERVED.has(name) || PYTHON_WORDS.has(name))
    faults.add(
      'variable-name',
      `Invalid variable name in '${what}': '${name}' has a meaning of its own`,
      node.span,
      'choose another name',
    )
  return name
}

/** A name as `identifierOf` reads it, or a template that will give one. */
export function identifierOrTemplate(node: Node, what: string, faults: Faults): string | undefined {
  return node.kind === 'scalar' && isTemplated(node.text) ? node.text : identifierOf(node, what, faults)
}

/** Checks every key of a play, block, task or role entry: known, allowed here, working, of the right shape. */
export function checkKeys(entries: readonly Entry[], place: Place, faults: Faults): void {
  for (const { key, value } of entries) {
    const name = key.text
    const found = keyword(name)
    if (!found) {
      const known = keywordsOf(place)
      faults.add(
        'playbook-key',
        `'${name}' is not a valid attribute for a ${noun(place)}${didYouMean(name, known)}`,
        key.span,
        `known: ${known.join(', ')}`,
      )
    } else if (found.refused !== undefined)
      faults.add('playbook-refused', `'${name}' is not supported: ${found.refused}`, key.span, 'remove it')
    else if (!found.places.includes(place)) {
      const where = found.places.map(noun).join(', ')
      faults.add(
        'playbook-key',
        `'${name}' is not a valid attribute for a ${noun(place)}`,
        key.span,
        `it belongs into: ${where}`,
      )
    } else {
      checkShape(value, name, found.shape, faults)
      if (name === 'tags') checkTags(value, faults)
    }
  }
}

/** Words with a meaning of their own for `--tags` and `--skip-tags`: whoever names one there means other tasks, too. */
const TAG_WORDS: ReadonlySet<string> = new Set(['all', 'tagged', 'untagged'])

function checkTags(node: Node, faults: Faults): void {
  const kept = tagsOf(node).filter(tag => TAG_WORDS.has(tag))
  if (kept.length === 0) return
  const message = `Found reserved tagnames in tags: ${kept.join(', ')}`
  faults.add('tag-reserved', message, node.span, 'give the tag another name: --tags has a word of this one', 'warning')
}

/** What a place is called in messages: Ansible's names, by which people search for them. */
const NOUNS: Readonly<Record<Place, string>> = {
  play: 'Play',
  block: 'Block',
  task: 'Task',
  handler: 'Handler',
  role: 'role entry',
  import_playbook: 'playbook import',
}
const noun = (place: Place): string => NOUNS[place]

/** Checks one value against its shape. A template may become anything. */
export function checkShape(node: Node, name: string, shape: Shape, faults: Faults): void {
  if (templated(node) || isNull(node)) return
  const expected = WRONG[shape](node)
  if (expected !== undefined)
    faults.add(
      'playbook-type',
      shape === 'texts'
        ? `'${name}' must be specified as a list of texts or as text`
        : `'${name}' is ${kindOf(node)}, ${expected} is expected`,
      node.span,
      KEYWORDS[name]?.description ?? 'correct it',
    )
}

/** What a connection may be called; all but `local` mean SSH. */
const CONNECTION = /^(?:ansible\.(?:builtin|legacy)\.)?(?:ssh|smart|paramiko|paramiko_ssh|local)$/

/** What each shape expects, said when the node is something else. */
const WRONG: Readonly<Record<Shape, (node: Node) => string | undefined>> = {
  any: () => undefined,
  steps: () => undefined,
  identifier: () => undefined,
  text: node => (node.kind === 'scalar' ? undefined : 'text'),
  boolean: node => (node.kind === 'scalar' && isBoolean(node) ? undefined : 'true or false'),
  integer: node => (isNumber(node, true) ? undefined : 'a whole number that is not negative'),
  number: node => (isNumber(node, false) ? undefined : 'a number that is not negative'),
  percentage: node =>
    isNumber(node, false) || (node.kind === 'scalar' && /^[0-9]+(\.[0-9]+)?%$/.test(node.text))
      ? undefined
      : 'a number or a percentage',
  connection: node => (node.kind === 'scalar' && CONNECTION.test(node.text) ? undefined : 'ssh or local'),
  mapping: node => (node.kind === 'mapping' ? undefined : 'a mapping'),
  mappings: node => (itemsOf(node).every(item => item.kind === 'mapping' || templated(item)) ? undefined : 'a mapping'),
  texts: node => (itemsOf(node).every(item => item.kind === 'scalar') ? undefined : 'text or a list of texts'),
  conditions: node =>
    itemsOf(node).every(item => item.kind === 'scalar') ? undefined : 'an expression or a list of expressions',
  list: node => (node.kind === 'sequence' ? undefined : 'a list or a template'),
}

function isBoolean(node: Node): boolean {
  if (node.kind !== 'scalar') return false
  try {
    asBoolean(node.value)
    return true
  } catch (error) {
    if (error instanceof Mismatch) return false
    throw error
  }
}

function isNumber(node: Node, whole: boolean): boolean {
  if (node.kind !== 'scalar' || typeof node.value === 'boolean') return false
  const value = Number(node.text)
  // async: 1:30 and the like are numbers too, though not in their text
  if (typeof node.value === 'number') return node.value >= 0 && (!whole || Number.isInteger(node.value))
  return node.text.trim() !== '' && value >= 0 && Number.isFinite(value) && (!whole || Number.isInteger(value))
}
