import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { linesOf } from './shared/lines.ts'
import { rewrite, textAt } from './shared/rewrite.ts'

const ENDLESS: ReadonlySet<string> = new Set(['unlimited', 'infinity', '-1'])
const NICE: ReadonlySet<string> = new Set(['nice', 'priority'])
const ITEMS =
  'as chroot core cpu data fsize locks maxlogins maxsyslogins memlock msgqueue nice nofile nproc priority rss rtprio sigpending stack'

/** A limit of the resources that users get when they log in. */
export default defineModule({
  name: 'pam_limits',
  collection: 'community.general',
  summary: 'A limit for users stands in limits.conf',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['domain', 'limit_type', 'limit_item', 'value'],
    exclusive: [['use_max', 'use_min']],
    properties: {
      domain: { type: 'string', pattern: '^\\S+$', description: 'A user, @group, * or a range of numbers' },
      limit_type: { type: 'string', enum: ['-', 'hard', 'soft'] },
      limit_item: { type: 'string', enum: ITEMS.split(' ') },
      value: { type: 'string', description: 'A number, or unlimited, infinity or -1' },
      use_max: { type: 'boolean', default: false, description: 'Of the value there and this one the greater counts' },
      use_min: { type: 'boolean', default: false, description: 'Of the value there and this one the smaller counts' },
      dest: { type: 'string', path: true, default: '/etc/security/limits.conf' },
      comment: { type: 'string', default: '', description: 'Stands behind a line that is written' },
      backup: { type: 'boolean', default: false, description: 'Keep the old file beside the new one' },
    },
  },
  probe: (args, host) => textAt({ path: args.dest, create: true, backup: args.backup }, host),
  plan(args, seen) {
    const { limit_item: item, value } = args
    const number = /^-?\d+$/.test(value) ? Number(value) : undefined
    if (NICE.has(item) ? number === undefined || number < -20 || number > 19 : number === undefined || number < -1)
      if (NICE.has(item) || !ENDLESS.has(value))
        return refuse(
          `Value of '${value}' for item '${item}' is invalid.`,
          NICE.has(item) ? 'give a number from -20 to 19' : 'give unlimited, infinity, -1, or a number from 0',
        )
    if (seen.self === undefined && seen.parent === undefined)
      return refuse(`the directory of ${args.dest} does not exist`, 'make it with the file module first')
    const wish = { path: args.dest, create: true, backup: args.backup }
    return rewrite(wish, seen, text => withLimit(text, args))
  },
})

interface Limit {
  readonly domain: string
  readonly limit_type: string
  readonly limit_item: string
  readonly value: string
  readonly use_max: boolean
  readonly use_min: boolean
  readonly comment: string
}

/** The text in which a limit stands: its lines with the value, or a new line at the end. */
function withLimit(text: string, wish: Limit): { text: string; msg: string } {
  let msg: string | undefined
  const line = (value: string, comment: string): string =>
    `${wish.domain}\t${wish.limit_type}\t${wish.limit_item}\t${value}${comment === '' ? '' : `\t#${comment}`}\n`
  const lines = linesOf(text).map(one => {
    const [head = '', note = ''] = one.startsWith('#') ? [] : one.replace(/\n$/, '').split(/#(.*)/s)
    const words = head.trim().split(/\s+/)
    const [domain, type, item, now = ''] = words
    if (words.length !== 4 || domain !== wish.domain || type !== wish.limit_type || item !== wish.limit_item) return one
    const value = chosen(wish, now)
    msg = value === now ? one : line(value, wish.comment || note)
    return msg
  })
  if (msg !== undefined) return { text: lines.join(''), msg }
  const fresh = line(wish.value, wish.comment)
  const open = text === '' || text.endsWith('\n') ? '' : '\n'
  return { text: `${text}${open}${fresh}`, msg: fresh }
}

/** Of what stands there and what is wanted, the one that counts. */
function chosen({ value, limit_item, use_max, use_min }: Limit, now: string): string {
  if (!use_max && !use_min) return value
  const size = (text: string): number =>
    ENDLESS.has(text) && !NICE.has(limit_item) ? Number.POSITIVE_INFINITY : Number(text)
  if (size(now) === size(value)) return now
  return size(now) > size(value) === use_max ? now : value
}
