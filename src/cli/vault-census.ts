import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { Vaulted } from '../base/value.ts'
import type { Inventory } from '../inventory/model.ts'
import { type Node, scalarsIn } from '../source/node.ts'
import { LOCKED } from '../vault/keyring.ts'
import type { Vaults } from './vaults.ts'

/**
 * Tries what is vaulted in everything that is checked. What a given password should open and does not is a fault; what nobody gave
 * a password for is counted, and said once.
 */
export class VaultCensus {
  /** Values that cannot be opened though they should. */
  readonly faults: Diagnostic[] = []
  readonly #vaults: Vaults
  readonly #files = new Set<string>()
  readonly #values = new Set<string>()

  constructor(vaults: Vaults) {
    this.#vaults = vaults
  }

  /** Opens the text of a file, as `Vaults` does. */
  readonly file = (text: string, file: string): string => {
    try {
      return this.#vaults.file(text, file)
    } catch (error) {
      if (error instanceof InputError && error.faults.some(isLocked)) this.#files.add(file)
      throw error
    }
  }

  /** Tries the `!vault` values of a tree. */
  readonly tree = (node: Node): void => {
    for (const { value, span } of scalarsIn(node)) if (value instanceof Vaulted) this.#value(value, span)
  }

  /** Tries the values that stand in an inventory itself. */
  inventory(inventory: Inventory): void {
    for (const { vars } of [...inventory.groups.values(), ...inventory.hosts.values()])
      for (const { node } of vars.values()) this.tree(node)
  }

  /** Whether part of what was to be read was not. */
  get blind(): boolean {
    return this.#files.size > 0
  }

  /** What there is to say beside the faults of everything else, of which those that are counted here are left out. */
  settle(faults: readonly Diagnostic[]): Diagnostic[] {
    // A handler that is notified may stand in a file that nobody can read.
    const rest = faults.filter(fault => !isLocked(fault) && !(this.blind && fault.code === 'handler-unknown'))
    const counted = [number(this.#values.size, 'vaulted value'), number(this.#files.size, 'vaulted file')].flat()
    if (counted.length === 0) return [...rest, ...this.faults]
    const one = this.#values.size + this.#files.size === 1
    const unopened: Diagnostic = {
      code: 'vault-unopened',
      severity: 'warning',
      message: `${counted.join(' and ')} ${one ? 'was' : 'were'} not opened, and what is in ${one ? 'it' : 'them'} not checked`,
      remedy:
        'give the passwords with --vault-id, --vault-password-file or --ask-vault-password to have it checked too',
    }
    return [...rest, ...this.faults, unopened]
  }

  #value({ armour }: Vaulted, span: Parameters<Vaults['value']>[1]): void {
    const place = `${span.file}:${span.line}:${span.col}`
    if (this.#values.has(place)) return
    try {
      this.#vaults.value(armour, span)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      if (error.faults.some(isLocked)) this.#values.add(place)
      else this.faults.push(...error.faults)
    }
  }
}

const isLocked = ({ code }: Diagnostic): boolean => code === LOCKED

const number = (count: number, word: string): string[] =>
  count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`]
