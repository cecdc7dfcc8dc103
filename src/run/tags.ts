/** `--tags` and `--skip-tags` as Ansible means them, with `always`, `never`, `tagged`, `untagged` and `all`. */
export function selected(tags: readonly string[], only: readonly string[], skip: readonly string[]): boolean {
  const has = (wanted: readonly string[]): boolean => tags.some(tag => wanted.includes(tag))
  const tagged =
    tags.some(tag => tag !== 'always' && tag !== 'never') ||
    (tags.length > 0 && !tags.includes('always') && !tags.includes('never'))
  const chosen = only.length === 0 ? ['all'] : only
  const wanted =
    tags.includes('always') && !skip.includes('always')
      ? true
      : tags.includes('never')
        ? has(chosen)
        : chosen.includes('all') ||
          has(chosen) ||
          (chosen.includes('tagged') && tagged) ||
          (chosen.includes('untagged') && !tagged)
  if (!wanted) return false
  if (skip.includes('all')) return tags.includes('always') && !skip.includes('always')
  return !(has(skip) || (skip.includes('tagged') && tagged) || (skip.includes('untagged') && !tagged))
}
