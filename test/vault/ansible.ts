import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A case for `oracle.py`; bytes are base64. */
export type Case =
  | { do: 'encrypt'; plain: string; password: string; id: string | null; salt: string }
  | { do: 'decrypt'; text: string; keys: [string, string][]; strict: boolean }

export interface Answered {
  readonly text?: string
  readonly plain?: string
  readonly error?: string
}

/** Debian's own, whose modules Debian's packages are. */
export const PYTHON = '/usr/bin/python3'
export const ENV = { ...process.env, ANSIBLE_CONFIG: '/nowhere/ansible.cfg', ANSIBLE_NOCOLOR: '1', LC_ALL: 'C.UTF-8' }

/** Why Ansible's vault cannot be asked here, or undefined. */
export function noAnsible(): string | undefined {
  const { status } = spawnSync(PYTHON, ['-c', 'import ansible.parsing.vault'], { env: ENV })
  return status === 0 ? undefined : 'no ansible-core here (Debian: ansible-core)'
}

/** Ansible's answers, in order, by one process. */
export function ansible(cases: readonly Case[]): Answered[] {
  const program = fileURLToPath(new URL('oracle.py', import.meta.url))
  const { status, stdout, stderr } = spawnSync(PYTHON, [program], {
    input: cases.map(each => `${JSON.stringify(each)}\n`).join(''),
    encoding: 'utf8',
    env: ENV,
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`oracle.py ended with ${status}: ${stderr}`)
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Answered)
}
