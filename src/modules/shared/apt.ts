import type { Run } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import { type Plan, refuse } from '../../kit/plan.ts'
import { LOCKS } from '../../questions/package-lock.ts'
import { atEnd } from '../../shell/at-end.ts'
import { join, raw, type Script, sh } from '../../shell/script.ts'
import { unlocked } from './package-lock.ts'

/** How apt-get is to be called. */
export interface AptWish {
  readonly dpkg_options: string
  readonly lock_timeout: number
  readonly policy_rc_d?: number
  readonly install_recommends?: boolean
  readonly default_release?: string
  readonly allow_unauthenticated: boolean
  readonly allow_downgrade: boolean
  readonly allow_change_held_packages: boolean
  readonly force: boolean
  readonly fail_on_autoremove: boolean
  readonly only_upgrade: boolean
  readonly autoremove: boolean
  readonly purge: boolean
}

/** Nothing special: for tasks that only refresh the package lists. */
export const PLAIN: AptWish = {
  dpkg_options: '',
  lock_timeout: 300,
  allow_unauthenticated: false,
  allow_downgrade: false,
  allow_change_held_packages: false,
  force: false,
  fail_on_autoremove: false,
  only_upgrade: false,
  autoremove: false,
  purge: false,
}

const flagsOf = (wish: AptWish): string[] => [
  '-y',
  '-q',
  '-o',
  `DPkg::Lock::Timeout=${wish.lock_timeout}`,
  '-o',
  'APT::Update::Error-Mode=any',
  '-o',
  'Dpkg::Use-Pty=0',
  ...wish.dpkg_options
    .split(',')
    .filter(Boolean)
    .flatMap(option => ['-o', `Dpkg::Options::=--${option.trim()}`]),
  ...(wish.install_recommends === undefined
    ? []
    : ['-o', `APT::Install-Recommends=${wish.install_recommends ? 'yes' : 'no'}`]),
  ...(wish.default_release === undefined ? [] : ['-t', wish.default_release]),
  ...(wish.allow_unauthenticated || wish.force ? ['--allow-unauthenticated'] : []),
  ...(wish.allow_downgrade || wish.force ? ['--allow-downgrades'] : []),
  ...(wish.allow_change_held_packages || wish.force ? ['--allow-change-held-packages'] : []),
  ...(wish.force ? ['--allow-remove-essential'] : []),
  ...(wish.fail_on_autoremove ? ['--no-remove'] : []),
]

/**
 * One or more calls of apt-get as one transaction; `update` refreshes the lists and marks them as fresh. Packages that are `wanted`
 * for themselves stay when nobody else wants them any more.
 */
export function aptGet(
  wish: AptWish,
  operations: readonly (readonly string[])[],
  doing: string,
  wanted: readonly string[] = [],
): Run {
  const flags = flagsOf(wish)
  // Of lists that are renewed on the way only a failure is worth telling.
  const quiet = raw(operations.length > 1 ? ' >/dev/null 2>"$e.lists"' : '')
  const steps = operations.map(words =>
    words[0] === 'update'
      ? sh`{ apt-get ${flags} ${words}${quiet} || ${UPDATE_FAILED}; }${MARK}`
      : sh`apt-get ${flags} ${words}`,
  )
  const marked = wanted.length === 0 ? [] : [manual(wanted)]
  const script = sh`${unlocked(LOCKS.apt, wish.lock_timeout)}${transaction(join([...steps, ...marked], ' && '))}`
  return {
    kind: 'run',
    script: wish.policy_rc_d === undefined ? script : sh`${underPolicy(wish.policy_rc_d)}${script}`,
    doing,
    told: true,
  }
}

/** Marks packages as wanted for themselves. */
export const manual = (names: readonly string[]): Script => sh`apt-mark -q manual -- ${names} >/dev/null`

/** As Ansible begins to say that lists could not be fetched; why follows. */
export const NOT_UPDATED = 'Failed to update apt cache: '
const UPDATE_FAILED = sh`{ s=$?; cat "$e.lists" >&2 2>/dev/null; echo ${NOT_UPDATED} >"$e.why"; (exit $s); }`

/** What scripts of packages are answered that ask whether services may be started; what stood there comes back at the end. */
const underPolicy = (code: number): Script =>
  sh`p=/usr/sbin/policy-rc.d; if [ -e "$p" ] || [ -L "$p" ]; then mv -f "$p" "$p.regplay" || exit; fi; u() { if [ -e "$p.regplay" ] || [ -L "$p.regplay" ]; then mv -f "$p.regplay" "$p"; else rm -f "$p"; fi; }; ${atEnd(raw('u'))}; printf '#!/bin/sh\nexit %d\n' ${code} >"$p" && chmod 0755 "$p" || exit; `

/** apt leaves the time of the lists alone when nothing was new. */
const MARK = raw(
  ' && { for f in /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp; do [ ! -e $f ] || touch $f; done; }',
)

/**
 * Runs apt-get with its output in files, so that a lost connection cannot kill dpkg in the middle; when an earlier dpkg was
 * interrupted, configures what it left and tries again. Of a failure the errors are told, or else the last that was said.
 */
const transaction = (steps: Script): Script =>
  sh`export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical LC_ALL=C; o=$(mktemp) || exit; e=$o.err
${atEnd(raw('rm -f "$o" "$e" "$e.why" "$e.lists"; u 2>/dev/null'))}
a() { ${steps}; }; a >"$o" 2>"$e" </dev/null; s=$?; if [ $s != 0 ] && grep -q 'dpkg --configure -a' "$e"; then { dpkg --configure -a --force-confdef --force-confold && a; } >>"$o" 2>"$e" </dev/null; s=$?; fi; cat "$o"; [ $s != 0 ] || { cat "$e" >&2; exit 0; }; { [ ! -e "$e.why" ] || tr -d '\n' <"$e.why"; grep -E '^(E:|dpkg: error)' "$e" || tail -n 20 "$o"; } >&2; exit $s`

/** Whether an ended apt-get says that it did something; `autoclean` names what it removes, of `clean` Ansible says that nothing changed. */
export const didSomething = (operation: string | undefined, output: string): boolean => {
  if (operation === 'clean') return false
  if (operation === 'autoclean') return /^Del /m.test(output)
  const counts =
    /^(\d+) upgraded, (\d+) newly installed, (?:\d+ reinstalled, )?(?:(\d+) downgraded, )?(\d+) to remove/m.exec(output)
  return counts === null || counts.slice(1).some(count => Number(count ?? 0) > 0)
}

/** Why a module of apt can do nothing on a host of another family. */
export const notDebian = (module: string, host: HostInfo, remedy?: string): Plan =>
  refuse(
    `${module} is for Debian and its kin, ${host.name} is ${host.id}${host.tools.has('apt-get') ? '' : ' and has no apt-get'}`,
    remedy,
  )
