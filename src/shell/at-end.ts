import { quote, Script } from './script.ts'

/**
 * Shell text that makes the (sub)shell do something at its end, however that comes: by itself, by whoever ends it, or by a lost
 * connection, which is a hang-up or nobody that reads any more. dash and BusyBox do nothing at the end by a signal that is not trapped.
 */
export const atEnd = (work: Script): Script => new Script(traps(work.wire), traps(work.shown))

const traps = (work: string): string => `trap ${quote(work)} EXIT
trap 'exit 143' HUP INT TERM PIPE`

/** Shell text that takes that back. */
export const notAtEnd = new Script('trap - EXIT HUP INT TERM PIPE')
