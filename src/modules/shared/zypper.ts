import type { ZypperWish } from '../../questions/zypper.ts'

/** What is asked of zypper by these arguments. */
export function zypperWish(args: {
  readonly name: readonly string[]
  readonly state: string
  readonly type: string
  readonly extra_args?: string
  readonly extra_args_precommand?: string
  readonly [flag: string]: unknown
}): ZypperWish {
  const names = args.name.filter(name => name !== '')
  const all = names.length === 1 && names[0] === '*'
  const goal = goalOf(args.state, args.type, all)
  const on = (name: string, word: string) => (args[name] === true ? [word] : [])
  const typed = goal === 'patch' || goal === 'dist-upgrade' ? [] : ['--type', args.type]
  const versions = goal !== 'absent' && names.some(name => /[<>=]/.test(name))
  const installing = [
    '--auto-agree-with-licenses',
    ...on('disable_recommends', '--no-recommends'),
    ...on('force_resolution', '--force-resolution'),
    ...(versions || args['oldpackage'] === true ? ['--oldpackage'] : []),
    ...on('replacefiles', '--replacefiles'),
  ]
  return {
    names: all ? [] : names,
    goal,
    before: [
      ...words(args.extra_args_precommand),
      ...(goal === 'absent' ? [] : on('disable_gpg_check', '--no-gpg-checks')),
    ],
    after: [
      ...typed,
      ...(goal === 'absent' ? on('clean_deps', '--clean-deps') : installing),
      ...(goal === 'dist-upgrade' ? on('allow_vendor_change', '--allow-vendor-change') : []),
      ...words(args.extra_args),
    ],
  }
}

function goalOf(state: string, type: string, all: boolean): ZypperWish['goal'] {
  if (all && state === 'dist-upgrade') return type === 'patch' ? 'patch' : 'dist-upgrade'
  if (all && state === 'latest') return type === 'patch' ? 'patch' : 'update'
  if (state === 'absent' || state === 'removed') return 'absent'
  return state === 'latest' ? 'latest' : 'present'
}

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter(word => word !== '')
