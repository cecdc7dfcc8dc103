import type { Fields } from '../../kit/effect.ts'
import type { DnfWish } from '../../questions/dnf.ts'
import type { Step } from '../../questions/transactions.ts'
import { namesOf } from './transaction.ts'

const LIST = { type: 'array', items: { type: 'string' }, default: [] } as const
const NO = { type: 'boolean', default: false } as const
const YES = { type: 'boolean', default: true } as const

/** Parameters of `dnf` and `yum`. */
export const DNF_PARAMETERS = {
  name: {
    type: 'array',
    items: { type: 'string' },
    aliases: ['pkg'],
    default: [],
    description: 'As dnf understands them: names, NAME-VERSION, patterns, files, URLs, @groups',
  },
  state: {
    type: 'string',
    enum: ['absent', 'installed', 'latest', 'present', 'removed'],
    description: 'present when absent',
  },
  allow_downgrade: NO,
  allowerasing: NO,
  autoremove: NO,
  bugfix: NO,
  cacheonly: NO,
  conf_file: { type: 'string', path: true },
  disable_excludes: { type: 'string' },
  disable_gpg_check: NO,
  disable_plugin: LIST,
  disablerepo: LIST,
  download_dir: { type: 'string', path: true },
  download_only: NO,
  enable_plugin: LIST,
  enablerepo: LIST,
  exclude: LIST,
  install_repoquery: { ...YES, description: 'Accepted; it means nothing to dnf' },
  install_weak_deps: YES,
  installroot: { type: 'string', path: true, default: '/' },
  list: { type: 'string', refused: 'it tells and changes nothing; use package_facts, or dnf with command' },
  lock_timeout: { type: 'integer', default: 30, description: 'Seconds to wait for another dnf' },
  nobest: NO,
  releasever: { type: 'string' },
  security: NO,
  skip_broken: NO,
  sslverify: YES,
  update_cache: { ...NO, aliases: ['expire-cache'] },
  update_only: NO,
  validate_certs: YES,
} as const

/** What `dnf` and `yum` are given. */
export interface DnfArgs {
  readonly name: readonly string[]
  readonly state?: string
  readonly conf_file?: string
  readonly disable_excludes?: string
  readonly download_dir?: string
  readonly releasever?: string
  readonly installroot: string
  readonly lock_timeout: number
  readonly [flag: string]: unknown
}

/** What is asked of dnf by these arguments. */
export function wishOf(args: DnfArgs): DnfWish {
  const names = namesOf(args.name)
  const state = args.state ?? 'present'
  const all = names.length === 1 && names[0] === '*'
  const there = state === 'latest' ? 'latest' : state === 'absent' || state === 'removed' ? 'absent' : 'present'
  return {
    names: all ? [] : names,
    goal: names.length === 0 ? 'autoremove' : all && state === 'latest' ? 'upgrade' : there,
    flags: flagsOf(args),
    kinds: ['security', 'bugfix'].flatMap(kind => (args[kind] === true ? [`--${kind}`] : [])),
    root: args.installroot,
    downgrades: args['allow_downgrade'] === true,
    onlyThere: args['update_only'] === true,
    patience: Math.max(0, args.lock_timeout),
  }
}

/** Words for dnf; most are settings of dnf.conf, which every version of dnf takes alike. */
function flagsOf(args: DnfArgs): string[] {
  const on = (name: string, ...words: string[]) => (args[name] === true ? words : [])
  const off = (name: string, ...words: string[]) => (args[name] === false ? words : [])
  const given = (name: string, word: string) => (typeof args[name] === 'string' ? [`${word}${args[name]}`] : [])
  const each = (name: string, word: string) => {
    const list = namesOf((args[name] as readonly string[] | undefined) ?? [])
    return list.length === 0 ? [] : [`${word}${list.join(',')}`]
  }
  return [
    ...given('conf_file', '--config='),
    ...given('disable_excludes', '--setopt=disable_excludes='),
    ...given('releasever', '--releasever='),
    ...given('download_dir', '--destdir='),
    ...(args.installroot === '/' ? [] : [`--installroot=${args.installroot}`]),
    ...on('allowerasing', '--allowerasing'),
    ...on('cacheonly', '--cacheonly'),
    ...on('disable_gpg_check', '--nogpgcheck'),
    // Files and URLs, too, which dnf by itself takes without a signature.
    ...off('disable_gpg_check', '--setopt=localpkg_gpgcheck=1', '--setopt=gpgcheck=1'),
    ...on('download_only', '--downloadonly'),
    ...on('nobest', '--setopt=best=0'),
    ...on('skip_broken', '--skip-broken'),
    ...on('update_cache', '--refresh'),
    ...off('install_weak_deps', '--setopt=install_weak_deps=0'),
    ...(args['sslverify'] === false || args['validate_certs'] === false ? ['--setopt=sslverify=0'] : []),
    `--setopt=clean_requirements_on_remove=${args['autoremove'] === true ? 1 : 0}`,
    ...each('disable_plugin', '--disableplugin='),
    ...each('disablerepo', '--disablerepo='),
    ...each('enable_plugin', '--enableplugin='),
    ...each('enablerepo', '--enablerepo='),
    ...each('exclude', '--exclude='),
  ]
}

/** What dnf's modules tell of steps. */
export const resultOf = (steps: readonly Step[], fetched: boolean): Fields => {
  const named = (step: Step, version: string) =>
    `${step.name}-${version}${step.arch === undefined ? '' : `.${step.arch}`}`
  return {
    msg: '',
    rc: 0,
    results: [
      ...steps
        .flatMap(step =>
          step.to === 'absent' ? [] : [`${fetched ? 'Downloaded' : 'Installed'}: ${named(step, step.to)}`],
        )
        .sort(),
      ...steps
        .flatMap(step => (step.from === 'absent' || fetched ? [] : [`Removed: ${named(step, step.from)}`]))
        .sort(),
    ],
  }
}
