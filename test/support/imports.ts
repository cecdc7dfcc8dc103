import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** One source file, as the tests of the house see it. Paths have `/` and begin with `src/`. */
export interface Source {
  readonly path: string
  readonly room: string
  readonly text: string
  /** The text without comments: strings stay, for imports stand in them. */
  readonly code: string
  readonly lines: number
  readonly imports: readonly Import[]
}

export interface Import {
  /** As written. */
  readonly written: string
  /** Path of the file, for one of ours. */
  readonly file?: string
  /** Name of the package, for a package (`node:fs` for one of Node's own). */
  readonly package?: string
}

const STATEMENT = /^(?:import|export)\s(?:[^'"`;=(]*?\sfrom\s+)?'([^'\n]+)'|\bimport\(\s*'([^'\n]+)'\s*\)/gm

/** Comments blanked out, line numbers kept. Knows strings, templates and regular expressions well enough for formatted code. */
export function withoutComments(text: string): string {
  const token =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*|(?<=[=(,:!&|?[{};\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\//g
  return text.replace(token, found => (/^\/[/*]/.test(found) ? found.replace(/[^\n]/g, ' ') : found))
}

const packageOf = (written: string): string =>
  written.startsWith('node:') ? written : written.split('/', written.startsWith('@') ? 2 : 1).join('/')

function importsOf(path: string, code: string): Import[] {
  return [...code.matchAll(STATEMENT)].map(match => {
    const written = match[1] ?? match[2] ?? ''
    if (!written.startsWith('.')) return { written, package: packageOf(written) }
    return { written, file: normalize(join(dirname(path), written)) }
  })
}

/** Every TypeScript file under `src/`. */
export function sources(root: string): Source[] {
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => `src/${path.replaceAll('\\', '/')}`)
    .sort()
  return paths.map(path => {
    const text = readFileSync(join(root, path), 'utf8')
    const code = withoutComments(text)
    const lines = text.split('\n').length - 1
    return { path, room: path.split('/')[1] ?? '', text, code, lines, imports: importsOf(path, code) }
  })
}

/** A circle of files that import each other, as the path that walks it; undefined when there is none. */
export function circle(files: readonly Source[]): string[] | undefined {
  const byPath = new Map(files.map(file => [file.path, file]))
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const { file } of byPath.get(path)?.imports ?? []) {
      const found = file === undefined ? undefined : walk(file, [...trail, path])
      if (found) return found
    }
    done.add(path)
    return undefined
  }
  for (const { path } of files) {
    const found = walk(path, [])
    if (found) return found
  }
  return undefined
}
