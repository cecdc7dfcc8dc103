import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, sh } from '../shell/script.ts'

/** What SELinux is doing on a host. */
export interface SelinuxSeen {
  readonly mode: 'disabled' | 'enforcing' | 'permissive'
  /** The policy is installed. */
  readonly policy: boolean
  /** Whether kernels are started with it; undefined where some are and some are not. */
  readonly kernels: boolean | undefined
  readonly grubby: boolean
}

/** What SELinux is doing; of the kernels' command lines only where that is asked for. */
export const selinuxSeen = (policy: string | undefined, kernels: boolean): TargetQuestion<SelinuxSeen> =>
  ask(
    sh`if [ -e /sys/fs/selinux/enforce ]; then cat /sys/fs/selinux/enforce; echo; else echo none; fi
[ -d ${`/etc/selinux/${policy ?? ''}/policy`} ] && echo policy
${kernels ? raw('command -v grubby >/dev/null && { echo grubby; grubby --info=ALL; }') : raw(':')}; :`,
    ['path:/sys/fs/selinux', 'path:/etc/selinux', 'path:/boot'],
    answer => {
      const [mode = '', ...lines] = answer.stdout.split('\n')
      const known = { 0: 'permissive', 1: 'enforcing', none: 'disabled' }[mode] as SelinuxSeen['mode'] | undefined
      if (known === undefined) throw new CouldNotTell(`cannot tell what SELinux does: ${answer.stderr.trim() || mode}`)
      const off = lines
        .filter(line => line.startsWith('args='))
        .map(line => /(?:["\s]|^)selinux=0(?:["\s]|$)/.test(line))
      const mixed = off.includes(true) === off.includes(false)
      return {
        mode: known,
        policy: lines.includes('policy'),
        grubby: lines.includes('grubby'),
        kernels: mixed ? undefined : off.includes(false),
      }
    },
  )

/** A switch of SELinux's policy. */
export interface BooleanSeen {
  readonly enabled: boolean
  /** Its value now; undefined where there is no such switch. */
  readonly now: boolean | undefined
  /** What was set for every start; undefined where nothing was. */
  readonly kept: boolean | undefined
}

/** A switch of SELinux, now and for every start. */
export const booleanSeen = (name: string): TargetQuestion<BooleanSeen> =>
  ask(
    sh`[ -e /sys/fs/selinux/enforce ] && echo enabled; printf 'now %s\n' "$(cat -- ${`/sys/fs/selinux/booleans/${name}`} 2>/dev/null)"
cat /var/lib/selinux/*/active/booleans.local /etc/selinux/*/modules/active/booleans.local 2>/dev/null | sed 's/^/kept /'; :`,
    ['path:/sys/fs/selinux', 'path:/var/lib/selinux', 'path:/etc/selinux'],
    answer => {
      const lines = answer.stdout.split('\n')
      const now = lines.find(line => line.startsWith('now '))?.slice(4, 5)
      const kept = lines
        .findLast(line => line.startsWith(`kept ${name}=`))
        ?.slice(`kept ${name}=`.length)
        .trim()
      const value = (text: string | undefined) =>
        text === undefined || text === '' ? undefined : text === '1' || text === 'true' || text === 'on'
      return { enabled: lines.includes('enabled'), now: value(now), kept: value(kept) }
    },
  )
