import type { Span } from '../base/span.ts'
import type { Value } from '../base/value.ts'
import { toText } from '../jinja/python/text.ts'
import { scalar } from '../source/node.ts'
import { quietly } from './faults.ts'
import { renderedOf, type Speech } from './language.ts'

/** The tags of a task or play, those that are templates rendered. What cannot be rendered yet is no tag. */
export function tagsOf(
  { tags, span }: { readonly tags: readonly string[]; readonly span: Span },
  speech: () => Speech,
): readonly string[] {
  if (!tags.some(isTemplate)) return tags
  const said = speech()
  return tags.flatMap(tag => (isTemplate(tag) ? tagsFrom(quietly(() => renderedOf(scalar(tag, span), said))) : [tag]))
}

const isTemplate = (tag: string): boolean => tag.includes('{{')

/** Tags that a template gave: a list, or text with commas. */
const tagsFrom = (value: Value | undefined): string[] =>
  (Array.isArray(value) ? value : [value ?? null])
    .flatMap(item => (item === null ? [] : toText(item).split(',')))
    .map(tag => tag.trim())
    .filter(tag => tag !== '')

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
