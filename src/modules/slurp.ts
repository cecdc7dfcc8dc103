import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { at, bytes } from '../questions/files.ts'

/** The bytes of a file of the target. */
export default defineModule({
  name: 'slurp',
  summary: 'Tells the bytes of a file of the target, in base64',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['src'],
    properties: { src: { type: 'string', path: true, minLength: 1, aliases: ['path'] } },
  },
  probe: ({ src }, host) => ({ seen: bytes(at(src, host)) }),
  plan({ src }, { seen }, host) {
    const source = at(src, host)
    if (seen === undefined) return refuse(`file not found: ${source}`)
    return ok({ content: seen.toString('base64'), encoding: 'base64', source })
  },
})
