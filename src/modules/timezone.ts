import { defineModule } from '../kit/module.ts'
import { change, type Edit, refuse } from '../kit/plan.ts'
import { ask } from '../kit/question.ts'
import { text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'

const LINK = '/etc/localtime'
const NAME = '/etc/timezone'
const CLOCK = '/etc/adjtime'
const ZONES = '/usr/share/zoneinfo'

/** Where /etc/localtime leads to; '' when it is no link. */
const current = ask(sh`readlink -- ${LINK} || :`, [`path:${LINK}`], answer => answer.stdout.trim())

/** Whether a zone's data is on the host. */
const zone = (name: string) =>
  ask(sh`[ -f ${`${ZONES}/${name}`} ] && echo yes || :`, [`path:${ZONES}`], answer => answer.stdout !== '')

/** The time zone of a host, and what its hardware clock holds. */
export default defineModule({
  name: 'timezone',
  collection: 'community.general',
  summary: 'The host is in a certain time zone, and its hardware clock holds local time or UTC',
  args: {
    type: 'object',
    additionalProperties: false,
    oneOf: [['name', 'hwclock']],
    properties: {
      name: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_+/-]*$', description: 'The zone, such as Europe/Paris' },
      hwclock: {
        type: 'string',
        enum: ['local', 'UTC'],
        aliases: ['rtc'],
        description: 'What the hardware clock holds',
      },
    },
  },
  probe: ({ name, hwclock }) => ({
    link: name === undefined ? known('') : current,
    there: name === undefined ? known(true) : zone(name),
    kept: name === undefined ? known<string | undefined>(undefined) : text(NAME),
    clock: hwclock === undefined ? known<string | undefined>(undefined) : text(CLOCK),
  }),
  plan({ name, hwclock }, { link, there, kept, clock }, host) {
    if (!there)
      return refuse(`given timezone "${name}" is not available`, `${host.name} has no ${ZONES}/${name}: install tzdata`)
    const edits: Edit[] = []
    const now = /\/zoneinfo\/(.+)$/.exec(link)?.[1]
    if (name !== undefined && now !== name)
      edits.push({
        what: LINK,
        from: now ?? (link === '' ? 'no link' : link),
        to: name,
        by: run(sh`ln -sf -- ${`..${ZONES}/${name}`} ${`${LINK}.new`} && mv -f -- ${`${LINK}.new`} ${LINK}`),
      })
    // Debian keeps the name in a file, too; elsewhere there is none unless somebody made one.
    if (name !== undefined && kept?.trim() !== name && (kept !== undefined || host.family === 'debian'))
      edits.push({
        what: NAME,
        from: kept?.trim() ?? 'absent',
        to: name,
        by: { kind: 'put', path: NAME, content: { text: `${name}\n` } },
      })
    const holds = /^LOCAL$/m.test(clock ?? '') ? 'local' : 'UTC'
    if (hwclock !== undefined && holds !== hwclock)
      edits.push({
        what: 'hardware clock',
        from: holds,
        to: hwclock,
        by: { kind: 'put', path: CLOCK, content: { text: adjtime(clock, hwclock) } },
      })
    return change(edits, [`path:${LINK}`, `path:${NAME}`, `path:${CLOCK}`])
  },
})

/** The drift of the clock stays; only the third line says what it holds. */
function adjtime(before: string | undefined, hwclock: 'local' | 'UTC'): string {
  const [drift = '0.0 0 0.0', calibrated = '0'] = (before ?? '').split('\n').filter(line => line !== '')
  return `${drift}\n${calibrated}\n${hwclock.toUpperCase()}\n`
}
