import { defineModule } from '../kit/module.ts'
import { act, change, type Edit, ok, refuse } from '../kit/plan.ts'
import { memberships, network } from '../questions/docker.ts'
import { join, nothing, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { DAEMON, docker, documents, noDocker, shown } from './shared/docker.ts'
import { connectedNames, createWords, networkDifferences } from './shared/docker-network.ts'
import { ended } from './shared/ended.ts'

const TEXTS = { type: 'object' } as const

/** A network of a Docker daemon, and who is connected to it. */
export default defineModule({
  name: 'docker_network',
  collection: 'community.docker',
  summary: 'A network is there as it was declared, and these containers are connected to it',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, aliases: ['network_name'] },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present' },
      connected: { type: 'array', items: { type: 'string' }, default: [], aliases: ['containers'] },
      appends: { type: 'boolean', default: false, aliases: ['incremental'], description: 'Others stay connected' },
      driver: { type: 'string', default: 'bridge' },
      driver_options: { ...TEXTS, default: {} },
      force: { type: 'boolean', default: false, description: 'Make it anew even when nothing differs' },
      attachable: { type: 'boolean' },
      enable_ipv6: { type: 'boolean' },
      internal: { type: 'boolean' },
      ipam_driver: { type: 'string' },
      ipam_driver_options: TEXTS,
      ipam_config: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['subnet'],
          properties: {
            subnet: { type: 'string', pattern: '^([0-9.]+|[0-9a-fA-F:]+)/[0-9]+$' },
            iprange: { type: 'string' },
            gateway: { type: 'string' },
            aux_addresses: TEXTS,
          },
        },
      },
      labels: { ...TEXTS, default: {} },
      scope: { type: 'string', enum: ['local', 'global', 'swarm'] },
      ...DAEMON,
    },
  },
  probe: args => ({ now: network(args.name, docker(args)), members: memberships(args.connected, docker(args)) }),
  plan(args, { now, members }) {
    if (now === 'no docker') return noDocker()
    const cli = docker(args)
    const { name } = args
    const touches = [`network:${name}`, 'networks']
    const has = now === 'absent' ? [] : connectedNames(now)
    const leave = (who: readonly string[]) => who.map(one => sh`${cli} network disconnect ${name} ${one} || exit`)
    const remove = now === 'absent' ? nothing : join([...leave(has), sh`${cli} network rm ${name} >/dev/null || exit`])
    if (args.state === 'absent')
      return change(now === 'absent' ? [] : [{ what: name, from: 'present', to: 'absent', by: run(remove) }], touches)
    const stranger = args.connected.find(one => !members.has(one))
    if (stranger !== undefined)
      return refuse(`there is no container ${stranger} to connect to ${name}`, 'make it first')
    // Those that are connected stay so when the network is made anew, unless others are asked for.
    const wanted = args.connected.length > 0 ? args.connected : has
    const join_ = (who: readonly string[]) => who.map(one => sh`${cli} network connect ${name} ${one} || exit`)
    const made = join([
      remove,
      sh`${cli} network create ${createWords(args)} ${name} >/dev/null || exit`,
      ...join_(args.appends ? [...new Set([...has, ...wanted])] : wanted),
    ])
    if (args.force && now !== 'absent')
      return act(
        `make ${name} anew`,
        run(join([made, sh`${cli} network inspect ${name}`])),
        outcome => ended(outcome, { network: shown(documents(outcome.stdout)[0] ?? 'absent') }),
        { touches, dry: 'pretend' },
      )
    const result = { network: shown(now) }
    if (now === 'absent') return change([{ what: name, from: 'absent', to: 'present', by: run(made) }], touches, result)
    const differs = networkDifferences(args, now)
    const by = run(made)
    if (differs.length > 0)
      return change(
        differs.map(line => ({ ...line, by })),
        touches,
        result,
      )
    const edits: Edit[] = [
      ...wanted
        .filter(one => !has.includes(one) && !members.get(one)?.includes(name))
        .map(one => ({ what: `connected.${one}`, from: 'no', to: 'yes', by: run(join(join_([one]))) })),
      ...has
        .filter(one => !args.appends && !wanted.includes(one))
        .map(one => ({ what: `connected.${one}`, from: 'yes', to: 'no', by: run(join(leave([one]))) })),
    ]
    return edits.length === 0 ? ok(result) : change(edits, touches, result)
  },
})
