import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { sh } from '../shell/script.ts'
import { obstacles, RUNNING, running } from './shared/command.ts'

/** Runs text in a shell of the target. */
export default defineModule({
  name: 'shell',
  summary: 'Runs a command line in a shell',
  args: {
    type: 'object',
    additionalProperties: false,
    freeForm: '_raw_params',
    oneOf: [['_raw_params', 'cmd']],
    exclusive: [['_raw_params', 'cmd']],
    properties: {
      _raw_params: { type: 'string' },
      cmd: { type: 'string' },
      executable: { type: 'string', path: true, default: '/bin/sh' },
      warn: { type: 'boolean', description: 'Accepted from old playbooks; there are no such warnings' },
      ...RUNNING,
    },
  },
  probe: (args, host) => obstacles(args, host),
  plan(args, seen, host) {
    const line = args.cmd ?? args._raw_params ?? ''
    if (line.trim() === '') return refuse('no command given')
    return running(sh`${args.executable} -c ${line}`, line, args, seen, host)
  },
})
