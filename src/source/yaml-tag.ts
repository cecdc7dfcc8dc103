import { Unsafe, Vaulted } from '../base/value.ts'
import type { Scalar } from './node.ts'
import { boolean, floating, integer, resolvePlain } from './yaml-scalar.ts'

/** The tags that a node may carry; `plain` is the non-specific `!`. */
export type Tag =
  | 'plain'
  | 'str'
  | 'int'
  | 'float'
  | 'bool'
  | 'null'
  | 'timestamp'
  | 'map'
  | 'seq'
  | 'set'
  | 'unsafe'
  | 'vault'

const STANDARD = 'tag:yaml.org,2002:'
const SCALARS: ReadonlySet<string> = new Set(['str', 'int', 'float', 'bool', 'null', 'timestamp'])

/** The tag's meaning, by what is written (`!!str`, `!vault`, `!<tag:...>`); undefined when it means nothing here. */
export function tagOf(written: string, kind: 'scalar' | 'sequence' | 'mapping'): Tag | undefined {
  if (written === '!unsafe') return 'unsafe'
  if (written === '!vault' || written === '!vault-encrypted') return kind === 'scalar' ? 'vault' : undefined
  // PyYAML resolves `! 5` as if the tag were not there
  if (written === '!') return kind === 'scalar' ? 'plain' : kind === 'sequence' ? 'seq' : 'map'
  const verbatim = /^!<(.*)>$/.exec(written)?.[1]
  const name = written.startsWith('!!')
    ? written.slice(2)
    : verbatim?.startsWith(STANDARD)
      ? verbatim.slice(STANDARD.length)
      : undefined
  if (name === undefined) return undefined
  if (kind === 'scalar') return SCALARS.has(name) ? (name as Tag) : undefined
  if (kind === 'sequence') return name === 'seq' ? 'seq' : undefined
  return name === 'map' || name === 'set' ? name : undefined
}

/** What a tagged scalar means; undefined when the text is no value of that tag. */
export function tagged(tag: Tag, text: string): Scalar['value'] | undefined {
  switch (tag) {
    case 'int':
      return integer(text)
    case 'float':
      return floating(text)
    case 'bool':
      return boolean(text)
    case 'null':
      return null
    case 'unsafe':
      return new Unsafe(text)
    case 'vault':
      return new Vaulted(text)
    case 'str':
    case 'timestamp':
      return text
    default:
      return resolvePlain(text)
  }
}
