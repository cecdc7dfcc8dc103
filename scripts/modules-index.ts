import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../src/modules/', import.meta.url))

/** The names of the files of a folder, without the index. */
const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter(file => file.endsWith('.ts') && file !== 'index.ts')
    .map(file => file.slice(0, -'.ts'.length))
    .sort()

/** The text of `src/modules/index.ts`: one import a file of the folder, in the order of their names. */
export function modulesIndex(folder = FOLDER): string {
  const names = namesIn(folder)
  const imports = names.map(name => `import ${local(name)} from './${name}.ts'\n`)
  return `// Made by scripts/modules-index.ts from the files of this folder; do not edit.
import type { Module } from '../kit/module.ts'
${imports.join('')}
/** Every module, by the order of its file's name. */
export const modules: readonly Module[] = [
${names.map(name => `  ${local(name)},\n`).join('')}]
`
}

/** The text of `src/modules/docs/index.ts`, in the same way. */
export function docsIndex(folder = join(FOLDER, 'docs')): string {
  const names = namesIn(folder)
  const imports = names.map(name => `import ${name}Doc from './${name}.ts'\n`)
  return `// Made by scripts/modules-index.ts from the files of this folder; do not edit.
import type { ModuleDoc } from '../../kit/module-doc.ts'
${imports.join('')}
/** What is told of each module, by its short name. */
export const moduleDocs: Readonly<Record<string, ModuleDoc>> = {
${names.map(name => `  ${name}: ${name}Doc,\n`).join('')}}
`
}

/** Writes both. */
export function writeIndexes(): void {
  writeFileSync(join(FOLDER, 'index.ts'), modulesIndex())
  writeFileSync(join(FOLDER, 'docs/index.ts'), docsIndex())
}

/** A name that is no word of the language. */
const local = (name: string): string => `${name.replaceAll('-', '_')}Module`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const old = (path: string, text: string): boolean => readFileSync(join(FOLDER, path), 'utf8') !== text
  if (!process.argv.includes('--check')) writeIndexes()
  else if (old('index.ts', modulesIndex()) || old('docs/index.ts', docsIndex())) {
    console.error('the indexes of src/modules are not what the folders hold: npm run modules')
    process.exitCode = 1
  }
}
