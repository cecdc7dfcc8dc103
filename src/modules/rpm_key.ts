import type { Run } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { change, ok, type Plan, refuse } from '../kit/plan.ts'
import { at, bytes } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { rpmKeys } from '../questions/rpm-keys.ts'
import { atEnd } from '../shell/at-end.ts'
import { raw, sh } from '../shell/script.ts'
import { isUrl, served } from './shared/http.ts'
import { fingerprintOf } from './shared/openpgp.ts'

/** A key with which rpm judges packages. */
export default defineModule({
  name: 'rpm_key',
  summary: 'A key is among those that rpm trusts, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['key'],
    properties: {
      key: {
        type: 'string',
        minLength: 1,
        description:
          'A URL, which is fetched by the network of the target, a file of the target, or the hex digits of a key that is there',
      },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      fingerprint: { type: 'string', description: 'What the key must have for it to be imported' },
      validate_certs: { type: 'boolean', default: true },
    },
  },
  probe: ({ key, validate_certs }, host) => ({
    keys: rpmKeys,
    web: served(isUrl(key) ? key : undefined, validate_certs),
    kept: isUrl(key) || idOf(key) !== undefined ? known<Buffer | undefined>(undefined) : bytes(at(key, host)),
  }),
  plan({ key, state, fingerprint }, { keys, web, kept }, host): Plan {
    if (key.includes('://') && !isUrl(key)) return refuse(`${key} is no URL of a web server`, 'give http or https')
    if (keys === undefined) return refuse(`${host.name} has no rpm`, 'rpm_key is for hosts whose packages rpm keeps')
    const held = web ?? kept
    const whole = held && fingerprintOf(held)
    const id = whole ?? idOf(key)
    if (id === undefined)
      return held === undefined
        ? refuse(`Not a valid key ${key}`, 'give a URL, a file of the target, or hex digits')
        : refuse(`Not a public key: ${key}`, 'give the public key as it is exported, in armor or not')
    const there = keys.filter(one => one.id.endsWith(id) || id.endsWith(one.id))
    const wanted = state === 'present'
    if (there.length > 0 === wanted) return ok()
    if (wanted && held === undefined)
      return refuse('When importing a key, a valid file must be given', 'give a URL or a file')
    const meant = fingerprint?.replaceAll(' ', '').toUpperCase()
    if (wanted && meant !== undefined && meant !== whole)
      return refuse(`The specified fingerprint, '${meant}', does not match the key fingerprint '${whole}'`)
    const by: Run = wanted
      ? {
          kind: 'run',
          script: sh`f=$(mktemp) || exit
${atEnd(raw('rm -f -- "$f"'))}
base64 -d >"$f" && rpm --import "$f"`,
          stdin: held?.toString('base64') ?? '',
        }
      : { kind: 'run', script: sh`rpm --erase --allmatches -- ${there.map(one => one.name)}` }
    const [from, to] = wanted ? ['absent', 'trusted'] : ['trusted', 'absent']
    return change(
      [{ what: `key ${id.slice(-16)}`, from, to, by }],
      ['path:/var/lib/rpm', 'path:/usr/lib/sysimage/rpm', 'package:gpg-pubkey'],
    )
  },
})

/** The digits of a key in capitals, where a text is nothing else. */
const idOf = (key: string): string | undefined =>
  /^\s*(?:0x)?([0-9a-f]{8}(?:[0-9a-f]{8,})?)\s*$/i.exec(key)?.[1]?.toUpperCase()
