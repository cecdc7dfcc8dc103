import { Secret } from '../base/secret.ts'
import { dict } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { change, ok, refuse } from '../kit/plan.ts'
import { password, selections } from '../questions/debconf.ts'
import { known } from '../questions/known.ts'
import { sh } from '../shell/script.ts'

/** What is told in place of a password. */
const HIDDEN = '(password omitted)'

/** An answer to a question that a package of Debian asks when it is configured. */
export default defineModule({
  name: 'debconf',
  summary: 'A question that a package asks when it is configured is answered beforehand',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    together: [
      ['question', 'vtype', 'value'],
      ['vtype', 'question', 'value'],
      ['value', 'question', 'vtype'],
    ],
    properties: {
      name: { type: 'string', pattern: '^[^\\s-]\\S*$', aliases: ['pkg'], description: 'The package' },
      question: { type: 'string', pattern: '^\\S+$', aliases: ['selection', 'setting'] },
      vtype: {
        type: 'string',
        enum: ['boolean', 'error', 'multiselect', 'note', 'password', 'seen', 'select', 'string', 'text', 'title'],
      },
      value: { type: 'string', aliases: ['answer'] },
      unseen: { type: 'boolean', default: false, description: 'The question may be asked all the same' },
    },
  },
  probe: ({ name, question, vtype }) => ({
    seen: selections(name),
    kept:
      vtype === 'password' && question !== undefined ? password(name, question) : known<Secret | undefined>(undefined),
  }),
  plan({ name, question, vtype = 'string', value: given = '', unseen }, { seen, kept }, host) {
    if (seen === undefined) return refuse(`debconf is for Debian and its kin, ${host.name} is ${host.id}`)
    if (question === undefined) return ok({ msg: '', current: dict(Object.fromEntries(seen)) })
    if (/[\r\n]/.test(given)) return refuse('an answer is one line', 'write \\n where debconf is to read a line end')
    const value = vtype === 'boolean' ? given.toLowerCase() : given
    const secret = vtype === 'password' ? new Secret(value, question) : undefined
    const before = seen.get(question)
    const same = secret ? secret.same(kept) : (vtype === 'boolean' ? before?.toLowerCase() : before) === value
    if (same) return ok({ msg: '', current: dict(Object.fromEntries(seen)) })
    const [from, to] = secret ? [before === undefined ? 'absent' : HIDDEN, HIDDEN] : [before ?? 'absent', value]
    const line = `${name} ${question} ${vtype} ${value}\n`
    const script = sh`debconf-set-selections ${unseen ? ['-u'] : []}`
    const stdin = secret ? new Secret(line, question) : line
    return change(
      [{ what: question, from, to, by: { kind: 'run', script, stdin } }],
      ['path:/var/cache/debconf'],
      {},
      {
        msg: '',
        current: dict({ [question]: secret ? HIDDEN : value }),
        previous: dict(before === undefined ? { ...Object.fromEntries(seen), [question]: '' } : { [question]: before }),
      },
    )
  },
})
