import type { Reboot } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act, refuse } from '../kit/plan.ts'
import { BOOT_COMMAND, bootOf, here, kernelBoot, programIn } from '../questions/boot.ts'
import { raw, type Script, sh } from '../shell/script.ts'

const PATHS = ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin']

/** A host is started anew, and fit for work again. */
export default defineModule({
  name: 'reboot',
  summary: 'Starts a host anew and waits until it is fit for work',
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      pre_reboot_delay: { type: 'integer', default: 0, description: 'Seconds before it, in whole minutes' },
      post_reboot_delay: {
        type: 'integer',
        default: 0,
        description: 'Seconds after the command before the first look',
      },
      reboot_timeout: {
        type: 'integer',
        minimum: 1,
        default: 600,
        description: 'Seconds for another start, and again for the test',
      },
      connect_timeout: { type: 'integer', minimum: 1, description: 'Seconds for one try to connect' },
      test_command: { type: 'string', minLength: 1, default: 'whoami', description: 'Succeeds when the host is fit' },
      msg: { type: 'string', default: 'Reboot initiated by Ansible', description: 'What users are told' },
      search_paths: { type: 'array', items: { type: 'string' }, default: PATHS, description: 'Where the command is' },
      boot_time_command: {
        type: 'string',
        minLength: 1,
        default: BOOT_COMMAND,
        description: 'Says something else after each start',
      },
      reboot_command: { type: 'string', minLength: 1, description: 'Instead of shutdown -r' },
    },
  },
  probe: ({ boot_time_command, search_paths, reboot_command }, host) => ({
    boot: bootOf(raw(boot_time_command)),
    kernel: kernelBoot,
    here,
    program: programIn(search_paths, wordOf(reboot_command ?? (host.id === 'alpine' ? 'reboot' : 'shutdown'))),
    simple: programIn(search_paths, 'reboot'),
  }),
  plan(args, seen, host) {
    const { reboot_command: given, pre_reboot_delay: before } = args
    if (seen.here.local)
      return refuse('Running reboot with local connection would reboot the control node.', undefined, {
        rebooted: false,
        elapsed: 0,
      })
    if (seen.kernel !== '' && seen.kernel === seen.here.boot)
      return refuse(
        `${host.name} runs on the kernel of this machine, which is not rebooted`,
        'restart the container from its host',
      )
    const program = given?.startsWith('/') ? wordOf(given) : seen.program
    const simple = given === undefined && (host.id === 'alpine' || program === undefined)
    const path = simple ? seen.simple : program
    if (path === undefined)
      return refuse(
        `Unable to find command "${wordOf(given ?? 'shutdown')}" in search paths: ${args.search_paths.join(', ')}`,
        'name its directory in search_paths, or give reboot_command',
      )
    const by: Reboot = {
      kind: 'reboot',
      command: simple ? waiting(path, before) : sh`${path} ${wordsAfter(given, before, args.msg)}`,
      delay: Math.max(args.post_reboot_delay, 0),
      boot: raw(args.boot_time_command),
      was: seen.boot,
      test: raw(args.test_command),
      timeout: args.reboot_timeout,
      ...(args.connect_timeout === undefined ? {} : { seconds: args.connect_timeout }),
    }
    return act(
      'reboot',
      by,
      ({ failed, fields = new Map() }) => ({
        changed: failed === undefined,
        ...(failed === undefined ? {} : { failed }),
        result: Object.fromEntries(fields),
      }),
      { dry: 'pretend' },
    )
  },
})

const wordOf = (command: string): string => command.split(' ', 1)[0] ?? ''

/** `reboot` knows no time and no message. */
const waiting = (path: string, seconds: number): Script => (seconds > 0 ? sh`sleep ${seconds}; ${path}` : sh`${path}`)

/** What stands behind the command: as it was given, or for `shutdown`. */
const wordsAfter = (given: string | undefined, seconds: number, msg: string): Script =>
  given === undefined
    ? sh`-r ${Math.max(Math.floor(seconds / 60), 0)} ${msg}`
    : raw(given.slice(wordOf(given).length).trim())
