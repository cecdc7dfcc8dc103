import type { Run } from '../../kit/effect.ts'
import { join, raw, type Script, sh } from '../../shell/script.ts'

/** How apt-get is to be called. */
export interface AptWish {
  readonly dpkg_options: string
  readonly lock_timeout: number
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

/** One or more calls of apt-get as one transaction; `update` refreshes the lists and marks them as fresh. */
export function aptGet(wish: AptWish, operations: readonly (readonly string[])[], doing: string): Run {
  const flags = flagsOf(wish)
  const steps = operations.map(words => sh`apt-get ${flags} ${words}${words[0] === 'update' ? MARK : raw('')}`)
  return { kind: 'run', script: transaction(join(steps, ' && ')), doing }
}

/** apt leaves the time of the lists alone when nothing was new. */
const MARK = raw(
  ' && { for f in /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp; do [ ! -e $f ] || touch $f; done; }',
)

/**
 * Runs apt-get with its output in a file, so that a lost connection cannot kill dpkg in the middle; when an earlier dpkg was
 * interrupted, configures what it left and tries again. The whole output goes to standard output, the errors to standard error.
 */
const transaction = (steps: Script): Script =>
  sh`export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical LC_ALL=C; o=$(mktemp) || exit; trap 'rm -f "$o"' EXIT; a() { ${steps}; }; a >"$o" 2>&1 </dev/null; s=$?; if [ $s != 0 ] && grep -q 'dpkg --configure -a' "$o"; then { dpkg --configure -a --force-confdef --force-confold && a; } >>"$o" 2>&1 </dev/null; s=$?; fi; cat "$o"; [ $s = 0 ] || { grep -E '^(E:|dpkg: error)' "$o" || tail -n 20 "$o"; } >&2; exit $s`

/** Whether an ended apt-get says that it did something; `autoclean` names what it removes, `clean` says nothing. */
export const didSomething = (operation: string | undefined, output: string): boolean => {
  if (operation === 'autoclean') return /^Del /m.test(output)
  const counts =
    /^(\d+) upgraded, (\d+) newly installed, (?:\d+ reinstalled, )?(?:(\d+) downgraded, )?(\d+) to remove/m.exec(output)
  return counts === null || counts.slice(1).some(count => Number(count ?? 0) > 0)
}
