import { linesOf } from './lines.ts'

/** A line of a source list that names a source. */
export interface SourceLine {
  readonly enabled: boolean
  /** The source, white space made single. */
  readonly source: string
}

/** Reads a line; undefined when it names no source. */
export function sourceIn(line: string): SourceLine | undefined {
  const [, off = '', rest = ''] = /^\s*(#?)([^#]*)/.exec(line) ?? []
  const source = rest.trim().split(/\s+/).join(' ')
  return /^deb(-src)? ./.test(source) ? { enabled: off === '', source } : undefined
}

/** The texts of source lists by their paths; undefined for a file that goes. */
export type Lists = ReadonlyMap<string, string | undefined>

/** The lists in which a source is enabled: where it stands already, else at the end of `file`. */
export function withSource(lists: ReadonlyMap<string, string>, wanted: string, file: string): Lists {
  const changed = new Map<string, string>()
  let found = false
  for (const [path, text] of lists) {
    const lines = linesOf(text).map(line => {
      const seen = sourceIn(line)
      if (seen?.source !== wanted) return line
      found = true
      return seen.enabled ? line : line.replace(/^(\s*)#\s*/, '$1')
    })
    if (lines.join('') !== text) changed.set(path, lines.join(''))
  }
  if (found) return changed
  const now = lists.get(file) ?? ''
  return new Map([[file, `${now}${now === '' || now.endsWith('\n') ? '' : '\n'}${wanted}\n`]])
}

/** The lists without a source; a file in which nothing is left goes. */
export function withoutSource(lists: ReadonlyMap<string, string>, unwanted: string): Lists {
  const changed = new Map<string, string | undefined>()
  for (const [path, text] of lists) {
    const lines = linesOf(text)
    const kept = lines.filter(line => {
      const seen = sourceIn(line)
      return !(seen?.enabled && seen.source === unwanted)
    })
    if (kept.length < lines.length) changed.set(path, kept.length === 0 ? undefined : kept.join(''))
  }
  return changed
}

/** The file that a source goes into when none is named: after its address, without protocol, user and password. */
export function fileFor(source: string): string {
  const words = source.replaceAll(/\[[^\]]+\]/g, '').replaceAll(/\w+:\/\//g, '')
  const [address = ''] = words.split(/\s+/).filter(word => word !== '' && word !== 'deb' && word !== 'deb-src')
  const plain = address.slice(address.indexOf('@') + 1)
  return plain
    .split(/[^a-zA-Z0-9]+/)
    .filter(Boolean)
    .join('_')
}
