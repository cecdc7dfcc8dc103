import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { modulePages } from '../scripts/docs-modules.ts'
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

test('docs/modules says what the modules say, a page each, and no other', async () => {
  const pages = await modulePages()
  assert.equal(readdirSync(join(root, 'docs/modules')).sort(), [...pages.keys()].sort(), 'npm run docs')
  for (const [file, text] of pages)
    if (read(`docs/modules/${file}`) !== text) assert.unreachable(`docs/modules/${file} is old: npm run docs`)
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

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map(path => `docs/${path}`),
].filter(page => page.endsWith('.md'))

/** A page without its examples of code. */
const prose = (page: string): string => read(page).replaceAll(/^```[\s\S]*?^```$/gm, '')

/** Where links may point within a page: its headings, as they are written into addresses. */
const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set(
    [...prose(page).matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  )

test('links to parts of pages name parts that are there', () => {
  const links = PAGES.flatMap(page =>
    [...prose(page).matchAll(/\]\(((?!https?:)[^)#\s]*)#([^)\s]+)\)/g)].map(([link, path = '', part = '']) => ({
      page,
      link,
      target: path === '' ? page : join(dirname(page), path),
      part,
    })),
  )
  assert.ok(links.length > 0)
  const broken = links.filter(({ target, part }) => target.endsWith('.md') && !anchorsOf(target).has(part))
  assert.equal(
    broken.map(({ page, link }) => `${page}: ${link}`),
    [],
  )
})

test('links between pages lead somewhere', () => {
  const broken = PAGES.flatMap(page =>
    [...prose(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .filter(match => !existsSync(join(root, dirname(page), match[1] ?? '')))
      .map(match => `${page}: ${match[1]}`),
  )
  assert.equal(broken, [])
})

test.run()
