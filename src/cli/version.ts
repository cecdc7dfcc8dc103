import { readFileSync } from 'node:fs'

/** Our version, from the package.json above this file: one floor up from `dist/`, two from `src/cli/`. */
export function version(): string {
  for (const up of ['../package.json', '../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8'))
      if (
        typeof found === 'object' &&
        found !== null &&
        'name' in found &&
        found.name === 'regplay' &&
        'version' in found
      )
        return String(found.version)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return 'unknown'
}
