import { defineModule } from '../kit/module.ts'
import { act, change, type Edit, type Plan, refuse } from '../kit/plan.ts'
import { ufwSeen } from '../questions/ufw.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { isContent, placeOf, ruleWords } from './shared/ufw.ts'

const TEXT = { type: 'string', minLength: 1 } as const
const POLICIES: Readonly<Record<string, string>> = { allow: 'ACCEPT', deny: 'DROP', reject: 'REJECT' }

/** The firewall of Ubuntu and others that is easy to use. */
export default defineModule({
  name: 'ufw',
  collection: 'community.general',
  summary: 'A rule, a default or the logging of ufw is set, and ufw is at work or not',
  args: {
    type: 'object',
    additionalProperties: false,
    oneOf: [['state', 'default', 'rule', 'logging']],
    exclusive: [
      ['name', 'proto'],
      ['name', 'logging'],
      ['proto', 'logging'],
      ['direction', 'interface_in'],
      ['direction', 'interface_out'],
    ],
    together: [['interface', 'direction']],
    properties: {
      state: { type: 'string', enum: ['disabled', 'enabled', 'reloaded', 'reset'] },
      default: { type: 'string', enum: ['allow', 'deny', 'reject'], aliases: ['policy'] },
      logging: { type: 'string', enum: ['full', 'high', 'low', 'medium', 'off', 'on'] },
      direction: { type: 'string', enum: ['in', 'incoming', 'out', 'outgoing', 'routed'] },
      delete: { type: 'boolean', default: false },
      route: { type: 'boolean', default: false },
      insert: { type: 'integer' },
      insert_relative_to: {
        type: 'string',
        enum: ['first-ipv4', 'first-ipv6', 'last-ipv4', 'last-ipv6', 'zero'],
        default: 'zero',
      },
      rule: { type: 'string', enum: ['allow', 'deny', 'limit', 'reject'] },
      interface: { ...TEXT, aliases: ['if'] },
      interface_in: { ...TEXT, aliases: ['if_in'] },
      interface_out: { ...TEXT, aliases: ['if_out'] },
      log: { type: 'boolean', default: false },
      from_ip: { ...TEXT, default: 'any', aliases: ['from', 'src'] },
      from_port: TEXT,
      to_ip: { ...TEXT, default: 'any', aliases: ['dest', 'to'] },
      to_port: { ...TEXT, aliases: ['port'] },
      proto: { type: 'string', enum: ['ah', 'any', 'esp', 'gre', 'igmp', 'ipv6', 'tcp', 'udp'], aliases: ['protocol'] },
      name: { ...TEXT, aliases: ['app'] },
      comment: { type: 'string' },
    },
  },
  probe: args => ({ seen: ufwSeen(ruleWords(args)) }),
  plan(args, { seen }, host): Plan {
    const { state, default: policy, logging, direction, rule } = args
    if (seen.missing) return refuse(`${host.name} has no ufw`, 'install ufw')
    if (policy !== undefined && (direction === 'in' || direction === 'out'))
      return refuse(
        'For default, direction must be one of "outgoing", "incoming" and "routed", or direction must not be specified.',
      )
    if (rule !== undefined && direction !== undefined && direction !== 'in' && direction !== 'out')
      return refuse('For rules, direction must be one of "in" and "out", or direction must not be specified.')
    if (!args.route && args.interface_in !== undefined && args.interface_out !== undefined)
      return refuse('Only route rules can combine interface_in and interface_out')
    if (seen.fault !== '') return refuse(seen.fault)
    const edits: (Edit & { readonly command: readonly string[] })[] = []
    const say = (what: string, from: string, to: string, command: readonly string[]) =>
      edits.push({
        what,
        from,
        to,
        by: run(sh`PATH=$PATH:/usr/sbin:/sbin LC_ALL=C; export LC_ALL; ufw ${command}`),
        command,
      })
    if (state === 'enabled' && !seen.active) say('ufw', 'inactive', 'active', ['-f', 'enable'])
    if (state === 'disabled' && seen.active) say('ufw', 'active', 'inactive', ['-f', 'disable'])
    const way = direction === 'outgoing' || direction === 'routed' ? direction : 'incoming'
    if (policy !== undefined && seen.policies[way] !== POLICIES[policy])
      say(`default ${way}`, seen.policies[way], policy, [
        'default',
        policy,
        ...(direction === undefined ? [] : [direction]),
      ])
    if (logging !== undefined && (logging === 'on' ? seen.logging === 'off' : seen.logging !== logging))
      say('logging', seen.logging, logging, ['logging', logging])
    if (rule !== undefined && !isContent(seen))
      say(
        ruleWords(args).join(' '),
        args.delete ? 'rule' : 'absent',
        args.delete ? 'absent' : 'rule',
        ruleWords(args, placeOf(args, seen)),
      )
    const result = { commands: edits.map(({ command }) => ['ufw', ...command].join(' ')), msg: seen.status.trimEnd() }
    if (state !== 'reloaded' && state !== 'reset')
      return change(edits, ['path:/etc/ufw', 'path:/etc/default/ufw'], result)
    const verb = ['-f', state === 'reset' ? 'reset' : 'reload']
    const rest = edits.map(({ command }) => sh`ufw ${command} && `)
    const script = rest.reduce((text, one) => sh`${text}${one}`, sh`PATH=$PATH:/usr/sbin:/sbin; `)
    return act(
      `ufw ${state}`,
      run(sh`${script}ufw ${verb}`),
      outcome => ended(outcome, { commands: [`ufw ${verb.join(' ')}`, ...result.commands] }),
      {
        touches: ['path:/etc/ufw', 'path:/etc/default/ufw'],
        dry: 'pretend',
      },
    )
  },
})
