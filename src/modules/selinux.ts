import { defineModule } from '../kit/module.ts'
import { change, type Edit, type Plan, refuse, warned } from '../kit/plan.ts'
import { at, text } from '../questions/files.ts'
import { selinuxSeen } from '../questions/selinux.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { linesOf } from './shared/lines.ts'

/** What SELinux does, now and after a reboot. */
export default defineModule({
  name: 'selinux',
  collection: 'ansible.posix',
  summary: 'SELinux enforces its policy, only tells of what is against it, or is off',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['state'],
    properties: {
      state: { type: 'string', enum: ['disabled', 'enforcing', 'permissive'] },
      policy: { type: 'string', pattern: '^[\\w.-]+$', description: 'Needed unless it is to be disabled' },
      update_kernel_param: {
        type: 'boolean',
        default: false,
        description: 'Kernels are started accordingly; needs grubby',
      },
      configfile: { type: 'string', path: true, default: '/etc/selinux/config', aliases: ['conf', 'file'] },
    },
  },
  probe: ({ configfile, policy, update_kernel_param }, host) => ({
    config: text(at(configfile, host)),
    seen: selinuxSeen(policy, update_kernel_param),
  }),
  plan(args, { config, seen }, host): Plan {
    const { state } = args
    const configfile = at(args.configfile, host)
    if (config === undefined) return refuse(`Unable to find file ${configfile}`, 'install the policy of SELinux')
    if (state !== 'disabled' && args.policy === undefined)
      return refuse("Policy is required if state is not 'disabled'")
    const kept = { SELINUX: valueIn(config, 'SELINUX'), SELINUXTYPE: valueIn(config, 'SELINUXTYPE') }
    const policy = args.policy ?? kept.SELINUXTYPE
    if (policy !== undefined && policy !== kept.SELINUXTYPE && !seen.policy)
      return refuse(`Policy ${policy} does not exist in /etc/selinux/`)
    if (args.update_kernel_param && !seen.grubby) return refuse("'grubby' command not found on host", 'install grubby')
    const after = withValue(policy === undefined ? config : withValue(config, 'SELINUXTYPE', policy), 'SELINUX', state)
    const edits: Edit[] = []
    const msgs: string[] = []
    const warnings: string[] = []
    const by = { kind: 'put', path: configfile, content: { text: after } } as const
    const texts = { before: config, after }
    if (policy !== undefined && policy !== kept.SELINUXTYPE) {
      edits.push({ what: 'policy', from: kept.SELINUXTYPE ?? 'none', to: policy, by, texts })
      msgs.push(`SELinux policy configuration in '${configfile}' changed from '${kept.SELINUXTYPE}' to '${policy}'`)
    }
    const reboot = seen.mode !== state && (seen.mode === 'disabled' || state === 'disabled')
    if (reboot)
      warnings.push(
        seen.mode === 'disabled'
          ? `Reboot is required to set SELinux state to '${state}'`
          : 'SELinux state change will take effect next reboot',
      )
    const now = state === 'disabled' ? 'permissive' : state
    if (seen.mode !== 'disabled' && seen.mode !== now) {
      edits.push({ what: 'state', from: seen.mode, to: now, by: run(sh`setenforce ${now === 'enforcing' ? 1 : 0}`) })
      msgs.push(`SELinux state changed from '${seen.mode}' to '${now}'`)
    }
    if (state !== kept.SELINUX) {
      edits.push({ what: 'state after a reboot', from: kept.SELINUX ?? 'none', to: state, by, texts })
      msgs.push(`Config SELinux state changed from '${kept.SELINUX}' to '${state}'`)
    }
    const wanted = state !== 'disabled'
    if (args.update_kernel_param && seen.kernels !== wanted) {
      const from = seen.kernels === undefined ? '<inconsistent>' : seen.kernels ? 'enabled' : 'disabled'
      const to = wanted ? 'enabled' : 'disabled'
      edits.push({
        what: 'kernels',
        from,
        to,
        by: run(sh`grubby --update-kernel=ALL ${wanted ? '--remove-args' : '--args'} selinux=0`),
      })
      msgs.push(`Kernel SELinux state changed from '${from}' to '${to}'`)
    }
    const msg = msgs.join(', ')
    const result = { configfile, policy: policy ?? null, state, reboot_required: reboot }
    return warned(
      change(edits, [`path:${configfile}`, 'path:/sys/fs/selinux', 'path:/boot'], result, { msg }),
      warnings,
    )
  },
})

const valueIn = (config: string, name: string): string | undefined =>
  linesOf(config)
    .find(line => line.startsWith(`${name}=`))
    ?.slice(name.length + 1)
    .trim()

/** The text in which a name has a value, wherever it stands, or at the end. */
function withValue(config: string, name: string, value: string): string {
  const lines = linesOf(config).map(line => (line.startsWith(`${name}=`) ? `${name}=${value}\n` : line))
  const whole = lines.join('')
  if (valueIn(config, name) !== undefined) return whole
  return `${whole}${whole === '' || whole.endsWith('\n') ? '' : '\n'}${name}=${value}\n`
}
