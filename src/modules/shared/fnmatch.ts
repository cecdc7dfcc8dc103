/** A shell pattern as Python's `fnmatch` reads it: `*`, `?`, `[abc]`, `[!abc]`; it matches the whole text. */
export function fnmatch(pattern: string): RegExp {
  const source = pattern.replaceAll(
    /\*|\?|\[(!?)(\]?[^\]]*)\]|[\s\S]/g,
    (sign, not: string | undefined, inside: string | undefined) => {
      if (sign === '*') return '.*'
      if (sign === '?') return '.'
      if (inside !== undefined) return `[${not === '!' ? '^' : ''}${inside.replaceAll(/[\\\][^]/g, '\\$&')}]`
      return sign.replace(/[.*+?^${}()|\\[\]]/, '\\$&')
    },
  )
  return new RegExp(`^${source}$`, 's')
}
