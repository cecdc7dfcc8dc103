import { InputError } from '../base/diagnostic.ts'
import { Secret } from '../base/secret.ts'
import type { Span } from '../base/span.ts'
import { Unsafe } from '../base/value.ts'
import type { Mask } from '../report/mask.ts'
import type { Node } from '../source/node.ts'
import { parseYaml } from '../source/yaml.ts'
import { isVaulted } from '../vault/envelope.ts'
import { Keyring } from '../vault/keyring.ts'
import type { Desk } from './desk.ts'
import type { VaultOptions } from './options.ts'
import { keySources, keysOf } from './vault-keys.ts'

const LABEL = 'vaulted value'
/** Contents longer than this are data rather than secrets that somebody might print. */
const LONGEST = 64 * 1024
/** Of a file that is vaulted as a whole not every word is a secret: those of this length are, and those whose names say so. */
const TELLING = 8
const SECRET_NAME = /pass|secret|token|key|cred|pin|salt|private|auth/i

/** What a command knows of vaults: it opens them, and hides what was in them from everything that is printed. */
export class Vaults {
  readonly keyring: Keyring
  readonly #mask: Pick<Mask, 'add'>

  constructor(keyring: Keyring, mask: Pick<Mask, 'add'>) {
    this.keyring = keyring
    this.#mask = mask
  }

  /** The text of a `!vault` string. Throws InputError. */
  readonly value = (armour: string, span: Span): string => {
    const text = this.#text(armour, span)
    this.#hide(text)
    return text
  }

  /** The text of a file of variables, tasks or hosts that is vaulted as a whole. Throws InputError. */
  readonly file = (text: string, file: string): string => {
    const plain = this.#text(text, { file, line: 1, col: 1 })
    for (const secret of secretsIn(plain, file)) this.#hide(secret)
    return plain
  }

  /** The bytes of a file that is copied, unpacked or rendered, opened where they are vaulted. Throws InputError. */
  readonly content = (bytes: Buffer, file: string): Buffer => {
    if (!isVaulted(bytes)) return bytes
    const { plain } = this.keyring.open(bytes, { file, line: 1, col: 1 })
    if (plain.length > LONGEST || plain.includes(0)) return plain
    const text = plain.toString('utf8')
    for (const secret of [text, ...piecesOf(text)]) this.#hide(secret)
    return plain
  }

  #hide(text: string): void {
    this.#mask.add(new Secret(text, LABEL))
  }

  #text(armour: string, span: Span): string {
    const { plain } = this.keyring.open(armour, span)
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain)
    } catch {
      throw new InputError([
        {
          code: 'vault-encoding',
          severity: 'error',
          message: 'what the vaulted text holds is not UTF-8',
          span,
          remedy: 'copy such a file to hosts as it is; a variable can hold it as base64',
        },
      ])
    }
  }
}

/** The vaults of a command, by its options and the settings: the passwords are asked for and read now. */
export async function openVaults(options: VaultOptions & { readonly json?: boolean }, desk: Desk): Promise<Vaults> {
  const { vaultIdentity, vaultIdMatch } = desk.config
  const keys = await keysOf(keySources(options, vaultIdentity), 'open', desk, options.json)
  return new Vaults(new Keyring(keys, vaultIdMatch), desk.mask)
}

/**
 * What is to be hidden of a file that was vaulted as a whole: the values of variables. Of tasks only their variables, since names of
 * packages and files are everywhere.
 */
export function secretsIn(text: string, file: string): string[] {
  const { node } = parseYaml(text, file)
  if (node?.kind === 'mapping') return [...telling(node, '')]
  if (node?.kind === 'sequence') return [...inVars(node)]
  // No YAML: the INI format of inventories.
  return [...text.matchAll(/([\w.]+)\s*=\s*(?:"([^"\n]*)"|'([^'\n]*)'|(\S+))/g)].flatMap(
    ([, name = '', ...values]) => values.filter(value => value !== undefined && tells(value, name)) as string[],
  )
}

/** What a template holds between its tags: what it renders to holds these, and not its lines. */
const piecesOf = (text: string): string[] =>
  text
    .split(/\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\r?\n/)
    .map(piece => piece.trim())
    .filter(piece => piece.length >= TELLING)

const tells = (text: string, name: string): boolean => text.length >= TELLING || SECRET_NAME.test(name)

function* telling(node: Node, name: string): Iterable<string> {
  if (node.kind === 'mapping') for (const { key, value } of node.entries) yield* telling(value, `${name} ${key.text}`)
  else if (node.kind === 'sequence') for (const item of node.items) yield* telling(item, name)
  else {
    const { value, text } = node
    const said = value instanceof Unsafe ? value.text : typeof value === 'string' ? value : undefined
    if (said !== undefined && tells(said, name)) yield said
    if (typeof value === 'number' && (text.length >= TELLING || (SECRET_NAME.test(name) && text.length > 5))) yield text
  }
}

function* inVars(node: Node): Iterable<string> {
  if (node.kind === 'sequence') for (const item of node.items) yield* inVars(item)
  if (node.kind === 'mapping')
    for (const { key, value } of node.entries)
      if (key.text === 'vars' || key.text === 'set_fact') yield* telling(value, '')
      else yield* inVars(value)
}
