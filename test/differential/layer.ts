import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const OVERLAY = join(HERE, '../e2e/managers/overlay.sh')

/** What the script of a layer changed on this machine's root, for worlds to begin with. */
export interface Layer {
  /** The upper directory of the overlay on which the script ran. */
  readonly upper: string
}

/**
 * The layers of a test, each made when it is asked for first.
 * A layer is for what a machine under test needs, and this machine should not have: other systems' package managers, services.
 */
export class Layers {
  // In memory, since no layer of an overlay may stand in the file system of another.
  readonly #dir = mkdtempSync('/dev/shm/regplay-layers-')
  readonly #made = new Map<string, Promise<Layer>>()

  constructor() {
    process.once('exit', () => this.remove())
  }

  /**
   * The layer of `layers/NAME.sh`.
   * @throws Error with what the script said when it fails
   */
  layer(name: string): Promise<Layer> {
    const made = this.#made.get(name) ?? this.#make(name)
    this.#made.set(name, made)
    return made
  }

  async #make(name: string): Promise<Layer> {
    const dir = join(this.#dir, name)
    mkdirSync(dir)
    const script = join(HERE, 'layers', `${name}.sh`)
    const ended = await execa('unshare', ['--mount', 'sh', OVERLAY, dir, HERE, 'sh', script], {
      env: { PATH: process.env['PATH'] ?? '', HOME: '/root', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      reject: false,
      timeout: 300_000,
    })
    if (ended.exitCode !== 0)
      throw new Error(`the layer ${name} could not be made (${ended.exitCode ?? 'no end'}): ${ended.all.slice(-2000)}`)
    return { upper: join(dir, 'upper') }
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true })
  }
}
