import { posix } from 'node:path'
import type { Effect, Fields, Put } from '../../kit/effect.ts'
import type { HostInfo } from '../../kit/host.ts'
import { change, type Edit, type Plan } from '../../kit/plan.ts'
import { hash } from '../../questions/controller.ts'
import { tableOf } from '../../questions/crontab.ts'
import { sh } from '../../shell/script.ts'
import { run } from './attributes.ts'

/** The line of a job. */
export function lineOf(args: Record<'minute' | 'hour' | 'day' | 'month' | 'weekday', string> & Job): string {
  const { special_time: special, minute, hour, day, month, weekday } = args
  const when = special === undefined ? `${minute} ${hour} ${day} ${month} ${weekday}` : `@${special}`
  const who = args.cron_file === undefined ? '' : `${args.user} `
  return `${args.disabled ? '#' : ''}${when} ${who}${(args.job ?? '').replaceAll(/^[\r\n]+|[\r\n]+$/g, '')}`
}

interface Job {
  readonly special_time?: string
  readonly cron_file?: string
  readonly user?: string
  readonly disabled: boolean
  readonly job?: string
}

/** A table that is to be another. */
interface Writing {
  /** The old one; undefined where there is none. */
  readonly table: string | undefined
  readonly after: string
  /** The file holds nothing more. */
  readonly gone: boolean
  /** A file of the system; the table of a user when absent. */
  readonly path: string | undefined
  readonly user?: string
  readonly backup: boolean
}

/** The plan that writes a table; a file of the system that holds nothing more goes. */
export function writing(wish: Writing, result: Fields, host: HostInfo): Plan {
  const { table, after, gone, path } = wish
  const user = wish.user === host.user ? undefined : wish.user
  const who = user ?? host.user
  const from = table === undefined ? 'absent' : 'other jobs'
  const texts = { before: table ?? '', after }
  if (path !== undefined) {
    const backup = wish.backup && table !== undefined ? { backup: true } : {}
    const by: Effect = gone ? run(sh`rm -f -- ${path}`) : { kind: 'put', path, content: { text: after }, ...backup }
    return change([{ what: path, from, to: gone ? 'absent' : 'the wanted jobs', by, texts }], [`path:${path}`], result)
  }
  const by: Effect = { kind: 'run', script: sh`crontab ${tableOf(user)} -`, stdin: after }
  const edit: Edit = { what: `crontab of ${who}`, from, to: 'the wanted jobs', by, texts }
  const touches = ['path:/var/spool/cron', `cron:${user ?? ''}`]
  if (!wish.backup) return change([edit], touches, result)
  const kept = `/tmp/crontab-${who}-${hash('sha256', table ?? '').slice(0, 12)}`
  const copy: Put = { kind: 'put', path: kept, content: { text: table ?? '' }, mode: '0600' }
  const edits: Edit[] = [{ what: kept, from: 'absent', to: 'the old table', by: copy }, edit]
  return change(edits, touches, { ...result, backup_file: kept })
}

/** What is odd about a job. */
export function warningsOf({
  cron_file,
  job,
  env,
  state,
}: {
  cron_file?: string
  job?: string
  env: boolean
  state: string
}): string[] {
  const name = posix.basename(cron_file ?? 'x')
  return [
    ...(/^[A-Z0-9_-]+$/i.test(name)
      ? []
      : [`cron ignores files whose names hold more than letters, digits, underscores and hyphens, such as "${name}"`]),
    ...(!env && state === 'present' && /[\r\n]/.test((job ?? '').replaceAll(/^[\r\n]+|[\r\n]+$/g, ''))
      ? ['Job should not contain line breaks']
      : []),
  ]
}
