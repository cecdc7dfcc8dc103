import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { modulesPage } from '../scripts/docs-modules.ts'
import { modules } from '../src/modules/index.ts'
import { errorCodes, withCatalogue } from './support/error-codes.ts'
import { type Source, sources } from './support/imports.ts'
import { suite } from './support/suite.ts'

const test = suite('docs')
const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('every error code is in docs/errors.md, and no other', () => {
  const page = read('docs/errors.md')
  const wanted = withCatalogue(page, errorCodes(sources(root)))
  if (page !== wanted) assert.unreachable('the catalogue is old: node --import tsx scripts/docs-errors.ts')
})

test('docs/modules/README.md says what the modules say', () => {
  if (read('docs/modules/README.md') !== modulesPage(modules)) assert.unreachable('the page is old: npm run docs')
})

test('the example of docs/architecture.md is the module that it names, and its test', () => {
  const page = read('docs/architecture.md')
  const shown = [...page.matchAll(/^`((?:src|test)\/\S+)`:\n\n```ts\n([\s\S]*?)```$/gm)]
  assert.ok(shown.length >= 2)
  for (const [, path = '', text] of shown) assert.is(text, read(path), path)
})

test('codes are found however they are given', () => {
  const code = `
    fault('a-call', 'one')
    faults.add('a-method', \`two \${x}\`)
    this.#fault(
      file,
      'a-line',
      "it's three",
    )
    return { code: 'a-field', severity: 'error', message: 'fo|ur' }
    if (kind === 'not-a-code') git('rev-parse', 'x')
  `
  const source: Source = { path: 'src/x/y.ts', room: 'x', text: code, code, lines: 1, imports: [] }
  assert.equal(
    errorCodes([source]).map(found => [found.code, found.message]),
    [
      ['a-call', 'one'],
      ['a-field', 'fo\\|ur'],
      ['a-line', "it's three"],
      ['a-method', 'two …'],
    ],
  )
})

test('every package has its decision', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'))
  const pages = readdirSync(join(root, 'docs/decisions')).map(file => read(`docs/decisions/${file}`))
  const named = Object.keys({ ...dependencies, ...devDependencies }).filter(name => !name.startsWith('@types/'))
  assert.equal(
    named.filter(name => !pages.some(page => page.includes(`\`${name}\``))),
    [],
  )
})

test('decisions are numbered, dated by nothing but their order, and have their parts', () => {
  const files = readdirSync(join(root, 'docs/decisions')).sort()
  files.forEach((file, index) => {
    assert.match(file, new RegExp(`^${String(index + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`))
    for (const part of ['## Context', '## Decision', '## Rejected'])
      assert.match(read(`docs/decisions/${file}`), part, file)
  })
})

test('links between pages lead somewhere', () => {
  const pages = [
    'README.md',
    'CHANGELOG.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map(path => `docs/${path}`),
  ]
  const broken = pages
    .filter(page => page.endsWith('.md'))
    .flatMap(page =>
      [
        ...read(page)
          .replaceAll(/^```[\s\S]*?^```$/gm, '')
          .matchAll(/\]\((?!https?:|#)([^)#\s]+)/g),
      ]
        .filter(match => !existsSync(join(root, dirname(page), match[1] ?? '')))
        .map(match => `${page}: ${match[1]}`),
    )
  assert.equal(broken, [])
})

test.run()
