import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw } from '../shell/script.ts'

/** What is mounted somewhere. */
export interface Mounted {
  readonly source: string
  readonly fstype: string
  /** The part of the file system that is seen there: `/` unless it is a bind mount. */
  readonly root: string
}

/** What is mounted where; the last mount of a place is the one that is seen. */
export const mounted: TargetQuestion<ReadonlyMap<string, Mounted>> = ask(
  raw('cat /proc/self/mountinfo'),
  ['path:/'],
  answer => {
    if (!answer.ok) throw new CouldNotTell(`cannot see what is mounted: ${answer.stderr.trim()}`)
    return mountsIn(answer.stdout)
  },
)

/** Reads /proc/self/mountinfo, in which unusual signs stand as octal numbers. */
export function mountsIn(text: string): ReadonlyMap<string, Mounted> {
  const found = new Map<string, Mounted>()
  for (const line of text.split('\n')) {
    const [left = '', right = ''] = line.split(' - ')
    const [, , , root = '', place] = left.split(' ').map(plain)
    const [fstype = '', source = ''] = right.split(' ').map(plain)
    if (place !== undefined) found.set(place, { source, fstype, root })
  }
  return found
}

const plain = (word: string): string =>
  word.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
