import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { type Script, sh } from '../shell/script.ts'
import { execute, obstacles, RUNNING, running } from './shared/command.ts'
import { expanding, split, Unsplittable } from './shared/words.ts'

/** Runs a command as it is, with no shell in between. */
export default defineModule({
  name: 'command',
  summary: 'Runs a command without a shell',
  args: {
    type: 'object',
    additionalProperties: false,
    freeForm: '_raw_params',
    oneOf: [['_raw_params', 'cmd', 'argv']],
    exclusive: [['_raw_params', 'cmd', 'argv']],
    properties: {
      _raw_params: { type: 'string' },
      cmd: { type: 'string' },
      argv: { type: 'array', items: { type: 'string' } },
      expand_argument_vars: { type: 'boolean', default: true },
      warn: { type: 'boolean', description: 'Accepted from old playbooks; there are no such warnings' },
      executable: { type: 'string', refused: 'command uses no shell; use the shell module' },
      ...RUNNING,
    },
  },
  probe: (args, host) => obstacles(args, host),
  plan(args, seen, host) {
    const words = wordsOf(args)
    if (typeof words === 'string')
      return refuse(`the command line cannot be split into words: ${words}`, 'close the quotes, or use argv')
    if (words.length === 0) return refuse('no command given')
    const quoted = words.map((word): Script => (args.expand_argument_vars ? expanding(word) : sh`${word}`))
    return running(execute(quoted), words, args, seen, host)
  },
})

/** The words of the command, or why there are none. */
function wordsOf({
  _raw_params,
  cmd,
  argv,
}: {
  _raw_params?: string
  cmd?: string
  argv?: readonly string[]
}): readonly string[] | string {
  if (argv !== undefined) return argv
  try {
    return split(cmd ?? _raw_params ?? '')
  } catch (error) {
    if (error instanceof Unsplittable) return error.message
    throw error
  }
}
