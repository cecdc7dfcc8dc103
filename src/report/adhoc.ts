import type { Emit, HostResult, Status } from '../base/event.ts'
import { type PlainOptions, plain } from './plain.ts'
import { pythonJson } from './result-text.ts'
import type { Tone } from './style.ts'
import { visible, visibleLine } from './visible.ts'

const WORDS: Record<Status, readonly [string, Tone]> = {
  ok: ['SUCCESS', 'ok'],
  changed: ['CHANGED', 'changed'],
  skipped: ['SKIPPED', 'skip'],
  failed: ['FAILED!', 'error'],
  unreachable: ['UNREACHABLE!', 'unreachable'],
}

/** One module on some hosts, as `ansible -m` prints it: `web | SUCCESS => {json}`. */
export function adhoc(options: PlainOptions): Emit {
  const rest = plain(options)
  const line = (event: HostResult): string => {
    const [word, tone] = WORDS[event.status]
    const result =
      event.status === 'failed' || event.status === 'unreachable' ? { msg: event.msg, ...event.result } : event.result
    const text = `${visibleLine(event.host)} | ${word} => ${visible(pythonJson(result, true))}`
    const remedy = event.remedy === undefined ? '' : `\n${options.paint(`  remedy: ${visible(event.remedy)}`, 'warn')}`
    return `${options.paint(text, tone)}${remedy}\n`
  }
  return event => {
    if (event.type === 'host-result') options.out(line(event))
    else if (event.type === 'warning' || event.type === 'fault' || event.type === 'drift') rest(event)
  }
}
