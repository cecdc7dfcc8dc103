import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What ansible-inventory said. */
export interface Said {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Ansible's own Python, loaded once; it forks for each question. */
class Reference {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>

  constructor(python: string) {
    const program = fileURLToPath(new URL('oracle.py', import.meta.url))
    this.#process = spawn(python, [program], { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    this.#process.stderr.resume()
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
  }

  /** Command lines of ansible-inventory, run in a directory, with settings by their variables. */
  shown(
    cwd: string,
    argvs: readonly (readonly string[])[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<readonly Said[]> {
    return this.#ask({ cwd, argvs, env }) as Promise<readonly Said[]>
  }

  /** The hosts of the file `hosts` that each pattern selects; null for a pattern that is wrong. */
  selected(cwd: string, patterns: readonly string[]): Promise<readonly (readonly string[] | null)[]> {
    return this.#ask({ cwd, patterns }) as Promise<readonly (readonly string[] | null)[]>
  }

  async #ask(question: object): Promise<unknown> {
    this.#process.stdin.write(`${JSON.stringify(question)}\n`)
    const { value } = await this.#lines.next()
    return JSON.parse(value)
  }

  close(): void {
    this.#process.stdin.end()
  }
}

/** The Python that the installed ansible-inventory names in its first line; undefined when none is installed. */
export function startReference(): Reference | undefined {
  const program = spawnSync('sh', ['-c', 'command -v ansible-inventory'], { encoding: 'utf8' }).stdout.trim()
  const python = program === '' ? undefined : /^#!\s*(\S+)/.exec(readFileSync(program, 'utf8'))?.[1]
  return python === undefined ? undefined : new Reference(python)
}
