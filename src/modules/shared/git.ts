import type { HostInfo } from '../../kit/host.ts'
import { at } from '../../questions/files.ts'
import type { GitSeen } from '../../questions/git.ts'
import { join, nothing, raw, type Script, sh } from '../../shell/script.ts'

/** What is wanted of a repository; paths as they are written. */
export interface GitWish {
  readonly repo: string
  readonly dest?: string
  readonly version: string
  readonly remote: string
  readonly refspec?: string
  readonly reference?: string
  readonly force: boolean
  readonly depth?: number
  readonly bare: boolean
  readonly recursive: boolean
  readonly single_branch: boolean
  readonly track_submodules: boolean
  readonly verify_commit: boolean
  readonly separate_git_dir?: string
  readonly executable?: string
  readonly umask?: string
  readonly key_file?: string
  readonly ssh_opts?: string
  readonly accept_hostkey: boolean
  readonly accept_newhostkey: boolean
}

/** A repository that is a path is named as one. */
export const urlOf = (repo: string, host: HostInfo): string => (/^[/~]/.test(repo) ? `file://${at(repo, host)}` : repo)

/** Options of ssh: it never asks anybody, and knows new hosts only where that is wanted. */
function sshOptions(wish: GitWish, host: HostInfo): string {
  const { ssh_opts = '', accept_hostkey, accept_newhostkey, key_file } = wish
  const named = /StrictHostKeyChecking=(?:no|accept-new)/.test(ssh_opts)
  return [
    ssh_opts,
    accept_hostkey && !named ? '-o StrictHostKeyChecking=no' : '',
    accept_newhostkey && !named ? '-o StrictHostKeyChecking=accept-new' : '',
    /BatchMode=yes/.test(ssh_opts) ? '' : '-o BatchMode=yes',
    key_file === undefined ? '' : sh`-i ${at(key_file, host)} -o IdentitiesOnly=yes`.wire,
  ]
    .filter(option => option !== '')
    .join(' ')
}

/** Makes `g` call git: in plain words, asking nobody, over ssh as it is wanted. */
export const ready = (
  wish: GitWish,
  host: HostInfo,
): Script => sh`git=${wish.executable === undefined ? 'git' : at(wish.executable, host)}
export LC_ALL=C GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0
s=${sshOptions(wish, host)}; export GIT_SSH_COMMAND="\${GIT_SSH_COMMAND:-ssh} $s"
g() { "$git" "$@"; }
${wish.umask === undefined ? nothing : sh`umask ${wish.umask}`}`

/** Clones what is not there. */
function cloned(wish: GitWish, seen: GitSeen, url: string, dest: string, host: HostInfo): Script {
  const { version, depth, refspec, single_branch, bare, remote } = wish
  const named = seen.isBranch || (seen.isTag && version !== 'HEAD')
  const shallow = depth !== undefined && (version === 'HEAD' || refspec !== undefined || named)
  const words = [
    ...(bare ? ['--bare'] : ['--origin', remote]),
    ...(shallow ? ['--depth', String(depth)] : []),
    ...(named && ((shallow && refspec === undefined) || single_branch) ? ['--branch', version] : []),
    ...(wish.reference === undefined ? [] : ['--reference', wish.reference]),
    ...(single_branch ? ['--single-branch'] : []),
    ...(wish.separate_git_dir === undefined ? [] : [`--separate-git-dir=${at(wish.separate_git_dir, host)}`]),
  ]
  return join([
    sh`mkdir -p -- "\${d%/*}/." && g clone ${words} -- ${url} ${dest} || exit`,
    sh`cd -- ${dest}`,
    bare && remote !== 'origin' ? sh`g remote add ${remote} ${url} || exit` : nothing,
    refspec === undefined
      ? nothing
      : sh`g fetch ${shallow ? ['--depth', String(depth)] : []} ${remote} ${refspec} || exit`,
  ])
}

/** Brings what the server has to a repository that is there. */
function fetched(wish: GitWish, seen: GitSeen, url: string, dest: string, host: HostInfo): Script {
  const { version, depth, refspec, bare, remote, force } = wish
  const branch = version === 'HEAD' ? seen.mainBranch : version
  const one =
    refspec ??
    (seen.isBranch || version === 'HEAD'
      ? `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`
      : seen.isTag
        ? `+refs/tags/${version}:refs/tags/${version}`
        : undefined)
  const all = bare ? ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'] : []
  const few = depth !== undefined && one !== undefined && !bare
  const words = few
    ? ['--depth', String(depth), ...(force ? ['--force'] : []), remote, one]
    : [
        ...(bare ? [] : ['--tags']),
        ...(force ? ['--force'] : []),
        remote,
        ...all,
        ...(refspec === undefined ? [] : [refspec]),
      ]
  const git = wish.separate_git_dir === undefined ? undefined : at(wish.separate_git_dir, host)
  return join([
    sh`cd -- ${dest}`,
    git !== undefined && seen.dir !== git ? sh`g init -q --separate-git-dir ${git} || exit` : nothing,
    seen.modified && force ? raw('g reset -q --hard HEAD || exit') : nothing,
    seen.url === ''
      ? sh`g remote add ${remote} ${url} || exit`
      : seen.url === url
        ? nothing
        : sh`g remote set-url ${remote} ${url} || exit`,
    // git refuses to bring what it should not lose: tags that moved, say.
    sh`g fetch ${words} || exit`,
  ])
}

/** Makes the work tree be the version. */
function switched({ version, remote, verify_commit }: GitWish, seen: GitSeen): Script {
  const branch = version === 'HEAD' ? seen.mainBranch : version
  const verify = verify_commit ? sh`g verify-commit ${version} || g verify-tag ${version} || exit` : nothing
  if (!seen.isBranch && version !== 'HEAD') return join([verify, sh`g checkout --force ${version} -- || exit`])
  const there = `refs/heads/${branch}`
  return join([
    sh`if g show-ref -q --verify ${there}; then g checkout --force ${branch} -- && g reset --hard ${`${remote}/${branch}`} -- || exit
else g checkout --force -b ${branch} ${`${remote}/${branch}`} -- || exit; fi
g branch -q --set-upstream-to=${`${remote}/${branch}`} ${branch} 2>/dev/null || :`,
    verify_commit ? raw('g verify-commit HEAD || exit') : nothing,
  ])
}

/** Shell text after which the repository is as it is wanted. */
export function gitScript(wish: GitWish, seen: GitSeen, host: HostInfo): Script {
  const dest = at(wish.dest ?? '', host)
  const url = urlOf(wish.repo, host)
  const bring = seen.kind === 'repository' ? fetched : cloned
  const track = wish.track_submodules ? ['--remote'] : []
  const force = wish.force ? ['--force'] : []
  return join([
    ready(wish, host),
    sh`d=${dest}`,
    bring(wish, seen, url, dest, host),
    wish.bare ? nothing : switched(wish, seen),
    wish.recursive && !wish.bare
      ? sh`if [ -e .gitmodules ]; then g submodule sync --recursive && g submodule update --init --recursive ${track} ${force} || exit; fi`
      : nothing,
  ])
}
