import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { at, entry, text } from '../questions/files.ts'
import { worn } from '../questions/worn.ts'
import { OWNERSHIP } from './shared/attributes.ts'
import { makeWhole, removeFile } from './shared/made.ts'
import { manifest, wrongSecret } from './shared/pull-secret.ts'

const NAME = '^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$'

/** A manifest of what a Kubernetes cluster needs to pull from a registry. */
export default defineModule({
  name: 'k8s_secret',
  collection: 'regplay.registry',
  summary: 'A manifest is there by which a Kubernetes cluster knows a user and a password for a registry',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'name'],
    properties: {
      path: { type: 'string', path: true, minLength: 1, description: 'Where the manifest is, on the host' },
      name: { type: 'string', pattern: NAME, description: 'Name of the secret: small letters, digits, - and .' },
      namespace: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$', default: 'default' },
      registry_url: {
        type: 'string',
        pattern: '^[A-Za-z0-9.:/_-]+$',
        aliases: ['registry'],
        description: 'Host and port',
      },
      username: { type: 'string', pattern: '^[^:]+$' },
      password: { type: 'string', secret: true },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present' },
      ...OWNERSHIP,
    },
    together: [
      ['registry_url', 'username', 'password'],
      ['username', 'registry_url', 'password'],
    ],
  },
  probe: ({ path, ...wish }, host) => ({
    self: entry(at(path, host), true),
    now: { ...text(at(path, host)), secret: true },
    ids: worn({ path: at(path, host), follow: true }, wish),
  }),
  plan(args, { self, now, ids }, host) {
    const path = at(args.path, host)
    const result = { path }
    if (args.state === 'absent') return removeFile(path, self, result)
    const { registry_url: registry = '', username = '', password } = args
    if (password === undefined)
      return refuse('a secret needs registry_url, username and password', 'give them, or state: absent')
    const secret = { name: args.name, namespace: args.namespace, registry, username, password }
    const wish = { ...args, backup: false, mode: args.mode ?? '0600' }
    const made = manifest(secret)
    return makeWhole({ path, wish, self, ids, what: 'pull secret', made, result }, wrongSecret(secret, now))
  },
})
