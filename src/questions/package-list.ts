import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { join, raw, type Script, sh } from '../shell/script.ts'
import { WITH_ORIGINS } from './package-origins.ts'
import { format } from './packages.ts'

/** An installed package; which fields there are depends on the manager. */
export interface ListedPackage {
  readonly name: string
  readonly version: string
  readonly arch?: string
  readonly category?: string
  /** Who made the list of packages that has it; empty when none has. */
  readonly origin?: string | undefined
  readonly release?: string
  /** Of rpm; null when it has none. */
  readonly epoch?: number | null
  /** Of pacman: names that it stands for; null when there are none. */
  readonly provides?: readonly string[] | null
}

interface Manager {
  /** Shell text that prints a line for each package, its fields separated by tabs. */
  readonly list: Script
  readonly reads: readonly string[]
  readonly read: (fields: readonly string[], native: string) => ListedPackage | undefined
}

const DPKG = format('db:Status-Abbrev', 'Package', 'Architecture', 'Version', 'Section', 'binary:Package')

/** The managers by Ansible's names, in the order in which they are tried. The first line of dpkg's reply is its architecture. */
export const MANAGERS: Readonly<Record<string, Manager>> = {
  rpm: {
    list: raw("rpm -qa --qf '%{NAME}\\t%{VERSION}\\t%{RELEASE}\\t%{EPOCH}\\t%{ARCH}\\n'"),
    reads: ['path:/var/lib/rpm'],
    read: ([name = '', version = '', release = '', epoch = '', arch = '']) => ({
      name,
      version,
      release,
      epoch: /^\d+$/.test(epoch) ? Number(epoch) : null,
      arch,
    }),
  },
  apt: {
    list: sh`q=$(dpkg-query -W -f ${DPKG}) && { ${WITH_ORIGINS}; }`,
    reads: ['path:/var/lib/dpkg', 'path:/var/lib/apt/lists', 'path:/etc/apt'],
    read: ([status = '', name = '', arch = '', version = '', category = '', , origin], native) =>
      status.startsWith('i', 1)
        ? { name: arch === native || arch === 'all' ? name : `${name}:${arch}`, version, arch, category, origin }
        : undefined,
  },
  apk: {
    list: raw("apk info -v 2>/dev/null | sed 's/-\\([^-]*\\)-\\([^-]*\\)$/\t\\1\t\\2/'"),
    reads: ['path:/lib/apk/db'],
    read: ([name = '', version = '', release = '']) => ({ name, version, release }),
  },
  pacman: {
    list: raw(
      "pacman -Qi | sed -n 's/^Name *: //p; s/^Version *: //p; s/^Architecture *: //p; s/^Provides *: //p' | paste - - - -",
    ),
    reads: ['path:/var/lib/pacman'],
    read: ([name = '', version = '', arch = '', provides = 'None']) => ({
      name,
      version,
      arch,
      provides: provides === 'None' ? null : provides.split(/ +/).map(one => one.replace(/=.*/, '')),
    }),
  },
}

/** Shell text that says by its status whether a manager is there. BusyBox has an rpm that knows files, and no packages. */
const THERE: Readonly<Record<string, string>> = {
  rpm: 'rpm --version >/dev/null 2>&1',
  apt: 'command -v dpkg-query >/dev/null',
  apk: 'command -v apk >/dev/null',
  pacman: 'command -v pacman >/dev/null',
}

/** The packages by manager, for those of the named managers that the target has. */
export const packageList = (
  managers: readonly string[],
): TargetQuestion<ReadonlyMap<string, readonly ListedPackage[]>> => {
  const parts = managers.map(
    name =>
      sh`if ${raw(THERE[name] ?? 'false')}; then printf '#%s ' ${name}; dpkg --print-architecture 2>/dev/null || echo; ${MANAGERS[name]?.list ?? raw(':')} || exit; fi`,
  )
  return ask(
    sh`export LC_ALL=C; ${join(parts, '\n')}`,
    managers.flatMap(name => [...(MANAGERS[name]?.reads ?? [])]),
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
