/** Words of a machine as part of an error message: no escape codes, one line, the end of it when it is long. */
export function plain(text: string, limit = 400): string {
  const line = text
    .replace(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?/g, '')
    .split(/[\r\n]+/)
    .map(part => part.replace(/[\x00-\x1f\x7f-\x9f]/g, '').trim())
    .filter(part => part !== '')
    .join(' | ')
  return line.length > limit ? `... ${line.slice(-limit)}` : line
}
