import type { Span } from '../base/span.ts'
import type { Value } from '../base/value.ts'
import type { Node } from '../source/node.ts'
import type { Marks } from './marks.ts'

/**
 * Where names get their values. `get` is called only when a name is used, and what it gives is final: it is never
 * rendered again. It may throw.
 */
export interface Scope {
  get(name: string): Value | undefined
  has?(name: string): boolean
  names(): Iterable<string>
  /** What a person wrote for a name, unrendered; undefined for what was computed and where nobody knows. */
  written?(name: string): Node | undefined
  /** What rendering here may use where the caller says nothing else: files, vaults. */
  readonly options?: RenderOptions
}

/** What a lookup may use. */
export interface LookupContext {
  readonly scope: Scope
  readonly options: RenderOptions
  /** Renders text as a template file, with further variables: to the value, where it prints one and nothing else. */
  renderFile(text: string, file: string, variables?: ReadonlyMap<string, Value>, options?: RenderOptions): Value
}

/** `lookup('name', *terms, **options)`: gives a list; `lookup` joins it and `query` does not. */
export interface Lookup {
  /** True when the same arguments give the same answer on every machine and at every time. */
  readonly pure?: boolean
  run(terms: readonly Value[], options: ReadonlyMap<string, Value>, context: LookupContext): Value[]
}

/**
 * Finds a file and reads it, a vault opened; null when there is none. Throws TemplateError when it cannot be read.
 * @param from the file whose text names it
 * @param folder where the lookups `file` and `template` look; without it a template includes another
 * @param decode what makes text of its bytes; without it they are UTF-8
 */
export type Loader = (
  name: string,
  from?: string,
  folder?: 'files' | 'templates',
  decode?: (bytes: Uint8Array) => string,
) => { text: string; file: string } | null

export interface RenderOptions {
  /** Where the text stands, for errors. */
  readonly span?: Span | undefined
  /** Refuse whatever is impure: throws NotNow. */
  readonly pure?: boolean | undefined
  /** Finds what include, import, extends and the lookups template and file name; null when there is no such file. */
  readonly loader?: Loader | undefined
  /** Where the lookups `first_found` and `fileglob` look for a relative name, the nearest directory first. */
  readonly places?: readonly string[] | undefined
  /** Opens a `!vault` string; throws InputError when it cannot. */
  readonly openVault?: ((armour: string, span: Span) => string) | undefined
  /** The names of the hosts of the inventory that a pattern selects. */
  readonly hosts?: ((pattern: string) => readonly string[]) | undefined
  /** A setting by the name that Ansible gives it (`DEFAULT_FORKS`); undefined when there is none. */
  readonly setting?: ((name: string) => Value | undefined) | undefined
  /** Tells people what does not stop anything. */
  readonly warn?: ((message: string) => void) | undefined
  /** Lookups call it when they may change files of the controller. */
  readonly acting?: (() => void) | undefined
  /** Strings written in the expression are templates themselves, as Ansible has it for conditions. Default false. */
  readonly embedded?: boolean | undefined
  /** Lookups that the host program adds. */
  readonly lookups?: Readonly<Record<string, Lookup>> | undefined
  /** Remove the first newline after a block tag. Default true, as Ansible does. */
  readonly trimBlocks?: boolean | undefined
  /** Remove blanks before a block tag at the start of a line. Default false. */
  readonly lstripBlocks?: boolean | undefined
  /**
   * Whether a newline at the very end is kept, as in plain Jinja2. Without it what comes out has at least as many newlines at
   * its end as the text, as with Ansible; a value that is no text has none.
   */
  readonly keepTrailingNewline?: boolean | undefined
  /** What a line of the output ends with; the text's own line ends are normalised. Default a newline. */
  readonly newline?: '\n' | '\r\n' | '\r' | undefined
  /** What begins and ends expressions, statements and comments. Default `{{ }}`, `{% %}` and `{# #}`. */
  readonly marks?: Marks | undefined
  /** What a printed None leaves in text. Default nothing, as Ansible does; Python's Jinja2 prints `None`. */
  readonly noneText?: string | undefined
}
