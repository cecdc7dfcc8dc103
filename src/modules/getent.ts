import { dict, type Value } from '../base/value.ts'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { ask } from '../kit/question.ts'
import { type Script, sh } from '../shell/script.ts'

/** Databases whose files separate fields by colons. */
const COLON: ReadonlySet<string> = new Set(['passwd', 'shadow', 'group', 'gshadow'])

/** What the statuses of getent mean. */
const STATUSES: Readonly<Record<number, string>> = {
  1: 'Missing arguments, or database unknown.',
  2: 'One or more supplied key could not be found in the database.',
  3: 'Enumeration not supported on this database.',
}

/** Entries of a database of the target, as facts. */
export default defineModule({
  name: 'getent',
  summary: 'Tells the entries of a database (passwd, group, hosts ...) as facts',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['database'],
    properties: {
      database: { type: 'string', pattern: '^[a-z_]+$', description: 'A name that the name service knows' },
      key: { type: 'string', description: 'One entry; all of them when absent' },
      service: { type: 'string', description: 'A service of the name service to ask instead of the usual ones' },
      split: { type: 'string', description: 'What separates fields; : for the account databases, else white space' },
      fail_key: { type: 'boolean', default: true, description: 'Fail when there is no such entry' },
    },
  },
  probe: ({ database, key, service }, host) => ({
    said: ask(lookup(database, key, service, host), ['path:/etc'], ({ code, stdout }) => ({ code, stdout }), {
      secret: database === 'shadow' || database === 'gshadow',
    }),
  }),
  plan({ database, key, split, fail_key }, { said }, host) {
    const name = `getent_${database}`
    if (said.code === 127) return refuse(`${host.name} has no getent`, 'install it, or read the file with slurp')
    const msg = STATUSES[said.code ?? 0]
    if (said.code === 2 && key !== undefined && !fail_key)
      return ok({ ansible_facts: dict({ [name]: dict({ [key]: null }) }), ...(msg === undefined ? {} : { msg }) })
    if (said.code !== 0) return refuse(msg ?? 'Unexpected failure!')
    const separator = split ?? (COLON.has(database) ? ':' : undefined)
    return ok({ ansible_facts: dict({ [name]: entries(said.stdout, separator) }) })
  },
})

/** Asks getent, or the file itself where a host has none of it. */
function lookup(database: string, key: string | undefined, service: string | undefined, host: HostInfo): Script {
  const before = service === undefined ? [] : ['-s', service]
  const words = [...before, database, ...(key?.startsWith('-') ? ['--'] : []), ...(key === undefined ? [] : [key])]
  if (host.tools.has('getent') || !COLON.has(database)) return sh`LC_ALL=C getent ${words}`
  const file = `/etc/${database}`
  if (key === undefined) return sh`cat ${file}`
  return sh`k=${key} awk -F: '$1 == ENVIRON["k"] { print; found = 1 } END { exit found ? 0 : 2 }' ${file}`
}

/** Lists of fields by the first field; a list of such lists where it stands more than once. */
function entries(text: string, separator: string | undefined): Map<Value, Value> {
  const found = new Map<string, Value[][]>()
  for (const line of text.split('\n').filter(one => one !== '')) {
    const [name = '', ...fields] = separator === undefined ? line.trim().split(/\s+/) : line.split(separator)
    found.set(name, [...(found.get(name) ?? []), fields])
  }
  return new Map([...found].map(([name, all]): [Value, Value] => [name, all.length === 1 ? (all[0] ?? []) : all]))
}
