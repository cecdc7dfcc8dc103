import { defineModule } from '../kit/module.ts'
import { change, type Edit, refuse } from '../kit/plan.ts'
import { ask, CouldNotTell } from '../kit/question.ts'
import { text } from '../questions/files.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { linesOf } from './shared/lines.ts'

const LIST = '/etc/locale.gen'
const ALL = '/usr/share/i18n/SUPPORTED'
const UBUNTU = '/var/lib/locales/supported.d/local'

/** Names of the locales that are made. */
const made = ask(sh`LC_ALL=C locale -a`, ['path:/usr/lib/locale'], answer => {
  if (answer.code === 127) return []
  if (!answer.ok) throw new CouldNotTell(`locale -a says nothing: ${answer.stderr.trim()}`)
  return answer.stdout.split('\n').map(plain)
})

/** Whether the host keeps its list as Ubuntu does. */
const ubuntu = ask(
  sh`[ -d /var/lib/locales/supported.d ] && echo yes || :`,
  [`path:${UBUNTU}`],
  answer => answer.stdout !== '',
)

/** Languages that programs can speak. */
export default defineModule({
  name: 'locale_gen',
  collection: 'community.general',
  summary: 'A locale is made, or is not there',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: {
        type: 'array',
        items: { type: 'string', pattern: '^\\S+$' },
        description: 'Such as de_CH.UTF-8; several may be',
      },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
    },
  },
  probe: () => ({ list: text(LIST), all: text(ALL), own: text(UBUNTU), ubuntu, made }),
  plan({ name, state }, seen) {
    if (!seen.ubuntu && seen.list === undefined)
      return refuse(`${LIST} and ${UBUNTU} are missing. Is the package "locales" installed?`)
    const offered = (seen.ubuntu ? seen.all : seen.list) ?? ''
    const lines = linesOf(offered).map(line => (/^#?\s*(\S+_\S+) (\S+)\s*$/.exec(line) ?? [])[1])
    const unknown = name.filter(one => !lines.includes(one))
    if (unknown.length > 0)
      return refuse(
        `The locale you've entered is not available on your system.`,
        `${seen.ubuntu ? ALL : LIST} has no ${unknown.join(', ')}`,
      )
    const present = state === 'present'
    const wrong = name.filter(one => seen.made.includes(plain(one)) !== present)
    const [file, before] = seen.ubuntu ? [UBUNTU, seen.own ?? ''] : [LIST, seen.list ?? '']
    const after = seen.ubuntu ? (present ? before : without(before, wrong)) : marked(before, wrong, present)
    const words = seen.ubuntu ? (present ? wrong : ['--purge']) : []
    const edits: Edit[] = []
    if (after !== before)
      edits.push({
        what: file,
        from: 'other locales',
        to: wrong.join(', '),
        by: { kind: 'put', path: file, content: { text: after } },
        texts: { before, after },
      })
    const by = run(sh`locale-gen ${words}`, 'making locales')
    for (const one of wrong) edits.push({ what: one, from: present ? 'absent' : 'present', to: state, by })
    return change(edits, [`path:${file}`, 'path:/usr/lib/locale'], { name: [...name], msg: 'OK' })
  },
})

/** A name as `locale -a` may write it, too: `de_CH.utf8`. */
const plain = (name: string): string =>
  name.trim().replace(/\.([^@]*)/, (_, code: string) => `.${code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`)

/** The list in which these stand for themselves, or behind a sign. */
const marked = (list: string, names: readonly string[], present: boolean): string =>
  linesOf(list)
    .map(line => {
      const [, name = '', rest = ''] = /^#?\s*(\S+)( .+\n?)$/.exec(line) ?? []
      return names.includes(name) ? `${present ? '' : '# '}${name}${rest}` : line
    })
    .join('')

const without = (list: string, names: readonly string[]): string =>
  linesOf(list)
    .filter(line => !names.includes(line.split(' ')[0] ?? ''))
    .join('')
