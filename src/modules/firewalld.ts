import { defineModule } from '../kit/module.ts'
import { change, type Edit, type Plan, refuse } from '../kit/plan.ts'
import { firewalldSeen } from '../questions/firewalld.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { deedText, holds, offlineWords, scopesOf, THINGS, valueText, wordsOf } from './shared/firewalld.ts'

const TEXT = { type: 'string', minLength: 1 } as const
/** Rules of firewalld. */
export default defineModule({
  name: 'firewalld',
  collection: 'ansible.posix',
  summary: 'A service, a port or a rule is in a zone of firewalld, or is not, now or after its next start',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['state'],
    properties: {
      state: {
        type: 'string',
        enum: ['absent', 'disabled', 'enabled', 'present'],
        description: 'absent and present are for zones and their targets',
      },
      zone: { ...TEXT, description: 'The default zone when absent' },
      service: TEXT,
      protocol: TEXT,
      port: { ...TEXT, pattern: '^[^/]+/\\w+$', description: 'PORT/PROTOCOL or FROM-TO/PROTOCOL' },
      port_forward: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['port', 'proto', 'toport'],
          properties: { port: TEXT, proto: { type: 'string', enum: ['tcp', 'udp'] }, toport: TEXT, toaddr: TEXT },
        },
      },
      rich_rule: TEXT,
      source: TEXT,
      interface: TEXT,
      icmp_block: TEXT,
      icmp_block_inversion: { type: 'boolean' },
      masquerade: { type: 'boolean' },
      target: { type: 'string', enum: ['%%REJECT%%', 'ACCEPT', 'DROP', 'default'] },
      permanent: { type: 'boolean', description: 'After the next start of firewalld' },
      immediate: { type: 'boolean', default: false, description: 'Now; so it is when permanent is not said' },
      timeout: { type: 'integer', minimum: 0, default: 0, description: 'Seconds for which it holds now' },
      offline: {
        type: 'boolean',
        description: 'Accepted: where firewalld is not at work its configuration is changed in any case',
      },
    },
  },
  probe: args => ({ seen: firewalldSeen(wordsOf(args, 'query'), scopesOf(args)) }),
  plan(args, { seen }, host): Plan {
    const { state, zone, timeout, port_forward: forwards = [] } = args
    const given = THINGS.filter(name => args[name] !== undefined)
    const zoned = state === 'present' || state === 'absent'
    if (given.length > 1)
      return refuse(`can only operate on one of: ${given.join(', ')} at once`, 'write a task for each')
    if (forwards.length > 1) return refuse('Only one port forward supported at a time')
    if (given.length === 0 && (!zoned || zone === undefined))
      return refuse(
        'nothing is said that is to be enabled or disabled',
        `give one of ${THINGS.join(', ')}, or zone with state: present`,
      )
    if (zoned && given.length > 0 && given[0] !== 'target')
      return refuse('absent and present state can only be used in zone level operations', 'use enabled or disabled')
    const scopes = scopesOf(args)
    if ((given.length === 0 || given[0] === 'target') && !args.permanent)
      return refuse(
        "Zone operations must be permanent. Make sure you didn't set the 'permanent' flag to 'false' or the 'immediate' flag to 'true'.",
      )
    if (args.permanent && !args.immediate && timeout > 0)
      return refuse('timeout is for what holds now', 'set immediate: true')
    if (seen.missing) return refuse(`${host.name} has no firewalld`, 'install firewalld')
    if (!seen.running && scopes.now)
      return refuse(
        'firewall is not currently running, unable to perform immediate actions without a running firewall daemon',
        'start firewalld, or set permanent: true without immediate',
      )
    const yes =
      given[0] === 'target' ? state === 'present' || state === 'enabled' : state === 'enabled' || state === 'present'
    const edits: Edit[] = []
    const what = `${given[0] ?? 'zone'} ${valueText(args)}`
    const words = wordsOf(args, yes ? 'add' : 'remove')
    for (const [scope, status, command] of [
      [
        'now',
        scopes.now && seen.running ? seen.now : undefined,
        ['firewall-cmd', ...(timeout > 0 && yes ? [`--timeout=${timeout}`] : []), ...words],
      ],
      [
        'permanent',
        scopes.kept ? seen.kept : undefined,
        seen.running ? ['firewall-cmd', '--permanent', ...words] : ['firewall-offline-cmd', ...offlineWords(words)],
      ],
    ] as const) {
      if (status === undefined) continue
      const there = holds(args, status, seen.said)
      if (there === undefined) return refuse(`firewalld does not take this: ${seen.said}`)
      if (there === yes) continue
      const by = run(sh`PATH=$PATH:/usr/sbin:/sbin; ${command} >&2`)
      edits.push({ what: `${what} (${scope})`, from: there ? 'enabled' : 'disabled', to: state, by })
    }
    const kind =
      scopes.now && scopes.kept
        ? 'Permanent and Non-Permanent(immediate) operation'
        : scopes.kept
          ? 'Permanent operation'
          : 'Non-permanent operation'
    const said = [
      kind,
      ...(edits.length > 0 ? [deedText(args, yes)] : []),
      ...(seen.running ? [] : ['(offline operation: only on-disk configs were altered)']),
    ]
    return change(edits, ['path:/etc/firewalld', 'unit:firewalld'], {}, { msg: said.join(', ') })
  },
})
