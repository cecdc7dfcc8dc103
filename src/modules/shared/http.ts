import { Secret } from '../../base/secret.ts'
import type { Asking } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import { type Plan, refuse } from '../../kit/plan.ts'
import type { Question } from '../../kit/question.ts'
import { at } from '../../questions/files.ts'
import { known } from '../../questions/known.ts'
import { smallPage } from '../../questions/page.ts'
import { pem, privateKey } from '../../questions/pki.ts'

/** Whether a text is an address of a web server. */
export const isUrl = (text: string | undefined): text is string => text !== undefined && /^https?:\/\//.test(text)

/** How a URL is asked for where nothing else is said than whether the server has to prove who it is. */
export const plainly = (url: string, validate_certs: boolean): Asking => ({
  url,
  headers: { 'User-Agent': 'ansible-httpget' },
  ...(validate_certs ? {} : { insecure: true }),
})

/** What a URL serves, as the target gets it: a key, or a list of sources. Nothing where there is no URL. */
export const served = (url: string | undefined, validate_certs = true): Question<Buffer | undefined> =>
  url === undefined ? known<Buffer | undefined>(undefined) : smallPage(plainly(url, validate_certs))

/** Parameters of the modules that speak HTTP. */
export const FETCHING = {
  headers: { type: 'object', additionalProperties: { type: 'string' } },
  url_username: { type: 'string', aliases: ['username', 'user'] },
  url_password: { type: 'string', secret: true, aliases: ['password'] },
  force_basic_auth: { type: 'boolean', default: false, description: 'Credentials are always sent at once' },
  validate_certs: { type: 'boolean', default: true },
  use_proxy: {
    type: 'boolean',
    default: true,
    description: 'Through the proxies that http_proxy, https_proxy and no_proxy of the task or of the target name',
  },
  http_agent: { type: 'string', default: 'ansible-httpget' },
  use_netrc: { type: 'boolean', default: true, description: 'No netrc is read' },
  decompress: { type: 'boolean', default: true, description: 'What the server sends as gzip is opened' },
  unredirected_headers: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description: 'Headers that do not follow a redirection; credentials never follow to another host',
  },
  client_cert: {
    type: 'string',
    path: true,
    description:
      'PEM file of the target with the certificate that proves who asks, and its key if client_key is absent',
  },
  client_key: { type: 'string', path: true, description: 'PEM file of the target with its key' },
  use_gssapi: { type: 'boolean', refused: 'Kerberos is not supported' },
  ciphers: {
    type: 'array',
    items: { type: 'string' },
    description: "What TLS up to 1.2 may use, in OpenSSL's words",
  },
} as const

/** Arguments of these parameters. */
interface Fetching {
  readonly headers?: Readonly<Record<string, string>>
  readonly url_username?: string
  readonly url_password?: Secret
  readonly validate_certs: boolean
  readonly use_proxy: boolean
  readonly http_agent: string
  readonly decompress: boolean
  readonly unredirected_headers: readonly string[]
  readonly client_cert?: string
  readonly client_key?: string
  readonly ciphers?: readonly string[]
}

const NONE = known<string | Secret | undefined>(undefined)

/** The files that prove who asks. */
export const proofs = ({ client_cert: cert, client_key: key }: Fetching, host: HostInfo) => ({
  cert: cert === undefined ? NONE : pem(at(cert, host)),
  key: key === undefined ? NONE : privateKey(at(key, host)),
})

type Proofs = { readonly [K in keyof ReturnType<typeof proofs>]?: string | Secret | undefined }

/** Why these files are of no use, if so. */
export const unproven = (args: Fetching, { cert, key }: Proofs): Plan | undefined => {
  if (args.client_key !== undefined && args.client_cert === undefined)
    return refuse('client_key is given without client_cert', 'name the certificate of the key, too')
  const missing =
    args.client_cert !== undefined && cert === undefined
      ? args.client_cert
      : args.client_key !== undefined && key === undefined
        ? args.client_key
        : undefined
  return missing === undefined ? undefined : refuse(`there is no file ${missing} on the target`)
}

/** How a URL is asked for. */
export const asking = (url: string, args: Fetching, { cert, key }: Proofs): Asking => ({
  url,
  headers: { 'User-Agent': args.http_agent, ...args.headers },
  ...credentials(args),
  ...(cert === undefined ? {} : { client: { cert, ...(key instanceof Secret ? { key } : {}) } }),
  ...(args.validate_certs ? {} : { insecure: true }),
  ...(args.ciphers === undefined ? {} : { ciphers: args.ciphers.join(':') }),
  ...(args.use_proxy ? {} : { direct: true }),
  unredirected: args.unredirected_headers,
  packed: !args.decompress,
})

/** Who asks, where there is a user. */
const credentials = ({ url_username: user, url_password: password }: Fetching): Pick<Asking, 'auth'> =>
  user === undefined ? {} : { auth: { user, ...(password === undefined ? {} : { password }) } }
