import type { ApkWish } from '../../questions/apk.ts'
import { namesOf } from './transaction.ts'

/** What is asked of apk by these arguments. */
export function apkWish(args: {
  readonly name?: readonly string[]
  readonly state: string
  readonly available: boolean
  readonly no_cache: boolean
  readonly repository?: readonly string[]
  readonly update_cache: boolean
  readonly upgrade: boolean
  readonly world: string
}): ApkWish {
  const goals: Readonly<Record<string, ApkWish['goal']>> = { latest: 'latest', absent: 'absent', removed: 'absent' }
  const only = (args.repository ?? []).flatMap(url => ['--repository', url])
  return {
    names: namesOf(args.name ?? []),
    goal: args.upgrade ? 'upgrade' : (goals[args.state] ?? 'present'),
    flags: [
      ...(args.no_cache ? ['--no-cache'] : []),
      ...only,
      ...(only.length === 0 ? [] : ['--repositories-file', '/dev/null']),
    ],
    renewed: args.update_cache,
    available: args.available,
    world: args.world,
  }
}
