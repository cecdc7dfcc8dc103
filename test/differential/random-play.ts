import { seeded } from '../../src/jinja/python/random.ts'
import { BASE, Dice, type Entry, moduleTask } from './random-tasks.ts'

/** A play by chance, what its includes say, and words for the command line. */
export interface RandomPlay {
  readonly play: Entry
  readonly included: readonly Entry[]
  readonly args: readonly string[]
  /** Whether it is run a second time. */
  readonly again: boolean
}

const REGISTERED = ['r1', 'r2', 'r3']
const HANDLERS = ['first', 'second', 'third', 'topic']
const CONDITIONS = [
  'r is changed',
  'r is failed',
  'r is not failed',
  'r is skipped',
  'r is not changed',
  'r.stat.exists | default(false)',
  "inventory_hostname == 'h1'",
  "inventory_hostname != 'h1'",
  'words | length > 1',
]

/** Modules for which Ansible sends a file before it becomes somebody. */
const SENT = ['copy', 'template', 'assemble']

/** Makes one play: what it knows is which hosts it has, and which results are registered by now. */
class Maker {
  readonly #dice: Dice
  readonly #hosts: readonly string[]
  readonly #known: string[] = []
  #count = 0
  #handlers = false
  #blocks = 0

  constructor(dice: Dice, hosts: readonly string[]) {
    this.#dice = dice
    this.#hosts = hosts
  }

