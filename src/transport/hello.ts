import { type HostInfo, PROXIES, TOOLS } from '../kit/host.ts'
import type { Answer } from '../shell/answer.ts'
import { raw, type Script } from '../shell/script.ts'
import { TransportError } from './session.ts'

/** Where programs live; a non-login shell often lacks the sbin ones. */
const PLACES = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What IFS is in a fresh shell, as a quoted word. */
const IFS = "' \t\n'"

/**
 * Makes any /bin/sh a plain one, in the resident shell itself: no options, aliases or start-up files of the user's, the
 * C locale, only absolute places on the PATH. `moved` is for shells of another identity: they may be unable to read the
 * directory they were started in.
 */
export const prelude = (moved: boolean): string => `set +e +u +f +x +v +C +a
unalias -a 2>/dev/null
unset ENV BASH_ENV HISTFILE TMOUT CDPATH GREP_OPTIONS LANGUAGE POSIXLY_CORRECT
IFS=${IFS}
LC_ALL=C LANG=C; export LC_ALL LANG
umask 022
ulimit -c 0 2>/dev/null
regplay_path() {
  regplay_p=$PATH:${PLACES}; set -f; IFS=:; set -- $regplay_p; PATH=
  for regplay_p; do case $regplay_p in /*) case ":$PATH:" in *":$regplay_p:"*) ;; *) PATH=\${PATH:+$PATH:}$regplay_p ;; esac ;; esac; done
  set +f; IFS=${IFS}; unset regplay_p
}
regplay_path; export PATH
HOME=\${HOME:-/}; export HOME
${moved ? 'cd "$HOME" 2>/dev/null || cd /\n' : ''}`

/** The first question to every shell. */
export const HELLO: Script = raw(`printf 'system %s\\n' "$(uname -s)"
printf 'machine %s\\n' "$(uname -m)"
printf 'uid %s\\n' "$(id -u)"
printf 'user %s\\n' "$(id -un 2>/dev/null)"
printf 'home %s\\n' "$HOME"
printf 'time %s\\n' "$(date +%s)"
for f in /etc/os-release /usr/lib/os-release; do
  [ -r $f ] || continue
  while IFS= read -r l || [ -n "$l" ]; do case $l in ID=*|ID_LIKE=*|VERSION_ID=*) printf 'os %s\\n' "$l" ;; esac; done <$f
  break
done
l=; { IFS= read -r l </proc/1/comm; } 2>/dev/null
printf 'first %s\\n' "$l"
[ -d /run/systemd/system ] && printf 'has systemd\\n'
[ -d /run/openrc ] && printf 'has openrc\\n'
command -v busybox >/dev/null 2>&1 && printf 'has busybox\\n'
for t in ${TOOLS.join(' ')}; do command -v $t >/dev/null 2>&1 && printf 'tool %s\\n' $t; done
for v in ${PROXIES.join(' ')}; do eval "l=\\\${$v-}\\\${$v+x}"; [ -z "$l" ] || printf 'proxy %s %s\\n' $v "\${l%x}"; done
:`)

const FAMILIES: readonly (readonly [HostInfo['family'], RegExp])[] = [
  ['debian', /^(debian|ubuntu|raspbian|linuxmint|devuan|kali)$/],
  ['redhat', /^(rhel|fedora|centos|rocky|almalinux|ol|amzn|scientific)$/],
  ['alpine', /^alpine$/],
  ['suse', /^(suse|sles|sled|opensuse.*)$/],
  ['arch', /^(arch|archarm|manjaro)$/],
]

/**
 * Reads the answer to `HELLO`. `asked` and `got` are the controller's clock in seconds around the trip.
 * Throws TransportError('protocol') when the shell said something else.
 */
export function readHello(name: string, answer: Answer, asked: number, got: number): HostInfo {
  const said = new Map<string, string[]>()
  for (const line of answer.stdout.split('\n')) {
    const space = line.indexOf(' ')
    if (space < 0) continue
    const key = line.slice(0, space)
    said.set(key, [...(said.get(key) ?? []), line.slice(space + 1)])
  }
  const one = (key: string): string => said.get(key)?.[0] ?? ''
  const uid = Number(one('uid') || Number.NaN)
  if (!Number.isInteger(uid))
    throw new TransportError(
      'protocol',
      `/bin/sh of ${name} does not work: ${answer.stderr.trim() || 'no answer to id -u'}`,
    )
  const release = osRelease(said.get('os') ?? [])
  const has = new Set(said.get('has'))
  const id = release.get('ID') || 'unknown'
  const time = Number(one('time'))
  return {
    name,
    system: one('system'),
    machine: one('machine'),
    id,
    family: familyOf([id, ...(release.get('ID_LIKE') ?? '').split(/\s+/)], has.has('busybox')),
    version: release.get('VERSION_ID') ?? '',
    uid,
    user: one('user') || String(uid),
    home: one('home'),
    init: initOf(one('first'), has),
    tools: new Set(said.get('tool')),
    clockSkew: time > 0 ? Math.trunc(time + 0.5 - (asked + got) / 2) + 0 : 0,
    proxies: new Map((said.get('proxy') ?? []).map(line => pair(line))),
  }
}

/** What stands before the first space, and behind it. */
const pair = (line: string): [string, string] => [line.replace(/ .*/s, ''), line.slice(line.indexOf(' ') + 1)]

function familyOf(ids: readonly string[], busybox: boolean): HostInfo['family'] {
  for (const id of ids) for (const [family, names] of FAMILIES) if (names.test(id)) return family
  return busybox && ids[0] === 'unknown' ? 'busybox' : 'unknown'
}

function initOf(first: string, has: ReadonlySet<string>): HostInfo['init'] {
  if (has.has('systemd') && /^(systemd|init)$/.test(first)) return 'systemd'
  if (has.has('openrc')) return 'openrc'
  return first === 'init' ? 'sysv' : 'none'
}

/** `NAME="value"` lines, quoted as sh quotes them. */
const osRelease = (lines: readonly string[]): Map<string, string> =>
  new Map(
    lines.map(line => {
      const equals = line.indexOf('=')
      const value = line.slice(equals + 1).trim()
      const inner = /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value
      return [line.slice(0, equals), inner.replace(/\\(["$`\\])/g, '$1')]
    }),
  )
