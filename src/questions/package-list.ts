import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw } from '../shell/script.ts'

/** An installed package; which fields there are depends on the manager. */
export interface ListedPackage {
  readonly name: string
  readonly version: string
  readonly arch?: string
  readonly category?: string
  readonly release?: string
  /** Of rpm; null when it has none. */
  readonly epoch?: number | null
}

interface Manager {
  /** Shell text that prints a line for each package, its fields separated by tabs. */
  readonly list: string
  readonly reads: string
  readonly read: (fields: readonly string[], native: string) => ListedPackage | undefined
}

/** The managers by Ansible's names, in the order in which they are tried. The first line of dpkg's reply is its architecture. */
export const MANAGERS: Readonly<Record<string, Manager>> = {
  rpm: {
    list: "rpm -qa --qf '%{NAME}\\t%{VERSION}\\t%{RELEASE}\\t%{EPOCH}\\t%{ARCH}\\n'",
    reads: 'path:/var/lib/rpm',
    read: ([name = '', version = '', release = '', epoch = '', arch = '']) => ({
      name,
      version,
      release,
      epoch: /^\d+$/.test(epoch) ? Number(epoch) : null,
      arch,
    }),
  },
  apt: {
    list: `dpkg-query -W -f '\${db:Status-Abbrev}\\t\${Package}\\t\${Architecture}\\t\${Version}\\t\${Section}\\n'`,
    reads: 'path:/var/lib/dpkg',
    read: ([status = '', name = '', arch = '', version = '', category = ''], native) =>
      status.startsWith('i', 1)
        ? { name: arch === native || arch === 'all' ? name : `${name}:${arch}`, version, arch, category }
        : undefined,
  },
  apk: {
    list: "apk info -v 2>/dev/null | sed 's/-\\([^-]*\\)-\\([^-]*\\)$/\t\\1\t\\2/'",
    reads: 'path:/lib/apk/db',
    read: ([name = '', version = '', release = '']) => ({ name, version, release }),
  },
}

const COMMANDS: Readonly<Record<string, string>> = { rpm: 'rpm', apt: 'dpkg-query', apk: 'apk' }

/** The packages by manager, for those of the named managers that the target has. */
export const packageList = (
  managers: readonly string[],
): TargetQuestion<ReadonlyMap<string, readonly ListedPackage[]>> => {
  const parts = managers.map(
    name =>
      `if command -v ${COMMANDS[name]} >/dev/null; then printf '#${name} '; dpkg --print-architecture 2>/dev/null || echo; ${MANAGERS[name]?.list} || exit; fi`,
  )
  return ask(
    raw(`export LC_ALL=C; ${parts.join('\n')}`),
    managers.flatMap(name => MANAGERS[name]?.reads ?? []),
    answer => {
      if (!answer.ok) throw new CouldNotTell(`the package manager does not answer: ${answer.stderr.trim()}`)
      return packagesIn(answer.stdout)
    },
    { keep: 16 * 1024 * 1024 },
  )
}

/** Reads the reply. */
export function packagesIn(text: string): ReadonlyMap<string, readonly ListedPackage[]> {
  const found = new Map<string, ListedPackage[]>()
  for (const part of text.split(/^#/m).slice(1)) {
    const [head = '', ...lines] = part.split('\n').filter(line => line !== '')
    const [name = '', native = ''] = head.split(' ')
    const read = MANAGERS[name]?.read
    if (read === undefined) throw new CouldNotTell(`nobody asked for the packages of '${name}'`)
    found.set(
      name,
      lines.flatMap(line => read(line.split('\t'), native) ?? []),
    )
  }
  return found
}
