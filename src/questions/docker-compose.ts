import { ask, type TargetQuestion } from '../kit/question.ts'
import { type Script, sh } from '../shell/script.ts'

/** How services of compose files are had on a host: by docker's plugin, or by the program that was before it. */
export interface Compose {
  readonly compose: 'plugin' | 'program'
  readonly version: string
}

/** Which compose there is; the plugin is the better one. */
export const composeVersion = (docker: Script, program: Script): TargetQuestion<Compose | 'none'> =>
  ask(
    sh`{ plugin=$(${docker} compose version --short) && echo "plugin $plugin" || { program=$(${program} version --short) && echo "program $program"; }; } 2>/dev/null`,
    ['package:docker', 'package:docker-compose', 'docker'],
    answer => {
      const [, compose, version = ''] = /^(plugin|program) v?(\S+)/.exec(answer.stdout) ?? []
      return compose === undefined ? 'none' : { compose: compose as Compose['compose'], version }
    },
  )
