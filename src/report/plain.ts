import { formatDiagnostic } from '../base/diagnostic.ts'
import type { Emit, Event, HostResult, Included, ItemResult, Meta, Retry, TaskStart } from '../base/event.ts'
import { jsonLine } from '../base/value.ts'
import { metaText } from './meta-text.ts'
import { customStatsText, endLine, recapLines, statsLines } from './recap.ts'
import { adviceOf, diffText, resultText, showsResult } from './result-text.ts'
import type { Tone } from './style.ts'
import type { PlainOptions, View } from './view.ts'
import { visible, visibleLine } from './visible.ts'

/** Texts of single events, as Ansible's default output words them. */
export function plainText(options: View) {
  const { paint, verbosity } = options
  const width = Math.max(79, (options.width ?? 0) - 1)

  const banner = (text: string): string => {
    const shown = visibleLine(text)
    return `\n${shown} ${'*'.repeat(Math.max(3, width - shown.length))}\n`
  }

  const pathOf = (event: { readonly path: string }): string =>
    `${paint(`task path: ${visibleLine(event.path)}`, 'debug')}\n`

  const task = (event: TaskStart | Meta, mark = ''): string =>
    `${banner(`${event.handler ? 'RUNNING HANDLER' : 'TASK'} [${event.task}]${mark}`)}${verbosity >= 2 ? pathOf(event) : ''}`

  /** Whoever does it for itself is named once. */
  const hostOf = ({ host, delegate, delegateAddress: address }: HostResult | ItemResult): string =>
    visibleLine(
      delegate === undefined || delegate === host
        ? host
        : `${host} -> ${delegate}${address === undefined ? '' : `(${address})`}`,
    )

  const diff = (event: HostResult | ItemResult): string =>
    event.diff && event.diff.length > 0 ? `${diffText(event.diff, options)}\n` : ''

  const advice = (event: HostResult | ItemResult): string =>
    adviceOf(event)
      .map(line => `\n${paint(line, 'warn')}`)
      .join('')

  const json = (event: HostResult | ItemResult): string => resultText(event, options)

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
    return `${diff(event)}${paint(text, tone)}${advice(event)}\n`
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
    // Of a loop of `debug` nothing but the message is shown, here as in Ansible, and that at its end, too.
    return looped && event.action !== 'debug' ? '' : paint(`fatal: [${host}]: FAILED! => ${json(event)}`, 'error')
  }

  const result = (event: HostResult): string => {
    const text = line(event)
    const path = options.pathOfFailure && event.status === 'failed' && verbosity < 2 ? pathOf(event) : ''
    return text === '' ? '' : `${diff(event)}${path}${text}${advice(event)}\n`
  }

  const ignoring = (event: HostResult): string => (event.ignored ? `${paint('...ignoring', 'skip')}\n` : '')

  const retry = (event: Retry): string => {
    const was = verbosity > 2 ? ` Result was: ${visible(jsonLine(event.result))}` : ''
    const text = `FAILED - RETRYING: [${visibleLine(event.host)}]: ${visibleLine(event.task)} (${event.left} retries left).`
    return `${paint(text + was, 'debug')}\n`
  }

  const included = (event: Included): string => {
    const label = event.label === undefined ? '' : ` => (item=${visibleLine(event.label)})`
    return `${paint(`included: ${visibleLine(event.file)} for ${event.hosts.map(visibleLine).join(', ')}${label}`, 'skip')}\n`
  }

  return { banner, task, item, result, ignoring, retry, included }
}

/** What is `ok` or skipped may be left out; then a title waits until there is something to show below it. */
function hides(event: HostResult | ItemResult, view: View): boolean {
  if (event.status === 'ok') return view.ok === false
  return event.status === 'skipped' && view.skipped === false
}

/** Includes of several hosts that come one after the other are one line, as in Ansible. */
class IncludedLines {
  #waiting: Included | undefined

  /** The line that is complete now that `event` has come, if there is one. */
  next(event: Event): Included | undefined {
    const before = this.#waiting
    if (event.type === 'host-start' || event.type === 'notified' || event.type === 'meta') return undefined
    // A role is no line of its own: its name stands in the title.
    if (event.type !== 'included' || event.action === 'include_role') {
      this.#waiting = undefined
      return before
    }
    const same = before?.id === event.id && before.file === event.file && before.label === event.label
    this.#waiting = same ? { ...event, hosts: [...before.hosts, ...event.hosts] } : event
    return same ? undefined : before
  }
}

