import { didYouMean } from '../base/nearest.ts'
import { field, type Mapping, type Node } from '../source/node.ts'
import type { Prompt } from './ast.ts'
import type { Faults } from './context.ts'
import type { Shape } from './keywords.ts'
import { checkShape, identifierOf, isNull, kindOf } from './values.ts'

/** The keys of a question. */
const KEYS: Readonly<Record<string, Shape>> = {
  name: 'identifier',
  prompt: 'text',
  default: 'any',
  private: 'boolean',
  confirm: 'boolean',
  encrypt: 'text',
  salt: 'text',
  salt_size: 'integer',
  unsafe: 'boolean',
}

/** The ways to encrypt an answer that are known here. */
const CRYPTS = ['sha512_crypt', 'sha256_crypt']

/** The questions of `vars_prompt`; the old form, a mapping of names and texts, is read too. */
export function promptsIn(node: Node | undefined, faults: Faults): readonly Prompt[] {
  if (node === undefined || isNull(node)) return []
  if (node.kind === 'mapping')
    return node.entries.flatMap(({ key, value }) => {
      const name = identifierOf(key, 'vars_prompt', faults)
      return name === undefined
        ? []
        : [{ span: key.span, name, text: value, hidden: false, confirm: false, unsafe: false }]
    })
  if (node.kind === 'sequence') return node.items.flatMap(item => promptIn(item, faults))
  faults.add(
    'playbook-type',
    `'vars_prompt' is ${kindOf(node)}, a list is expected`,
    node.span,
    'write - name: VARIABLE',
  )
  return []
}

function promptIn(node: Node, faults: Faults): Prompt[] {
  if (node.kind !== 'mapping' || !field(node, 'name')) {
    const what = node.kind === 'mapping' ? "missing 'name' key" : `found ${kindOf(node)}`
    faults.add('playbook-type', `Invalid vars_prompt data structure, ${what}`, node.span, 'write - name: VARIABLE')
    return []
  }
  checkPrompt(node, faults)
  const name = identifierOf(field(node, 'name') ?? node, 'name', faults)
  if (name === undefined) return []
  const text = field(node, 'prompt')
  const usual = field(node, 'default')
  const size = wordOf(node, 'salt_size')
  const [encrypt, salt] = [wordOf(node, 'encrypt'), wordOf(node, 'salt')]
  return [
    {
      span: node.span,
      name,
      ...(text ? { text } : {}),
      ...(usual ? { default: usual } : {}),
      hidden: flag(node, 'private', true),
      confirm: flag(node, 'confirm', false),
      unsafe: flag(node, 'unsafe', false),
      ...(encrypt === undefined ? {} : { encrypt }),
      ...(salt === undefined ? {} : { salt }),
      ...(size === undefined ? {} : { saltSize: Number(size) }),
    },
  ]
}

function checkPrompt(node: Mapping, faults: Faults): void {
  for (const { key, value } of node.entries) {
    const shape = Object.hasOwn(KEYS, key.text) ? KEYS[key.text] : undefined
    const known = Object.keys(KEYS)
    if (shape) checkShape(value, key.text, shape, faults)
    else
      faults.add(
        'playbook-key',
        `Invalid vars_prompt data structure, found unsupported key '${key.text}'${didYouMean(key.text, known)}`,
        key.span,
        `known: ${known.join(', ')}`,
      )
    if (key.text === 'encrypt' && value.kind === 'scalar' && value.value !== null && !CRYPTS.includes(value.text))
      faults.add(
        'playbook-value',
        `answers cannot be encrypted as '${value.text}'`,
        value.span,
        `use one of: ${CRYPTS.join(', ')}`,
      )
  }
}

const wordOf = (node: Mapping, name: string): string | undefined => {
  const value = field(node, name)
  return value?.kind === 'scalar' && value.value !== null ? value.text : undefined
}

const flag = (node: Mapping, name: string, usual: boolean): boolean => {
  const word = wordOf(node, name)?.toLowerCase()
  return word === undefined ? usual : ['true', 'yes', 'on', '1', 'y', 't'].includes(word)
}
