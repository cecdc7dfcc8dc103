import { formatDiagnostic } from '../base/diagnostic.ts'
import type { Emit, Event, HostResult, Included, ItemResult, Retry, TaskStart } from '../base/event.ts'
import { endLine, recapLines, statsLines } from './recap.ts'
import { diffText, resultText, showsResult } from './result-text.ts'
import type { Paint, Tone } from './style.ts'
import { visible, visibleLine } from './visible.ts'

export interface PlainOptions {
  /** Lines for people and scripts; a text holds its line ends. */
  readonly out: (text: string) => void
  /** Warnings. */
  readonly err: (text: string) => void
  readonly paint: Paint
  /** Number of `-v`. */
  readonly verbosity: number
  readonly diff: boolean
  /** Columns of the terminal; banners fill up to them. */
  readonly width?: number
}

/** Texts of single events, as Ansible's default output words them. */
export function plainText(options: PlainOptions) {
  const { paint, verbosity } = options
  const width = Math.max(79, (options.width ?? 0) - 1)

  const banner = (text: string): string => {
    const shown = visibleLine(text)
    return `\n${shown} ${'*'.repeat(Math.max(3, width - shown.length))}\n`
  }

  const task = (event: TaskStart): string => {
    const path = verbosity >= 2 ? `${paint(`task path: ${visibleLine(event.path)}`, 'debug')}\n` : ''
    return `${banner(`${event.handler ? 'RUNNING HANDLER' : 'TASK'} [${event.task}]`)}${path}`
  }

  const hostOf = (event: HostResult | ItemResult): string =>
    visibleLine(event.delegate === undefined ? event.host : `${event.host} -> ${event.delegate}`)

  const diff = (event: HostResult | ItemResult): string =>
    options.diff && event.diff && event.diff.length > 0 ? `${diffText(event.diff, paint)}\n` : ''

  const remedy = (event: HostResult | ItemResult): string =>
    event.remedy === undefined
      ? ''
      : `\n${paint(`  remedy: ${visible(event.remedy).replaceAll('\n', '\n  ')}`, 'warn')}`

  const json = (event: HostResult | ItemResult): string => resultText(event, verbosity)

  const item = (event: ItemResult): string => {
    const [host, label] = [hostOf(event), `(item=${visibleLine(event.label)})`]
    const shown = showsResult(event, verbosity) ? ` => ${json(event)}` : ''
    const texts: Record<ItemResult['status'], readonly [string, Tone]> = {
      ok: [`ok: [${host}] => ${label}${shown}`, 'ok'],
      changed: [`changed: [${host}] => ${label}${shown}`, 'changed'],
      skipped: [`skipping: [${host}] => ${label} ${verbosity > 0 ? `=> ${json(event)}` : ''}`, 'skip'],
      failed: [`failed: [${host}] ${label} => ${json(event)}`, 'error'],
      unreachable: [`failed: [${host}] ${label} => ${json(event)}`, 'unreachable'],
    }
    const [text, tone] = texts[event.status]
    return `${diff(event)}${paint(text, tone)}${remedy(event)}\n`
  }

  /** The line of a host; a loop that had turns has said all but its end in the lines of its items. */
  const line = (event: HostResult): string => {
    const host = hostOf(event)
    const looped = (event.items ?? 0) > 0
    const shown = showsResult(event, verbosity) ? ` => ${json(event)}` : ''
    if (event.status === 'ok') return looped ? '' : paint(`ok: [${host}]${shown}`, 'ok')
    if (event.status === 'changed') return looped ? '' : paint(`changed: [${host}]${shown}`, 'changed')
    if (event.status === 'skipped')
      return paint(`skipping: [${host}]${verbosity > 0 ? ` => ${json(event)}` : ''}`, 'skip')
    if (event.status === 'unreachable') return paint(`fatal: [${host}]: UNREACHABLE! => ${json(event)}`, 'unreachable')
    return looped ? '' : paint(`fatal: [${host}]: FAILED! => ${json(event)}`, 'error')
  }

  const result = (event: HostResult): string => {
    const text = line(event)
    const ignoring = event.ignored ? `${paint('...ignoring', 'skip')}\n` : ''
    const body = text === '' ? '' : `${diff(event)}${text}${remedy(event)}\n`
    return `${body}${ignoring}`
  }

  const retry = (event: Retry): string => {
    const was = verbosity > 2 ? ` Result was: ${visible(JSON.stringify(event.result))}` : ''
    const text = `FAILED - RETRYING: [${visibleLine(event.host)}]: ${visibleLine(event.task)} (${event.left} retries left).`
    return `${paint(text + was, 'debug')}\n`
  }

  const included = (event: Included): string => {
    const label = event.label === undefined ? '' : ` => (item=${visibleLine(event.label)})`
    return `${paint(`included: ${visibleLine(event.file)} for ${event.hosts.map(visibleLine).join(', ')}${label}`, 'skip')}\n`
  }

  return { banner, task, item, result, retry, included }
}

/** Text that reads like Ansible's default output, so that people and scripts that know it feel at home. */
export function plain(options: PlainOptions): Emit {
  const { out, err, paint, verbosity } = options
  const text = plainText(options)
  let check = false

  const say: { readonly [T in Event['type']]?: (event: Extract<Event, { type: T }>) => void } = {
    'run-start': event => {
      check = event.check
    },
    'play-start': event => {
      out(text.banner(event.name === '' ? 'PLAY' : `PLAY [${event.name}]`))
      if (event.hosts.length === 0) out(`${paint('skipping: no hosts matched', 'skip')}\n`)
    },
    'task-start': event => out(text.task(event)),
    'item-result': event => out(text.item(event)),
    'host-result': event => out(text.result(event)),
    retry: event => out(text.retry(event)),
    included: event => out(text.included(event)),
    notified: event => {
      if (verbosity > 1)
        out(`${paint(`NOTIFIED HANDLER ${visibleLine(event.handler)} for ${visibleLine(event.host)}`, 'verbose')}\n`)
    },
    drift: event =>
      out(
        `${paint(`fatal: [${visibleLine(event.host)}]: NOT TRUE ANY MORE at the end of the play: ${visibleLine(event.task)}`, 'error')}\n${diffText(event.diff, paint)}\n`,
      ),
    warning: event => {
      const host = event.host === undefined ? '' : `[${visibleLine(event.host)}] `
      err(`${paint(`[WARNING]: ${host}${visible(event.msg)}`, 'warn')}\n`)
    },
    fault: event =>
      err(`${paint(visible(formatDiagnostic(event.fault)), event.fault.severity === 'error' ? 'error' : 'warn')}\n`),
    recap: event => out(`${text.banner('PLAY RECAP')}${recapLines(event, paint).join('\n')}\n`),
    stats: event => {
      if (verbosity > 0) out(`\n${statsLines(event).join('\n')}\n`)
    },
    'run-end': event => out(`\n${endLine(event, check)}\n`),
  }

  return event => (say[event.type] as ((event: Event) => void) | undefined)?.(event)
}