/** Text that reads like Ansible's default output, so that people and scripts that know it feel at home. */
export function plain(options: PlainOptions): Emit {
  const { out, err, paint, verbosity } = options
  const text = plainText(options)
  const includes = new IncludedLines()
  const lazy = options.ok === false || options.skipped === false
  let check = false
  let title = ''
  const handlers = new Set<number>()
  /** The task whose title was said last. */
  let titled: number | undefined

  const mark = (event: { readonly check?: boolean }) =>
    options.checkMarkers && (event.check ?? check) ? ' [CHECK MODE]' : ''
  const below = (said: string, to = out): void => {
    out(title)
    title = ''
    to(said)
  }
  const told = (event: HostResult | ItemResult, said: string): void => {
    if (said === '' || hides(event, options)) return
    const failure = event.status === 'failed' || event.status === 'unreachable'
    below(said, failure && options.failuresApart ? err : out)
  }
  const dryRun = (): void => {
    if (check && options.checkMarkers) out(text.banner('DRY RUN'))
  }

  const say: { readonly [T in Event['type']]?: (event: Extract<Event, { type: T }>) => void } = {
    'run-start': event => {
      check = event.check
      dryRun()
    },
    'play-start': event => {
      title = ''
      out(text.banner(event.name === '' ? `PLAY${mark(event)}` : `PLAY [${event.name}]${mark(event)}`))
      if (event.hosts.length === 0) out(`${paint('skipping: no hosts matched', 'skip')}\n`)
    },
    'task-start': event => {
      if (event.handler) handlers.add(event.id)
      title = text.task(event, mark(event))
      titled = event.id
      if (!lazy) below('')
    },
    'host-start': event => {
      if (!options.perHostStart) return
      const what = handlers.has(event.id) ? 'HANDLER' : 'TASK'
      below(`${paint(` [started ${what}: ${visibleLine(event.task)} on ${visibleLine(event.host)}]`, 'plain')}\n`)
    },
    'item-result': event => told(event, text.item(event)),
    'host-result': event => {
      told(event, text.result(event))
      // That it does not matter belongs to what went well, wherever failures are shown
      if (event.ignored) below(text.ignoring(event))
    },
    retry: event => below(text.retry(event)),
    notified: event => {
      if (verbosity > 1)
        below(`${paint(`NOTIFIED HANDLER ${visibleLine(event.handler)} for ${visibleLine(event.host)}`, 'verbose')}\n`)
    },
    meta: event => {
      if (verbosity < 2) return
      if (event.id !== titled) title = text.task(event, mark({}))
      titled = event.id
      below(`${paint(`META: ${visibleLine(metaText(event))}`, 'verbose')}\n`)
    },
    waiting: event => below(`${visible(event.msg)}\n`),
    drift: event =>
      out(
        `${paint(`drift: [${visibleLine(event.host)}]: NOT TRUE ANY MORE at the end of the play: ${visibleLine(event.task)}`, 'warn')}\n${diffText(event.diff, options)}\n`,
      ),
    warning: event => {
      const host = event.host === undefined ? '' : `[${visibleLine(event.host)}] `
      err(`${paint(`[WARNING]: ${host}${visible(event.msg)}`, 'warn')}\n`)
    },
    fault: event =>
      err(`${paint(visible(formatDiagnostic(event.fault)), event.fault.severity === 'error' ? 'error' : 'warn')}\n`),
    'play-end': event => {
      if (event.stopped) out(text.banner('NO MORE HOSTS LEFT'))
    },
    recap: event => {
      out(`${text.banner('PLAY RECAP')}${recapLines(event, paint).join('\n')}\n`)
    },
    'custom-stats': event => {
      if (options.customStats) out(`\n${text.banner('CUSTOM STATS:')}${customStatsText(event)}`)
    },
    stats: event => {
      if (verbosity > 0) out(`\n${statsLines(event).join('\n')}\n`)
    },
    'run-end': event => {
      out(options.closing || verbosity > 0 ? `\n${endLine(event, check)}\n` : '\n')
      dryRun()
    },
  }

  return event => {
    const included = includes.next(event)
    if (included) below(text.included(included))
    ;(say[event.type] as ((event: Event) => void) | undefined)?.(event)
  }
}
