import { existsSync } from 'node:fs'
import type { Builder } from './builder.ts'

/** True for `-i` arguments that are hosts rather than a path: they hold a comma, and are no file. */
export const isHostList = (source: string): boolean => source.includes(',') && !existsSync(source)

/** `-i 'web1,web[3:5],'`: hosts without groups, separated by commas. */
export function readHostList(source: string, builder: Builder): void {
  let col = 1
  for (const part of source.split(',')) {
    const name = part.trim()
    if (name !== '') {
      const span = { file: '-i', line: 1, col: col + part.length - part.trimStart().length }
      builder.hosts(name, span, builder.inventory.ungrouped, source)
    }
    col += part.length + 1
  }
}
