import type { RoleRef } from '../playbook/ast.ts'

/**
 * Which roles a host has been through in a play, for roles that run once. A role counts as run when it has ended and one of
 * its tasks did something: one whose tasks were all skipped gets another chance.
 */
export class RoleMemory {
  readonly #begun = new Set<string>()
  readonly #done = new Set<string>()

  /** A task of the role was not skipped on this host. */
  begun(host: string, role: RoleRef): void {
    if (role.once !== undefined) this.#begun.add(keyOf(host, role.once))
  }

  /** The host has come to the end of the role. */
  ended(host: string, role: RoleRef): void {
    if (role.once === undefined) return
    const key = keyOf(host, role.once)
    if (this.#begun.has(key)) this.#done.add(key)
  }

  /** Whether the host is spared the role. */
  done(host: string, role: RoleRef): boolean {
    return role.once !== undefined && this.#done.has(keyOf(host, role.once))
  }
}

const keyOf = (host: string, once: string): string => `${host}\n${once}`
