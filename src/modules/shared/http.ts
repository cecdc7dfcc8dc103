import type { Secret } from '../../base/secret.ts'
import type { Credentials } from '../../kit/effect.ts'

/** Parameters of the modules that speak HTTP. */
export const FETCHING = {
  headers: { type: 'object', additionalProperties: { type: 'string' } },
  url_username: { type: 'string', aliases: ['username', 'user'] },
  url_password: { type: 'string', secret: true, aliases: ['password'] },
  force_basic_auth: { type: 'boolean', default: false, description: 'Credentials are always sent at once' },
  validate_certs: { type: 'boolean', default: true },
  use_proxy: { type: 'boolean', default: true, description: 'Connections start at the target and know no proxy' },
  http_agent: { type: 'string', default: 'ansible-httpget' },
  use_netrc: { type: 'boolean', default: true, description: 'No netrc is read' },
  decompress: { type: 'boolean', default: true },
  unredirected_headers: {
    type: 'array',
    items: { type: 'string' },
    description: 'Credentials never follow to another host',
  },
  client_cert: { type: 'string', refused: 'client certificates are not supported' },
  client_key: { type: 'string', refused: 'client certificates are not supported' },
  use_gssapi: { type: 'boolean', refused: 'Kerberos is not supported' },
  ciphers: { type: 'array', items: { type: 'string' }, refused: 'Node chooses the ciphers' },
} as const

/** Who asks, where there is a user. */
export const credentials = ({
  url_username: user,
  url_password: password,
}: {
  url_username?: string
  url_password?: Secret
}): { auth?: Credentials } =>
  user === undefined ? {} : { auth: { user, ...(password === undefined ? {} : { password }) } }
