import { posix } from 'node:path'
import { Secret } from '../base/secret.ts'
import { firstWord } from '../kit/first-word.ts'
import { defineModule } from '../kit/module.ts'
import { refuse, skip } from '../kit/plan.ts'
import { local } from '../questions/controller.ts'
import { atEnd } from '../shell/at-end.ts'
import { raw, sh } from '../shell/script.ts'
import { obstacles, RUNNING, running } from './shared/command.ts'

/** Runs a script of the controller on the target. */
export default defineModule({
  name: 'script',
  summary: 'Runs a script file of the controller on the target',
  args: {
    type: 'object',
    additionalProperties: false,
    freeForm: 'cmd',
    required: ['cmd'],
    properties: {
      cmd: {
        type: 'string',
        controller: 'files',
        controllerFirst: true,
        aliases: ['_raw_params'],
        description: 'Path of the script, and arguments for it',
      },
      executable: { type: 'string', description: 'What runs the script; its first line says it otherwise' },
      decrypt: { type: 'boolean', default: true },
      chdir: RUNNING.chdir,
      creates: RUNNING.creates,
      removes: RUNNING.removes,
    },
  },
  probe: (args, host) => ({
    ...obstacles(args, host),
    source: local(firstWord(args.cmd).word, { decrypt: args.decrypt }),
  }),
  plan(args, { source, ...seen }, host) {
    const { word: path, rest } = firstWord(args.cmd)
    if (seen.created) return skip(`${args.creates} exists, matching creates option`)
    if (!seen.removable) return skip(`${args.removes} does not exist, matching removes option`)
    if (source.kind !== 'file') return refuse(`Could not find or access '${path}'`)
    const bytes = source.bytes ?? source.opened
    if (bytes === undefined) return refuse(`${path} is longer than 100 KiB`, 'copy it to the host and use command')
    const text = bytes.toString('utf8')
    if (text.includes('\0') || !Buffer.from(text).equals(bytes))
      return refuse(`${path} is no UTF-8 text`, 'copy it to the host and use command')
    const call = args.executable === undefined ? raw('"$t"') : sh`${raw(args.executable)} "$t"`
    const name = posix.basename(path)
    const script = sh`( t=$(mktemp) || exit
${atEnd(raw('rm -f "$t"'))}
cat >"$t" && chmod 0700 -- "$t" && ${call} ${raw(rest)} </dev/null )`
    const wish = {
      ...args,
      stdin: source.opened ? new Secret(text, 'vaulted script') : text,
      stdin_add_newline: false,
      strip_empty_ends: false,
      timed: false,
    }
    return running(script, name, wish, seen, host)
  },
})
