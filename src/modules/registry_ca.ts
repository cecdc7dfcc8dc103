import { defineModule } from '../kit/module.ts'
import { change, ok, refuse } from '../kit/plan.ts'
import { authority } from '../questions/pki.ts'

/** A certificate authority in a directory of the controller: `ca.pem` for everybody, `ca-key.pem` for nobody else. */
export default defineModule({
  name: 'registry_ca',
  collection: 'regplay.registry',
  summary: 'A certificate authority is in a directory of the controller: made when absent, judged when there',
  local: true,
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['dir'],
    properties: {
      dir: { type: 'string', minLength: 1, description: 'Directory of the controller for ca.pem and ca-key.pem' },
      name: { type: 'string', default: 'regplay registry CA', description: 'Common name of a CA that is made' },
      days: { type: 'integer', minimum: 1, maximum: 7300, default: 3650 },
      bits: { type: 'integer', minimum: 2048, maximum: 8192, default: 3072 },
      external: {
        type: 'boolean',
        default: false,
        description: "The CA is someone else's: ca.pem alone is right, and nothing is made",
      },
    },
  },
  probe: ({ dir, external }) => ({ ca: authority(dir, external) }),
  plan({ dir, name, days, bits, external }, { ca: { found } }) {
    if (found.state === 'unusable') {
      return refuse(
        found.faults.map(fault => fault.message).join('; '),
        found.faults
          .map(fault => fault.remedy ?? '')
          .filter(Boolean)
          .join('; '),
      )
    }
    if (found.state === 'ready') {
      const { authority: ca } = found
      return ok({
        certificate: ca.certificatePem,
        fingerprint: ca.certificate.fingerprint,
        subject: ca.certificate.subject,
        not_after: ca.certificate.notAfter.toISOString(),
        warnings: ca.warnings.map(warning => warning.message),
      })
    }
    if (external)
      return refuse(
        `there is no ca.pem in ${dir}`,
        "put the certificate of your organisation's CA there, or set external to false to have a CA made",
      )
    const from = found.state === 'absent' ? 'absent' : 'a key without a certificate'
    return change(
      [
        {
          what: `${dir}/ca.pem`,
          from,
          to: `CN=${name}, valid ${days} days`,
          by: { kind: 'issue', what: 'ca', dir, name, days, bits },
        },
      ],
      [`controller:${dir}`],
    )
  },
})
