import { dict } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { at } from '../questions/files.ts'
import { facts } from './shared/attributes.ts'
import { nulled } from './shared/defaults.ts'
import { hashed, isFor, withHost } from './shared/known-hosts.ts'
import { rewrite, textAt } from './shared/rewrite.ts'

/** The key by which a host is known to ssh. */
export default defineModule({
  name: 'known_hosts',
  summary: 'The key of a host stands in a file of known hosts, or does not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: {
        type: 'string',
        minLength: 1,
        aliases: ['host'],
        description: 'The host; [HOST]:PORT where the port is not 22',
      },
      key: { type: 'string', description: 'A whole line of the file, which begins with the host' },
      path: { type: 'string', path: true, default: '~/.ssh/known_hosts' },
      hash_host: { type: 'boolean', default: false, description: 'The host is written so that nobody can read it' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
    },
  },
  probe: ({ path }, host) => textAt({ path, create: true, backup: false }, host),
  plan(args, seen, target) {
    const { state, hash_host } = args
    const host = args.name.toLowerCase()
    const given = args.key === '' ? undefined : args.key
    if (given === undefined && state === 'present') return refuse('No key specified when adding a host')
    if (given !== undefined && host.includes(','))
      return refuse(
        'Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts file.',
      )
    const key = given !== undefined && hash_host ? hashed(given, host) : given
    if (key !== undefined && !isFor(key, host))
      return refuse('Host parameter does not match hashed host field in supplied key', 'begin the key with the host')
    const path = at(args.path, target)
    const wish = { path, create: state === 'present', backup: false }
    const before = seen.text ?? ''
    const diff = dict({
      before_header: seen.self === undefined ? '/dev/null' : path,
      before,
      after_header: path,
      after: withHost(before, { host, key, state }),
    })
    const told = { ...nulled(args, ['key']), path, ...(seen.self ? facts(seen.self) : {}) }
    if (seen.self === undefined && state === 'absent') return ok({ ...told, diff })
    return rewrite(wish, seen, text => ({ text: withHost(text, { host, key, state }) }), told, { diff })
  },
})
