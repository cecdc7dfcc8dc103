import { readFile } from 'node:fs/promises'
import { ask, type ControllerQuestion, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { type Script, sh } from '../shell/script.ts'

/** Where Linux names each of its starts. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** The usual way to tell one start of a host from another. */
export const BOOT_COMMAND = `cat ${BOOT_ID}`

/** What tells this start of the host from others. Throws CouldNotTell where it cannot be told. */
export const bootOf = (script: Script): TargetQuestion<string> =>
  ask(script, ['everything'], answer => {
    const said = answer.stdout.trim()
    if (answer.ok && said !== '') return said
    throw new CouldNotTell(
      `failed to get host boot time info, rc: ${answer.code}, stdout: ${said}, stderr: ${answer.stderr}`,
    )
  })

/** The start of the kernel that a host runs on; '' where it does not tell. */
export const kernelBoot = ask(sh`cat ${BOOT_ID} 2>/dev/null || :`, ['everything'], answer => answer.stdout.trim())

/** Whether a host is reached without a connection, and the start of this machine's own kernel. */
export const here: ControllerQuestion<{ readonly local: boolean; readonly boot: string }> = {
  of: 'controller',
  key: 'the start of this machine',
  reads: [],
  ask: async ({ local = false }) => ({ local, boot: (await ownBoot()) ?? '' }),
}

async function ownBoot(): Promise<string | undefined> {
  try {
    return (await readFile(BOOT_ID, 'utf8')).trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** The first of some directories' files of a name that can be run; undefined where none has one. */
export const programIn = (directories: readonly string[], name: string): TargetQuestion<string | undefined> =>
  ask(
    sh`for d in ${directories}; do if [ -f "$d"/${name} ] && [ -x "$d"/${name} ]; then printf %s "$d"/${name}; break; fi; done`,
    directories.map(directory => `path:${directory}`),
    answer => answer.stdout || undefined,
  )
