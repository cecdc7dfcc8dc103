import type { Effect } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Edit, refuse } from '../kit/plan.ts'
import { certsDirectories } from '../questions/certs-d.ts'
import { authority } from '../questions/pki.ts'
import { parseRepoHost } from '../registry/reference.ts'
import { sh } from '../shell/script.ts'
import { WHERE } from './shared/registry-args.ts'

/**
 * Docker on this host trusts the registry: `ca.crt` stands in the certs.d directory of every name by which images are
 * referred to. Docker reads these at every connection, so nothing is restarted.
 */
export default defineModule({
  name: 'registry_trust',
  collection: 'regplay.registry',
  summary: "The container engine trusts the registry's CA under every name that image references use",
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['ca_dir', 'repo_host'],
    properties: {
      ca_dir: { type: 'string', minLength: 1, description: 'Directory of the controller with ca.pem' },
      ...WHERE,
      aliases: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: 'More names and addresses of the same registry',
      },
      certs_d: { type: 'string', path: true, default: '/etc/docker/certs.d' },
    },
  },
  probe: args => ({ ca: authority(args.ca_dir, true), dirs: certsDirectories(args.certs_d, trustNames(args).names) }),
  plan(args, { ca, dirs }) {
    const { names, wrong, remedy } = trustNames(args)
    if (wrong !== undefined) return refuse(wrong, remedy)
    if (ca.found.state === 'unusable')
      return refuse(ca.found.faults.map(fault => fault.message).join('; '), ca.found.faults[0]?.remedy)
    if (ca.found.state !== 'ready')
      return refuse(`there is no ca.pem in ${args.ca_dir}`, 'make a CA with registry_ca, or run playbooks/ca.yml')
    const pem = ca.found.authority.certificatePem
    const edits: Edit[] = []
    for (const name of names) {
      const dir = `${args.certs_d}/${name}`
      const seen = dirs[name]
      if (seen?.lonely !== undefined)
        return refuse(
          `${dir}/${seen.lonely}.cert has no ${seen.lonely}.key beside it: Docker refuses every connection to ${name}`,
          'put the key there, or remove the .cert file',
        )
      const by: Effect = { kind: 'put', path: `${dir}/ca.crt`, content: { text: pem }, mode: '0644' }
      if (seen === undefined)
        edits.push({
          what: dir,
          from: 'absent',
          to: 'directory',
          by: { kind: 'run', script: sh`mkdir -p -m 0755 -- ${args.certs_d} ${dir}` },
        })
      if (seen?.certificate !== pem)
        edits.push({
          what: `${dir}/ca.crt`,
          from: seen?.certificate === undefined ? 'absent' : 'another certificate',
          to: 'the CA',
          by,
          texts: { before: seen?.certificate ?? '', after: pem },
        })
      if (seen?.ignored)
        edits.push({
          what: `${dir}/ca.pem`,
          from: 'there, and ignored by Docker (only *.crt counts)',
          to: 'absent',
          by: { kind: 'run', script: sh`rm -f -- ${`${dir}/ca.pem`}` },
        })
    }
    return change(edits, [`path:${args.certs_d}`], { directories: names.map(name => `${args.certs_d}/${name}`) })
  },
})

/** The directory names for repo_host and its aliases; an alias that no image reference can use needs none. */
function trustNames(args: { readonly repo_host: string; readonly port: number; readonly aliases: readonly string[] }): {
  names: string[]
  wrong?: string
  remedy?: string
} {
  const main = parseRepoHost(args.repo_host, args.port)
  if ('wrong' in main) return { names: [], ...main }
  const names = new Set(main.trustNames)
  for (const alias of args.aliases) {
    const other = parseRepoHost(alias, main.port)
    if (!('wrong' in other)) for (const name of other.trustNames) names.add(name)
  }
  return { names: [...names] }
}
