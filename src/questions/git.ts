import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import { reads } from './files.ts'

/** What is asked of a repository. */
export interface GitLook {
  readonly repo: string
  readonly dest: string | undefined
  readonly version: string
  readonly remote: string
  readonly bare: boolean
  /** Submodules are looked at, too; with `track` the newest of each is asked for. */
  readonly recursive: boolean
  readonly track: boolean
  /** The server is asked. */
  readonly online: boolean
  /** Signatures are looked at. */
  readonly verify: boolean
}

/** A checked out repository, and what the server says of the version that is wanted. */
export interface GitSeen {
  /** There is no git. */
  readonly missing: boolean
  /** What stands at the destination. */
  readonly kind: 'absent' | 'empty' | 'other' | 'repository'
  readonly head: string | undefined
  readonly branch: string
  readonly url: string
  /** Where the repository itself is. */
  readonly dir: string
  readonly modified: boolean
  /** Submodules that are not as the commit says, or not the newest. */
  readonly submodules: readonly string[]
  /** The commit that a version stands for here, where it is known. */
  readonly local: string | undefined
  /** What `git verify-commit` and `verify-tag` say of it. */
  readonly signature: string
  /** The commit that the server has for it, and whether it is a branch there. */
  readonly wanted: string | undefined
  readonly isBranch: boolean
  readonly isTag: boolean
  /** The branch that the server's HEAD is. */
  readonly mainBranch: string
}

/** Bytes of all that is told. */
const KEPT = 4 * 1024 * 1024

/**
 * Looks at a repository and asks its server.
 * @param before shell text that makes git ready: `g` calls it
 */
export const gitLook = (wish: GitLook, before: Script): TargetQuestion<GitSeen> => {
  const { repo, dest = '', version, remote, bare, recursive, track, online, verify } = wish
  const main =
    version === 'HEAD'
      ? raw('HEAD')
      : sh`${`refs/heads/${version}`} ${`refs/tags/${version}`} ${`refs/tags/${version}^{}`}`
  const newest = raw(
    `g submodule foreach -q --recursive 'b=$(git config -f "$toplevel/.gitmodules" "submodule.$name.branch" || echo HEAD); n=$(git ls-remote "$(git config remote.origin.url)" "$b" | cut -c1-40); h=$(git rev-parse HEAD); [ "$n" = "$h" ] || echo "*$h $name"'`,
  )
  const submodules =
    recursive && !bare
      ? sh`[ ! -e .gitmodules ] || { g submodule status --recursive; ${track ? newest : raw(':')}; } | sed 's/^/submodule /'`
      : raw(':')
  const version40 = version === 'HEAD' ? 'HEAD' : `${version}^{commit}`
  const signature = verify
    ? sh`{ g verify-commit --raw ${version === 'HEAD' ? 'HEAD' : version} 2>&1 || g verify-tag --raw ${version} 2>&1; } | sed 's/^/signature /'`
    : raw(':')
  const local = sh`about() { h=$(g rev-parse -q --verify HEAD) && echo "head $h"; echo "branch $(g symbolic-ref -q --short HEAD)"; echo "url $(g config ${`remote.${remote}.url`})"; echo "dir $(cd "$(g rev-parse --git-dir)" && pwd -P)"; l=$(g rev-parse -q --verify ${version40}) && echo "local $l"; ${signature}; }`
  // A submodule at its newest commit is not the one that its parent names.
  const ignored = track ? ['--ignore-submodules=all'] : []
  const modified = bare ? raw(':') : sh`g status --porcelain ${ignored} | grep -v '^??' | sed -n '1s/.*/modified/p'`
  const server = sh`r=$(g ls-remote --symref ${repo} ${main}) || exit; printf '%s\n' "$r" | sed 's/^/remote /'`
  const script = sh`${before}
command -v "$git" >/dev/null || { echo missing; exit 0; }
d=${dest}
if [ -z "$d" ] || [ ! -e "$d" ]; then echo 'kind absent'
elif ${bare ? raw('[ -f "$d/HEAD" ] && [ -d "$d/objects" ]') : raw('[ -e "$d/.git" ]')}; then echo 'kind repository'; cd -- "$d" || exit
  ${local}
  about; [ -z "$(g rev-parse -q --verify HEAD)" ] || { ${modified}; ${submodules}; }
elif [ -d "$d" ] && [ -z "$(ls -A -- "$d")" ]; then echo 'kind empty'; else echo 'kind other'; fi
${online ? server : raw(':')}`
  const resources = [...(dest === '' ? [] : reads(dest)), `net:${repo}`]
  return ask(
    script,
    resources,
    answer => {
      if (!answer.ok)
        throw new CouldNotTell(`git cannot be asked about ${repo}: ${answer.stderr.trim() || `status ${answer.code}`}`)
      return parse(answer.stdout, version, track)
    },
    { dear: true, keep: KEPT },
  )
}

function parse(said: string, version: string, track: boolean): GitSeen {
  const lines = said.split('\n')
  const of = (name: string): string[] =>
    lines.flatMap(line => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))
  const refs = new Map(of('remote').map(line => [line.split('\t')[1] ?? '', line.split('\t')[0] ?? '']))
  const branch = refs.get(`refs/heads/${version}`)
  const tag = refs.get(`refs/tags/${version}^{}`) ?? refs.get(`refs/tags/${version}`)
  const symbolic = of('remote').find(line => line.startsWith('ref: '))
  const [kind] = of('kind')
  return {
    missing: lines[0] === 'missing',
    kind: kind === 'empty' || kind === 'other' || kind === 'repository' ? kind : 'absent',
    head: of('head')[0],
    branch: of('branch')[0] ?? '',
    url: of('url')[0] ?? '',
    dir: of('dir')[0] ?? '',
    modified: lines.includes('modified'),
    submodules: of('submodule').filter(line => (track ? /^[-*U]/ : /^[-+U]/).test(line)),
    local: of('local')[0],
    signature: of('signature').join('\n'),
    wanted: version === 'HEAD' ? refs.get('HEAD') : (branch ?? tag),
    isBranch: branch !== undefined,
    isTag: tag !== undefined,
    mainBranch: /^ref: refs\/heads\/(\S+)/.exec(symbolic ?? '')?.[1] ?? '',
  }
}
