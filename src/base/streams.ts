/** Python's `splitlines`, for what a terminal program writes. */
const linesOf = (text: string): string[] => {
  const lines = text.split(/\r\n|\n|\r|\v|\f|\x1c|\x1d|\x1e|\x85|\u2028|\u2029/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** What a program said, as results hold it: both streams, whole and by lines. */
export const streams = (stdout: string, stderr: string) => ({
  stdout,
  stderr,
  stdout_lines: linesOf(stdout),
  stderr_lines: linesOf(stderr),
})
