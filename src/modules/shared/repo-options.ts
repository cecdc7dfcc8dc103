const TEXT = { type: 'string' } as const
const FLAG = { type: 'boolean' } as const
const LIST = { type: 'array', items: { type: 'string' } } as const
/** Parameters that are options of the file, by the names that they have there. */
export const OPTIONS = {
  async: FLAG,
  bandwidth: TEXT,
  baseurl: LIST,
  cost: TEXT,
  countme: FLAG,
  deltarpm_metadata_percentage: TEXT,
  deltarpm_percentage: TEXT,
  enabled: FLAG,
  enablegroups: FLAG,
  exclude: LIST,
  failovermethod: { type: 'string', enum: ['roundrobin', 'priority'] },
  gpgcakey: TEXT,
  gpgcheck: FLAG,
  gpgkey: LIST,
  http_caching: { type: 'string', enum: ['all', 'packages', 'none'] },
  include: TEXT,
  includepkgs: LIST,
  ip_resolve: { type: 'string', enum: ['4', '6', 'IPv4', 'IPv6', 'whatever'] },
  keepalive: FLAG,
  keepcache: { type: 'string', enum: ['0', '1'] },
  metadata_expire: TEXT,
  metadata_expire_filter: {
    type: 'string',
    enum: ['never', 'read-only:past', 'read-only:present', 'read-only:future'],
  },
  metalink: TEXT,
  mirrorlist: TEXT,
  mirrorlist_expire: TEXT,
  module_hotfixes: FLAG,
  priority: TEXT,
  protect: FLAG,
  proxy: TEXT,
  proxy_username: TEXT,
  repo_gpgcheck: FLAG,
  retries: TEXT,
  s3_enabled: FLAG,
  skip_if_unavailable: FLAG,
  ssl_check_cert_permissions: FLAG,
  sslcacert: { ...TEXT, aliases: ['ca_cert'] },
  sslclientcert: { ...TEXT, aliases: ['client_cert'] },
  sslclientkey: { ...TEXT, aliases: ['client_key'] },
  sslverify: { ...FLAG, aliases: ['validate_certs'] },
  throttle: TEXT,
  timeout: TEXT,
  ui_repoid_vars: TEXT,
  username: TEXT,
} as const

/** The section, its options in the order of their names. */
export function optionsOf(args: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const names = ['name', ...Object.keys(OPTIONS)].filter(name => args[name] !== undefined).sort()
  return new Map(
    names.map(name => {
      const value = args[name]
      if (typeof value === 'boolean') return [name, value ? '1' : '0']
      const blank = name === 'exclude' || name === 'includepkgs'
      return [name, Array.isArray(value) ? value.join(blank ? ' ' : '\n') : String(value)]
    }),
  )
}
