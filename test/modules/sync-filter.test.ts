import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import { hiding, rulesOf } from '../../src/modules/shared/sync-filter.ts'
import { suite } from '../support/suite.ts'
import { has } from '../transport/sshd.ts'

/** Filters over a tree of many names: what is left is what rsync says. */
const test = suite('modules/sync-filter')
const dir = mkdtempSync(join(tmpdir(), 'regplay-filter-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const FILES = [
  ...['a', 'b.log', '.git', 'x y', 'a[1]', 'back\\slash', 'st*r', 'UP', 'q?', 'foo/a', 'foo/b.log', 'foo/bar/a'],
  ...[
    'foo/bar/baz/a.o',
    'foo/bar/baz/b',
    'bar/foo/a',
    'bar/foo/bar',
    'bar/x/foo',
    'sub/.git/config',
    'sub/a/b/c/d',
    'é',
  ],
]
const paths = [...new Set(FILES.flatMap(file => file.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'))))]
for (const file of FILES) {
  mkdirSync(dirname(join(dir, 'src', file)), { recursive: true })
  writeFileSync(join(dir, 'src', file), '')
}

const FILTERS: readonly (readonly string[])[] = [
  ...['a', '/a', 'a/', '*.log', 'foo', '/foo', 'foo/', '/foo/*', 'foo/*', 'foo/**', '/foo/**', 'foo/***', '/foo/***/'],
  ...[
    'foo/bar',
    '/foo/bar',
    'bar/*/a',
    '**/a',
    'foo/**/a',
    '/**/b',
    '*',
    '/*',
    '**',
    '*/',
    '*/*',
    '/*/',
    '?',
    'a[1]',
    'a\\[1]',
  ],
  ...[
    'back\\slash',
    'back\\\\slash',
    'back\\\\sl*',
    'st\\*r',
    'st*r',
    'q\\?',
    '[a-c]*',
    '[!a]',
    '[^a]',
    '[[:upper:]]*',
    '[]x]*',
    '.git',
  ],
  ...['.*', '/sub/a/b', 'b/c', 'a/b/', '*r', 'fo?', 'foo?a', 'x y', 'é', '[é]', 'bar/foo/**', '**/foo/**', 'sub/**/d'],
].map(pattern => [`- ${pattern}`])
const MIXED: readonly (readonly string[])[] = [
  ['+ */', '+ a', '- *'],
  ['+ /foo/', '+ /foo/bar/***', '- *'],
  ['- *.o', '+ /foo/**', '- /foo'],
  ['+ foo/bar', '- foo/*'],
  ['exclude a', 'include b', '- b'],
  ['H a', 'P b.log', '- UP'],
  ['- a', '!', '- b'],
  ['show a', 'hide *', 'risk a'],
  ['-_x y'],
]

const bytes = (text: string): string => Buffer.from(text).toString('latin1')
const bytesOf = FILES.map(bytes)

const compare = (filters: readonly string[]) => (): void => {
  const rules = rulesOf(filters.map(bytes))
  if (typeof rules === 'string') throw new Error(`not known: ${rules}`)
  const words = filters.map(filter => `--filter=${filter}`)
  const said = execFileSync('rsync', ['-an8', '--out-format=%n', ...words, `${dir}/src/`, `${dir}/none/`], {
    encoding: 'utf8',
  })
  const names = said
    .split('\n')
    .flatMap(line =>
      /^(?:|\.\/|created directory .*)$/.test(line) ? [] : [line.replace(/\/$/, '').replaceAll('\\#134', '\\')],
    )
  const hidden = hiding(rules, new Map())
  const ours = paths.map(bytes).filter(path =>
    path.split('/').every((_, i, parts) => {
      const above = parts.slice(0, i + 1).join('/')
      return !hidden(above, !bytesOf.includes(above))
    }),
  )
  assert.equal(ours.sort(), names.map(bytes).sort())
}

for (const filters of [...FILTERS, ...MIXED]) {
  if (has('rsync')) test(filters.join(', '), compare(filters))
  else test.skip(filters.join(', '), 'rsync, which judges, is not installed')
}

test.run()
