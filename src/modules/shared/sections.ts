import type { Sections } from '../../questions/facts.ts'

/** The lines of a section. */
export const linesOf = (sections: Sections, name: string): string[] => (sections.get(name) ?? '').split('\n')
/** The first line of a section, '' where it said nothing. */
export const first = (sections: Sections, name: string): string => linesOf(sections, name)[0] ?? ''

/** `NAME=value` files, quotes taken off. */
export const assignments = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/^([A-Za-z_][A-Za-z0-9_]*)=(["']?)(.*)\2\s*$/gm)].map(([, name = '', , value = '']) => [
      name,
      value,
    ]),
  )
