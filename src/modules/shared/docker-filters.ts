import { asText } from './docker.ts'

/** What a list of Docker's is narrowed down by. */
export const FILTERS = {
  type: 'object',
  description: 'As docker takes them: label, until, dangling, name ...; a list is several',
} as const

/** Filters as words. Of images the command says `-a` where the daemon says that they need not be dangling. */
export function filterWords(filters: Readonly<Record<string, unknown>> | undefined, kind?: 'images'): string[] {
  return Object.entries(filters ?? {}).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? value.map(asText) : [asText(value)]
    if (kind === 'images' && name === 'dangling') return /^(false|0|f)$/i.test(values[0] ?? '') ? ['-a'] : []
    return values.flatMap(one => ['--filter', `${name}=${one}`])
  })
}
