import { posix } from 'node:path'
import type { HostInfo } from '../../kit/host.ts'
import { act, change, ok, type Plan, refuse } from '../../kit/plan.ts'
import { hash } from '../../questions/controller.ts'
import { type DebFile, SEEN } from '../../questions/deb-file.ts'
import { at } from '../../questions/files.ts'
import { atEnd } from '../../shell/at-end.ts'
import { raw, type Script, sh } from '../../shell/script.ts'
import { aptGet } from './apt.ts'
import type { AptArgs } from './apt-plans.ts'
import { run } from './attributes.ts'
import { ended } from './ended.ts'

/** The files that `deb` names, or the one URL. */
export const debsOf = (deb: string, host: HostInfo): string[] =>
  deb.includes('://') ? [deb] : deb.split(',').map(path => at(path.trim(), host))

/** Packages of .deb files are installed in their versions, in one transaction. */
export function installDebs(
  paths: readonly string[],
  found: readonly DebFile[],
  args: AptArgs,
  refresh: string[][],
): Plan {
  if (args.state !== 'present') return refuse('deb only supports state=present', 'name the package instead')
  const [url] = paths
  if (url?.includes('://')) return fromUrl(url, args, refresh)
  const missing = paths.find(path => !found.some(deb => deb.path === path))
  if (missing !== undefined)
    return refuse(`there is no file ${missing} on the target`, 'put it there with copy or get_url')
  const others = found.filter(({ installed, version }) => installed !== version)
  const older = others.find(deb => deb.older)
  if (older && !args.allow_downgrade && !args.force)
    return refuse(
      `A later version is already installed: ${older.name} ${older.installed}`,
      'allow_downgrade: true takes it back',
    )
  if (others.length === 0) return ok()
  const files = others.map(({ path }) => (posix.isAbsolute(path) ? path : `./${path}`))
  const names = others.map(({ name }) => name).join(', ')
  const by = aptGet(args, [...refresh, ['install', '--', ...files]], `installing ${names}`)
  return change(
    others.map(({ name, installed, version }) => ({ what: name, from: installed, to: version, by })),
    ['everything'],
  )
}

const SAME = 'regplay: it is installed'

/** What a server has is known once it is fetched: by apt's own helper, each time, into a directory that only root writes to. */
function fromUrl(url: string, args: AptArgs, refresh: string[][]): Plan {
  if (/:\/\/[^/]*@/.test(url))
    return refuse('a password in the URL of deb would be seen by all', 'fetch the file with get_url, and give its path')
  const path = `/run/regplay-${hash('sha256', url).slice(0, 16)}.deb`
  const back = args.allow_downgrade || args.force ? 'may' : ''
  const fetched = (then: Script) =>
    run(
      sh`f=${path}; rm -f "$f"
${atEnd(raw('rm -f "$f"'))}
w=$(/usr/lib/apt/apt-helper -q download-file ${url} "$f" 2>&1) || { printf 'Failure downloading %s, %s\n' ${url} "$w" >&2; exit 1; }
${SEEN}seen "$f" || exit; if [ "$i" = "$v" ]; then echo ${SAME}; elif [ -n "$o" ] && [ -z ${back} ]; then echo "A later version is already installed: $n $i" >&2; exit 1; else ( ${then} ); fi`,
      `fetching ${url}`,
    )
  const by = aptGet(args, [...refresh, ['install', '--', path]], `installing ${url}`)
  return act(
    `apt-get install ${url}`,
    { ...fetched(by.script), told: true },
    outcome => ended(outcome, Object.fromEntries(outcome.fields ?? []), !outcome.stdout.startsWith(SAME)),
    { dry: 'pretend', trial: fetched(sh`:`) },
  )
}