  play(): Entry {
    const dice = this.#dice
    const wanted = 20 + dice.below(21)
    const tasks: Entry[] = []
    while (this.#count < wanted) tasks.push(dice.once(7) ? this.#block(2) : this.#task(6))
    this.#handlers = true
    const handlers = HANDLERS.slice(0, 3).map(name => ({
      ...this.#task(4),
      name,
      ...(name === 'first' ? {} : { listen: 'topic' }),
    }))
    return {
      hosts: this.#hosts.join(','),
      gather_facts: false,
      vars: { words: ['one', 'two'] },
      ...(this.#hosts.length > 1 ? dice.maybe(4, () => ({ serial: dice.of([1, 2]) })) : {}),
      ...dice.maybe(4, () => ({ force_handlers: true })),
      tasks,
      handlers,
    }
  }

  /** A task that may fail `1 / times` of the times without being ignored. */
  #task(times: number): Entry {
    const dice = this.#dice
    this.#count += 1
    const name = `t${this.#count}`
    // A handler that fails in a block: versions differ in who rescues.
    if (!this.#handlers && this.#blocks === 0 && dice.once(20)) return { name, meta: 'flush_handlers' }
    if (!this.#handlers && dice.once(25)) return this.#include(name)
    const { entry, module, loops } = moduleTask(dice)
    const when = this.#when()
    const register = dice.once(3) ? dice.of(REGISTERED) : undefined
    const own = register ?? (dice.once(12) ? 'mine' : undefined)
    const task: Entry = {
      name,
      ...entry,
      ...when,
      ...(own === undefined ? {} : { register: own }),
      ...(dice.once(times) ? {} : { ignore_errors: true }),
      ...(this.#handlers ? {} : dice.maybe(5, () => ({ notify: dice.of<unknown>([...HANDLERS, ['first', 'third']]) }))),
      // What rests on something that was only pretended is skipped here: a single turn rests on nothing.
      // Ansible's assemble does nothing in a dry run.
      ...(loops || module === 'assemble' ? {} : dice.maybe(20, () => ({ check_mode: true }))),
      ...dice.maybe(15, () => ({ tags: dice.of<unknown>(['x', 'y', ['x', 'y'], 'always', 'never']) })),
      ...this.#judged(module, own, loops),
      // A handler with run_once runs again for each host of the batch (2.14).
      ...(this.#handlers ? {} : this.#where(module, when)),
    }
    if (register !== undefined && !this.#known.includes(register)) this.#known.push(register)
    return task
  }

  #when(): Entry {
    const dice = this.#dice
    if (!dice.once(3)) return {}
    const condition = dice.of(CONDITIONS)
    if (!/\br\b/.test(condition)) return { when: condition }
    // A result that is there, mostly.
    const name = dice.once(15) ? dice.of(REGISTERED) : this.#known.length > 0 ? dice.of(this.#known) : undefined
    if (name === undefined) return {}
    // In a loop, Ansible 2.14 fails as a whole of a condition that cannot be told, and newer ones turn by turn.
    return { when: [`${name} is defined`, condition.replace(/\br\b/, name)] }
  }

  /** What says how a task went. */
  #judged(module: string, own: string | undefined, loops: boolean): Entry {
    const dice = this.#dice
    const kind = dice.below(16)
    if (module === 'command' || module === 'shell') {
      if (kind < 4)
        return { changed_when: dice.of<unknown>([false, own === undefined ? true : `${own}.rc | default(1) == 0`]) }
      if (kind < 7) return { failed_when: own === undefined ? false : `${own}.rc | default(0) > 1` }
    }
    if (kind === 8) return { failed_when: own === undefined ? false : `${own} is changed` }
    if (kind === 9 && own !== undefined) return { changed_when: `${own} is not changed` }
    if (kind === 10 && own !== undefined && !loops) return { until: `${own} is not failed`, retries: 2, delay: 0 }
    return {}
  }

  /** Where a task is done, and by whom. Only one host at a time does something elsewhere. */
  #where(module: string, when: Entry): Entry {
    const dice = this.#dice
    const kind = dice.below(30)
    if (kind === 0 && !SENT.includes(module)) return { become: true, become_user: dice.of(['operator', 'admin', 'u1']) }
    if (kind === 1) return { run_once: true }
    if (kind === 2) return { run_once: true, delegate_to: dice.of(['h1', 'h2', 'h3']) }
    if (kind === 3 && when['when'] === undefined)
      return { delegate_to: dice.of(['h1', 'h2']), when: `inventory_hostname == '${dice.of(this.#hosts)}'` }
    return {}
  }

  #include(name: string): Entry {
    const dice = this.#dice
    const items = ['b', 'd/g', 'l/f', 'a', 'e/n'].slice(dice.below(3))
    return { name, include_tasks: 'included.yml', loop: items, loop_control: { loop_var: 'part' }, ...this.#when() }
  }

  #tasks(depth: number, most: number, times: number): Entry[] {
    return Array.from({ length: 1 + this.#dice.below(most) }, () =>
      depth > 1 && this.#dice.once(6) ? this.#block(depth - 1) : this.#task(times),
    )
  }

  #block(depth: number): Entry {
    const dice = this.#dice
    this.#blocks += 1
    const block = {
      ...this.#when(),
      block: this.#tasks(depth, 4, 2),
      ...(dice.once(4) ? {} : { rescue: this.#tasks(depth, 2, 4) }),
      ...(dice.once(2) ? {} : { always: this.#tasks(depth, 2, 6) }),
    }
    this.#blocks -= 1
    return block
  }
}

const INCLUDED: readonly Entry[] = [
  { name: 'a part', copy: { content: '{{ part }}\n', dest: `${BASE}/{{ part }}` }, ignore_errors: true },
  { name: 'its end', lineinfile: { path: `${BASE}/{{ part }}`, line: 'end' }, register: 'r1', ignore_errors: true },
  { name: 'is it there', stat: { path: `${BASE}/{{ part }}` }, register: 'r2' },
]

/** The play of a seed. */
export function randomPlay(seed: number): RandomPlay {
  const dice = new Dice(seeded(seed))
  const hosts = dice.of([['h1'], ['h1'], ['h1'], ['h1', 'h2'], ['h1', 'h2', 'h3']])
  const play = new Maker(dice, hosts).play()
  const args = dice.once(6) ? [dice.of(['--tags', '--skip-tags']), dice.of(['x', 'y', 'x,y'])] : []
  return { play, included: INCLUDED, args, again: dice.once(3) }
}
