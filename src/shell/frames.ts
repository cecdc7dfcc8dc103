import { randomBytes } from 'node:crypto'
import type { Secret } from '../base/secret.ts'
import { quote, type Script } from './script.ts'

/** What `encodeTrip` needs of a fragment; `transport/session.ts` says what each field means to callers. */
export interface FramedFragment {
  readonly script: Script
  readonly unlessFailed?: boolean
  readonly critical?: boolean
  readonly stdin?: string | Secret
}

/** Sixteen random bytes as hex: what a target says between two of these was said by the fragment and by nobody else. */
export const newMark = (): string => randomBytes(16).toString('hex')

/**
 * A line that carries the mark, on both streams. The mark stands in the text in two halves, so that a fragment that
 * prints the shell's functions, or a trace of them, cannot be mistaken for a frame.
 */
const sayMark = (mark: string, out: string, err: string): string => {
  const halves = `${mark.slice(0, 16)} ${mark.slice(16)}`
  return `printf '%s%s %s\\n' ${halves} "${out}"; printf '%s%s %s\\n' ${halves} "${err}" >&2`
}

/**
 * Shell text that runs the fragments in order and frames what each says. The whole of it is one function, called by the
 * last line: a text that is cut off anywhere before its end runs nothing. Each fragment is `eval`ed in a subshell of its
 * own, so that a syntax error, an `exit` or a `cd` stays its own affair; nothing but its own input is on its stdin.
 * @param inherit the fragments read the stdin of the shell itself (a payload channel, which carries no script).
 * Throws RangeError when a script or its input holds a NUL byte.
 */
export function encodeTrip(fragments: readonly FramedFragment[], mark: string, inherit = false): string {
  const lines = ['regplay_trip() {', 'regplay_failed=0', sayMark(mark, 'begin $$', 'begin')]
  fragments.forEach((fragment, i) => {
    const run = `${runText(fragment, inherit)}\nregplay_status=$?`
    const note = fragment.critical ? '\ncase $regplay_status in 0) ;; *) regplay_failed=1 ;; esac' : ''
    const skipped = fragment.unlessFailed === true
    lines.push(
      skipped ? `case $regplay_failed in 0)\n${run}${note}\n;; *) regplay_status=- ;; esac` : `${run}${note}`,
      sayMark(mark, `${i} $regplay_status`, String(i)),
    )
  })
  lines.push('}', 'regplay_trip', '')
  return lines.join('\n')
}

function runText({ script, stdin }: FramedFragment, inherit: boolean): string {
  const subshell = `( eval ${quoteWhole(script.wire)} )`
  if (stdin === undefined) return inherit ? subshell : `${subshell} </dev/null`
  const text = typeof stdin === 'string' ? stdin : stdin.reveal()
  if (text === '') return `${subshell} </dev/null`
  return `printf %s ${quoteWhole(text)} 2>/dev/null | ${subshell}`
}

/** Always in quotes, so that no word of a script can be taken for an option or a keyword. */
const quoteWhole = (text: string): string => {
  const word = quote(text)
  return word.startsWith("'") ? word : `'${word}'`
}
