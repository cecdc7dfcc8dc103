import { defineModule } from '../kit/module.ts'
import { act, refuse } from '../kit/plan.ts'
import { sh } from '../shell/script.ts'
import { reportOf } from './shared/command.ts'

/** Runs text in a shell of the target, with nothing looked at before and nothing made of what it says. */
export default defineModule({
  name: 'raw',
  summary: 'Runs a command line with nothing around it',
  args: {
    type: 'object',
    additionalProperties: false,
    freeForm: '_raw_params',
    required: ['_raw_params'],
    properties: { _raw_params: { type: 'string' }, executable: { type: 'string', path: true } },
  },
  probe: () => ({}),
  plan({ _raw_params: line, executable = '/bin/sh' }) {
    if (line.trim() === '') return refuse('no command given')
    const script = sh`${executable} -c ${line}`
    return act(script.shown, { kind: 'run', script }, outcome => reportOf(outcome, {}, false))
  },
})
