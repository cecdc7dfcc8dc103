import type { HostInfo } from '../../kit/host.ts'
import { at } from '../../questions/files.ts'
import { pipOf } from '../../questions/pip.ts'
import { join, nothing, raw, type Script, sh } from '../../shell/script.ts'
import { split } from './words.ts'

/** One thing that pip is told to install. */
export interface Requirement {
  /** As pip gets it. */
  readonly written: string
  /** The name of a package; absent for a URL, a path, or what pip alone understands. */
  readonly name?: string
  /** Such as `>=1.0,<2`; '' where any version will do. */
  readonly specifier: string
}

/** What a list names; a part that begins with a comparison belongs to the name before it (a comma stood between them). */
export function requirementsIn(list: readonly string[]): Requirement[] {
  const whole: string[] = []
  for (const part of list.map(text => text.trim()).filter(text => text !== ''))
    if (/^(?:[<>=!~]=?|===)/.test(part) && whole.length > 0) whole.push(`${whole.pop()},${part}`)
    else whole.push(part)
  return whole.map(written => {
    const [, name, specifier = ''] =
      /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*((?:[<>=!~]=?=?[^;]*)?)$/.exec(written) ?? []
    return { written, specifier: specifier.trim(), ...(name === undefined ? {} : { name }) }
  })
}

interface EnvironmentWish {
  readonly virtualenv_command: string
  readonly virtualenv_site_packages: boolean
  readonly virtualenv_python?: string
}

/** Makes an environment. */
export function environmentScript(wish: EnvironmentWish, path: string): Script {
  const venv = /pyvenv|-m venv/.test(wish.virtualenv_command)
  const python = wish.virtualenv_python === undefined || venv ? [] : ['-p', wish.virtualenv_python]
  const site = wish.virtualenv_site_packages ? ['--system-site-packages'] : []
  return sh`${split(wish.virtualenv_command)} ${python} ${site} ${path} || exit`
}

interface InstallWish {
  readonly state: 'absent' | 'forcereinstall' | 'latest' | 'present'
  readonly requirements?: string
  readonly chdir?: string
  readonly umask?: string
  readonly executable?: string
  readonly environment: string | undefined
  readonly words: readonly string[]
  readonly all: readonly Requirement[]
  /** What makes the environment first. */
  readonly make?: Script
}

const VERBS = {
  present: ['install'],
  absent: ['uninstall', '-y'],
  latest: ['install', '-U'],
  forcereinstall: ['install', '-U', '--force-reinstall'],
} as const

/** Calls pip, and says whether it was other packages afterwards. */
export function installScript(wish: InstallWish, host: HostInfo): Script {
  const { environment, all, requirements, state } = wish
  const what = requirements === undefined ? all.map(({ written }) => written) : ['-r', requirements]
  return join([
    sh`export LC_ALL=C PIP_DISABLE_PIP_VERSION_CHECK=1; cd -- ${wish.chdir === undefined ? '/tmp' : at(wish.chdir, host)} || exit`,
    wish.umask === undefined ? nothing : sh`umask ${wish.umask}`,
    wish.make ?? nothing,
    environment === undefined ? nothing : sh`PATH=${`${environment}/bin`}:$PATH`,
    pipOf(environment, wish.executable),
    raw('[ $# -gt 0 ] || { echo "there is no pip" >&2; exit 127; }; b=$("$@" freeze)'),
    sh`"$@" ${VERBS[state]} ${state === 'absent' ? wish.words.filter(word => word !== '-e') : wish.words} ${what} || exit`,
    raw(`a=$("$@" freeze); [ "$a" = "$b" ] || echo 'regplay: other packages'`),
  ])
}
