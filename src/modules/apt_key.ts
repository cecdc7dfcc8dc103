import type { Run } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { change, ok, type Plan, refuse } from '../kit/plan.ts'
import { aptKeys, ringOf } from '../questions/apt-keys.ts'
import { at, bytes } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { type Script, sh } from '../shell/script.ts'
import { served } from './shared/http.ts'
import { fingerprintOf } from './shared/openpgp.ts'

/** A key with which apt judges packages, in the ring of all sources. Newer hosts have none: their sources name their keys. */
export default defineModule({
  name: 'apt_key',
  summary: 'A key is among those that apt trusts for every source, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    exclusive: [['data', 'file', 'keyserver', 'url']],
    oneOf: [['id', 'data', 'file', 'url']],
    properties: {
      id: {
        type: 'string',
        pattern: '^(0[xX])?([0-9A-Fa-f]{8}|[0-9A-Fa-f]{16,40})$',
        description: '8, 16 or more hex digits; those of the key when absent',
      },
      data: { type: 'string', description: 'The key itself' },
      file: { type: 'string', path: true, description: 'A file of the target' },
      url: { type: 'string', pattern: '^https?://', description: 'Fetched by the network of the target' },
      keyserver: { type: 'string', pattern: '^[^-\\s]\\S*$', description: 'The target asks it for the id' },
      keyring: { type: 'string', path: true, description: 'A ring of its own, such as /etc/apt/trusted.gpg.d/x.gpg' },
      validate_certs: { type: 'boolean', default: true },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
    },
  },
  probe: ({ id, keyring, url, file, state, validate_certs }, host) => ({
    keys: aptKeys(keyring === undefined ? undefined : at(keyring, host)),
    web: served(state === 'absent' && id !== undefined ? undefined : url, validate_certs),
    kept: file === undefined ? known<Buffer | undefined>(undefined) : bytes(at(file, host)),
  }),
  plan(args, { keys, web, kept }, host): Plan {
    const { state, file, keyserver } = args
    if (keyserver !== undefined && args.id === undefined) return refuse('Missing key_id, required with keyserver.')
    if (keys === undefined)
      return refuse(
        `${host.name} has no apt-key, or no gpg for it`,
        'name the key in its source: signed_by of deb822_repository',
      )
    if (file !== undefined && kept === undefined) return refuse(`there is no file ${file} on the target`)
    const held = web ?? kept ?? (args.data === undefined ? undefined : Buffer.from(args.data))
    const id = args.id ?? (held && fingerprintOf(held)?.slice(-16))
    if (id === undefined)
      return refuse('there is no OpenPGP key in it', 'give the public key as it is exported, in armor or not')
    const key_id = id.toUpperCase().replace(/^0X/, '')
    const ids = { id, short_id: key_id.slice(-8), fp: key_id.slice(-16), key_id }
    const there = keys.some(one => one.endsWith(ids.fp))
    const told = key_id.length === 8 ? keys.map(one => one.slice(-8)) : [...keys]
    const result = { ...ids, before: told }
    const ring = ringOf(args.keyring === undefined ? undefined : at(args.keyring, host))
    const touches = ['path:/etc/apt', ...ring.slice(1).map(path => `path:${path}`)]
    const wanted = state === 'present'
    if (there === wanted) return ok(result)
    if (wanted && held === undefined && keyserver === undefined)
      return refuse('there is no key to add', 'give data, file, url or keyserver')
    const by: Run = wanted
      ? keyserver === undefined
        ? { kind: 'run', script: calm(sh`${ring} add -`, sh`base64 -d | `), stdin: held?.toString('base64') ?? '' }
        : {
            kind: 'run',
            script: calm(sh`${ring} adv --batch --no-tty --keyserver ${keyserver} --recv-keys ${key_id}`),
            doing: `asking ${keyserver}`,
          }
      : { kind: 'run', script: calm(sh`${ring} del ${ids.short_id}`) }
    const after = wanted ? [...told, key_id.length === 8 ? key_id : ids.fp] : told.filter(one => !one.endsWith(ids.fp))
    return change(
      [{ what: key_id, from: there ? 'trusted' : 'absent', to: wanted ? 'trusted' : 'absent', by }],
      touches,
      {},
      { ...result, after },
    )
  },
})

/** apt-key tells everybody that nobody should use it. */
const calm = (words: Script, before: Script = sh``): Script =>
  sh`export LC_ALL=C APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE=1; ${before}apt-key ${words}`
