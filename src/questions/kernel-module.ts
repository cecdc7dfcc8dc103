import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** What is known of a module of the kernel. */
export interface KernelModule {
  readonly loaded: boolean
  /** The host has `modprobe`. */
  readonly loadable: boolean
}

/** Whether a module is in the kernel: loaded, or a part of it. An alias is told by the modules that it stands for. */
export const kernelModule = (name: string): TargetQuestion<KernelModule> =>
  ask(
    sh`m=$(command -v modprobe || [ ! -x /sbin/modprobe ] || echo /sbin/modprobe); if [ -n "$m" ]; then echo yes; else echo no; fi
n=$({ [ -n "$m" ] && "$m" -R -- ${name} 2>/dev/null; } || echo ${name})
for n in $n; do n=$(printf %s "$n" | tr - _)
  grep -q "^$n " /proc/modules 2>/dev/null && continue
  tr - _ <"/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null | grep -q "/$n\\.ko" && continue
  echo absent; exit; done; echo loaded`,
    ['path:/proc/modules', 'path:/lib/modules'],
    answer => {
      const [loadable, state] = answer.stdout.split('\n')
      if (state !== 'loaded' && state !== 'absent')
        throw new CouldNotTell(`cannot tell whether ${name} is in the kernel: ${answer.stderr.trim()}`)
      return { loadable: loadable === 'yes', loaded: state === 'loaded' }
    },
  )
