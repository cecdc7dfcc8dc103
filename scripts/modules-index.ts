import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../src/modules/', import.meta.url))

/** The text of `src/modules/index.ts`: one import a file of the folder, in the order of their names. */
export function modulesIndex(folder = FOLDER): string {
  const names = readdirSync(folder)
    .filter(file => file.endsWith('.ts') && file !== 'index.ts')
    .map(file => file.slice(0, -'.ts'.length))
    .sort()
  const imports = names.map(name => `import ${local(name)} from './${name}.ts'\n`)
  return `// Made by scripts/modules-index.ts from the files of this folder; do not edit.
import type { Module } from '../kit/module.ts'
${imports.join('')}
/** Every module, by the order of its file's name. */
export const modules: readonly Module[] = [
${names.map(name => `  ${local(name)},\n`).join('')}]
`
}

/** A name that is no word of the language. */
const local = (name: string): string => `${name.replaceAll('-', '_')}Module`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(FOLDER, 'index.ts')
  const text = modulesIndex()
  if (process.argv.includes('--check') && readFileSync(path, 'utf8') !== text) {
    console.error('src/modules/index.ts is not what the folder holds: run node --import tsx scripts/modules-index.ts')
    process.exitCode = 1
  } else writeFileSync(path, text)
}
