import { posix } from 'node:path'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { ok, type Plan, refuse, warned } from '../kit/plan.ts'
import { userTable } from '../questions/crontab.ts'
import { at, real, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { lineOf, warningsOf, writing } from './shared/cron.ts'
import { namesIn, tableLines, tableText, withEntry } from './shared/crontab.ts'

const TIMES = { type: 'string', default: '*' } as const

/** A job of cron, or a variable of its jobs. */
export default defineModule({
  name: 'cron',
  summary: 'A job or a variable stands in a table of cron, or does not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    exclusive: [['insertafter', 'insertbefore']],
    properties: {
      name: { type: 'string', minLength: 1, description: 'What the job is known by, or the variable' },
      user: { type: 'string', minLength: 1, description: 'Whose table; in a cron_file, who runs the job' },
      job: { type: 'string', aliases: ['value'] },
      cron_file: { type: 'string', path: true, minLength: 1, description: 'A file of /etc/cron.d, or a path' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      backup: { type: 'boolean', default: false, description: 'Keep the old table in a file' },
      minute: TIMES,
      hour: TIMES,
      day: { ...TIMES, aliases: ['dom'] },
      month: TIMES,
      weekday: { ...TIMES, aliases: ['dow'] },
      special_time: {
        type: 'string',
        enum: ['annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly'],
        description: 'Instead of times',
      },
      disabled: { type: 'boolean', default: false, description: 'The job stands behind a #' },
      env: { type: 'boolean', default: false, description: 'It is a variable' },
      insertafter: { type: 'string', description: 'The variable that a new one stands behind' },
      insertbefore: { type: 'string', description: 'The variable that a new one stands before' },
    },
  },
  probe({ cron_file, user }, host) {
    const file = fileOf(cron_file, host)
    return {
      path: file === undefined ? known<string | undefined>(undefined) : real(file),
      table: file === undefined ? userTable(user === host.user ? undefined : user) : text(file),
    }
  },
  plan(args, { path, table }, host): Plan {
    const { cron_file, user, job, state, env, name } = args
    const timed = [args.minute, args.hour, args.day, args.month, args.weekday].some(time => time !== '*')
    if (path === '/etc/crontab') return refuse('Will not manage /etc/crontab via cron_file, see documentation.')
    if (args.special_time !== undefined && timed)
      return refuse('You must specify time and date fields or special time.')
    if (state === 'present' && path !== undefined && user === undefined)
      return refuse('To use cron_file=... parameter you must specify user=... as well')
    if (state === 'present' && job === undefined)
      return refuse("You must specify 'job' to install a new cron job or variable")
    if (state === 'present' && !env && (args.insertafter ?? args.insertbefore) !== undefined)
      return refuse('Insertafter and insertbefore parameters are valid only with env=yes')
    if (env && name.includes(' ')) return refuse('Invalid name for environment variable')
    if (path === undefined && table === undefined)
      return refuse(`${host.name} has no crontab`, 'install cron, or give cron_file')
    const before = tableLines(table ?? '')
    const lines = withEntry(before, { ...args, line: env ? `${name}="${job}"` : lineOf(args) })
    if (typeof lines === 'string') return refuse(lines)
    const open = (table ?? '') !== '' && !/[\r\n]$/.test(table ?? '')
    const same = !open && lines.length === before.length && lines.every((line, i) => line === before[i])
    const named = cron_file === undefined ? {} : { cron_file }
    const gone = path !== undefined && !env && state === 'absent' && !lines.some(line => line.trim() !== '')
    const result = gone && !same ? { ...named, state } : { ...namesIn(lines), ...named }
    const wish = { ...args, table, after: tableText(lines), gone, path }
    return warned(same ? ok(result) : writing(wish, result, host), warningsOf(args))
  },
})

const fileOf = (file: string | undefined, host: HostInfo): string | undefined =>
  file === undefined ? undefined : posix.resolve('/etc/cron.d', at(file, host))
