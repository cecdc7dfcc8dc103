import { fileURLToPath } from 'node:url'
import type { Ended, World } from './world.ts'

/** Where one side does cases: a controller, and the host of all of them. */
export interface Ground {
  /** Folder of the controller for the playbook, the inventory and the record. */
  readonly folder: string
  /** This version of regplay, built. */
  readonly main: string
  /** The inventory's line for `HOST`. */
  readonly host: string
  /** What every case may use, in templates by these names, in shell text as variables. */
  readonly shared: Readonly<Record<string, string>>
  /** Runs a command as root on the controller, at most `limit` milliseconds. */
  run(command: readonly string[], env: Readonly<Record<string, string>>, limit: number): Promise<Ended>
  /** Runs shell text as root on the host, at most `limit` milliseconds. */
  shell(text: string, limit: number): Promise<Ended>
  /** A file of the folder. */
  read(name: string): string
  write(name: string, text: string): void
  /** What stands on the host that it did not have from the start, by path; `unread` paths and what is below them are left out. */
  files(unread: ReadonlySet<string>): Map<string, string>
  /** Of the same paths, when each was last changed in any way. */
  stamps(unread: ReadonlySet<string>): Map<string, string>
}

/** The name of the host of all cases, on both sides. */
export const HOST = 'h1'
const ADDRESS = '127.0.0.11'
const FOLDER = '/root'
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** The first host of a world. */
export function inWorld(world: World, shared: Readonly<Record<string, string>>): Ground {
  return {
    folder: FOLDER,
    main: MAIN,
    host: `ansible_host=${ADDRESS}`,
    shared,
    run: (command, env, limit) => world.run(command, env, FOLDER, limit),
    shell(text, limit) {
      world.write(`${FOLDER}/text.sh`, text)
      return world.run(['sh', '-c', `ssh root@${ADDRESS} sh -s <${FOLDER}/text.sh`], {}, FOLDER, limit)
    },
    read: name => world.read(`${FOLDER}/${name}`),
    write: (name, text) => world.write(`${FOLDER}/${name}`, text),
    files: unread => world.files(HOST, unread),
    stamps: unread => world.stamps(HOST, unread),
  }
}
