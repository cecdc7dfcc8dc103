import { dict } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { readPem } from '../pki/pem.ts'
import { clock } from '../questions/clock.ts'
import { at, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { MOMENT, moment } from './shared/certificate.ts'
import { certificateFields } from './shared/certificate-fields.ts'

/** What a certificate says. */
export default defineModule({
  name: 'x509_certificate_info',
  collection: 'community.crypto',
  summary: 'Tells what a certificate says, and at which times it is good',
  args: {
    type: 'object',
    additionalProperties: false,
    exclusive: [['path', 'content']],
    oneOf: [['path', 'content']],
    properties: {
      path: { type: 'string', path: true, description: 'A file of the host; the first certificate in it counts' },
      content: { type: 'string', description: 'The certificate itself' },
      valid_at: {
        type: 'object',
        additionalProperties: { type: 'string', pattern: MOMENT },
        description: 'Times by name, absolute or from now, at which it may be good or not',
      },
      name_encoding: { type: 'string', enum: ['ignore'], default: 'ignore' },
      select_crypto_backend: { type: 'string', enum: ['auto', 'cryptography'], default: 'auto' },
    },
  },
  probe: ({ path, content }, host) => ({
    text: path === undefined ? known(content) : text(at(path, host)),
    now: clock,
  }),
  plan({ path, valid_at = {} }, { text, now }) {
    const what = path ?? 'content'
    if (text === undefined) return refuse(`${what} is not there`)
    const { certificates, faults } = readPem(text, what)
    const certificate = certificates[0]
    if (certificate === undefined)
      return refuse(faults[0]?.message ?? `${what} holds no certificate`, faults[0]?.remedy)
    const good = (spec: string): boolean => {
      const when = date(moment(spec), now)
      return certificate.notBefore <= when && when <= certificate.notAfter
    }
    const times = Object.entries(valid_at).map(([name, spec]): [string, boolean] => [name, good(String(spec))])
    return ok({ ...certificateFields(certificate, now), valid_at: dict(Object.fromEntries(times)) })
  },
})

const date = (spec: string | number, now: Date): Date =>
  typeof spec === 'number'
    ? new Date(now.getTime() + spec * 1000)
    : new Date(spec.replace(/(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'))
