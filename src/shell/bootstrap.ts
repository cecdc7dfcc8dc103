/**
 * Reads one line from stdin, byte by byte as POSIX demands of `read`, and runs it; what follows on stdin is the line's.
 * It holds no backslash, exclamation mark or newline: those are where csh, fish and yash read a quoted word differently.
 */
export const READ_ONE_LINE = 'IFS= read -r l && eval "$l"'

/**
 * The one command line that is ever sent. It passes through the login shell, whatever that is (fish, tcsh, zsh ...), so
 * it is made of fixed words; everything else travels on stdin.
 */
export const BOOTSTRAP = `exec /bin/sh -c '${READ_ONE_LINE}'`

/** What becomes a resident shell. BASH_ENV and ENV would let a file of the user's run before ours. */
export const BECOME_RESIDENT = 'unset ENV BASH_ENV; exec /bin/sh'

/** Any shell text as one line that `READ_ONE_LINE` can read, ending with a newline. A line that is cut off runs nothing. */
export function oneLine(text: string): string {
  if (!/[\n\\]/.test(text)) return `${text}\n`
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll("'", "'\\''")
  return `eval "$(printf %b '${escaped}')"\n`
}
