/**
 * File modes as Ansible writes them: octal (`0644`, `644`, `u=rw,g=r`-like symbolic) and their meaning for a file that has
 * some mode now.
 */

const CLAUSE = '[ugoa]*(?:[-+=](?:[ugo]|[rwxXst]*))+'

/** What a mode may look like, for schemas. Nothing is no wish. */
export const MODE_PATTERN = `^(?:|0?o?[0-7]{1,4}|${CLAUSE}(?:,${CLAUSE})*)$`

/** Mode bits of a class, with its special bit. */
const CLASSES = {
  u: { shift: 6, special: 0o4000 },
  g: { shift: 3, special: 0o2000 },
  o: { shift: 0, special: 0o1000 },
} as const

type Class = keyof typeof CLASSES

/** What new files and directories lose when a clause names no class, as with the usual umask. */
const UMASK = 0o022

/** The mode that `wanted` gives to something that has `now`. `wanted` is known to match `MODE_PATTERN`. */
export function modeFrom(wanted: string, now: number, directory: boolean): number {
  if (/^0?o?[0-7]+$/.test(wanted)) return Number.parseInt(wanted.replace('o', ''), 8)
  return wanted.split(',').reduce((mode, clause) => applyClause(clause, mode, directory), now)
}

function applyClause(clause: string, now: number, directory: boolean): number {
  const named = /^[ugoa]*/.exec(clause)?.[0] ?? ''
  const classes: Class[] = named === '' || named.includes('a') ? ['u', 'g', 'o'] : ([...new Set(named)] as Class[])
  let mode = now
  for (const [, operator, what = ''] of clause.slice(named.length).matchAll(/([-+=])([^-+=]*)/g)) {
    const before = mode
    for (const name of classes) {
      const { shift, special } = CLASSES[name]
      const given = bitsOf(what, name, before, directory) & (named === '' ? ~UMASK : ~0)
      if (operator === '+') mode |= given
      else if (operator === '-') mode &= ~given
      else mode = (mode & ~((7 << shift) | special)) | given
    }
  }
  return mode & 0o7777
}

/** The bits that `rwxXst`, or a copy of another class, means for one class. */
function bitsOf(what: string, name: Class, now: number, directory: boolean): number {
  const { shift, special } = CLASSES[name]
  if (/^[ugo]$/.test(what)) return ((now >> CLASSES[what as Class].shift) & 7) << shift
  let bits = 0
  for (const letter of what) {
    if (letter === 'r') bits |= 4 << shift
    if (letter === 'w') bits |= 2 << shift
    if (letter === 'x' || (letter === 'X' && (directory || (now & 0o111) !== 0))) bits |= 1 << shift
    if ((letter === 's' && name !== 'o') || (letter === 't' && name === 'o')) bits |= special
  }
  return bits
}

/** A mode as Ansible prints it: `0644`, `01777`. */
export const modeText = (mode: number): string => `0${mode.toString(8).padStart(3, '0')}`
