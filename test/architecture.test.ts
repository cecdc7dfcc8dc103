import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { circle, type Source, sources, withoutComments } from './support/imports.ts'
import { suite } from './support/suite.ts'

/**
 * The house: every room, and the rooms below that it may import. Whoever wants another arrow changes this table, and says why
 * in docs/decisions/. A path stands for that one file only.
 */
const ROOMS: Record<string, readonly string[]> = {
  base: [],
  vault: ['base'],
  source: ['base'],
  // The filters `vault` and `unvault` are of the language.
  jinja: ['base', 'vault', 'source'],
  shell: ['base'],
  // An argument is a value of the language: its places come from `source`, its texts and truths from `jinja`.
  kit: ['base', 'shell', 'source', 'jinja'],
  inventory: ['base', 'vault', 'source', 'jinja'],
  // `-e k=v` is an argument line like a task's.
  vars: ['base', 'source', 'jinja', 'inventory', 'src/kit/free-form.ts'],
  playbook: ['base', 'vault', 'source', 'jinja', 'kit', 'inventory', 'vars'],
  pki: ['base'],
  registry: ['base', 'pki'],
  web: ['base', 'kit'],
  questions: ['base', 'vault', 'shell', 'kit', 'pki', 'registry', 'web'],
  transport: ['base', 'shell', 'kit'],
  // Asking the same question before and after is how an effect stays honest.
  effects: ['base', 'shell', 'kit', 'pki', 'registry', 'web', 'questions', 'transport'],
  // Regular expressions and times of arguments are Python's.
  modules: [
    ...['base', 'shell', 'kit', 'pki', 'registry', 'questions'],
    ...['src/jinja/regex/pattern.ts', 'src/jinja/regex/replace.ts', 'src/jinja/formats/json-read.ts'],
    'src/jinja/python/date-time.ts',
  ],
  // The engine: modules, effects, the SSH client and the renderers come to it in one record.
  run: [
    'base',
    'source',
    'jinja',
    'shell',
    'kit',
    'inventory',
    'vars',
    'playbook',
    'src/transport/session.ts',
    'src/transport/place.ts',
    'src/transport/unanswered.ts',
  ],
  report: ['base'],
  cli: [
    ...['base', 'source', 'jinja', 'shell', 'kit', 'inventory', 'vars', 'playbook', 'transport', 'effects'],
    ...['modules', 'run', 'report', 'pki', 'registry', 'vault'],
  ],
}

/** Packages, and the rooms that may know them: each has its reason in docs/decisions/. */
const PACKAGES: Record<string, readonly string[]> = {
  ajv: ['source', 'kit', 'playbook', 'run', 'cli'],
  commander: ['cli'],
  execa: ['transport', 'effects', 'inventory', 'jinja', 'vars', 'pki', 'registry', 'cli'],
  'js-yaml': ['source', 'jinja'],
  listr2: ['report'],
  'node-forge': ['pki'],
  ssh2: ['transport'],
  'tar-stream': ['registry', 'questions', 'effects'],
}

/** Words that belong to some rooms only. Files listed are exceptions, each with its reason. */
const RESERVED: readonly { what: string; word: RegExp; rooms: readonly string[]; files?: Record<string, string> }[] = [
  {
    what: 'a secret is opened',
    word: /\.reveal\(/,
    // In `vault` a password becomes keys, in `web` a header.
    rooms: ['shell', 'transport', 'effects', 'pki', 'vault', 'web'],
    files: {
      'src/report/mask.ts': 'what is to be masked must be known to the mask',
    },
  },
  {
    what: 'the process is ended',
    word: /\bprocess\s*\.\s*(?:exit|abort)\b|\bprocess\.exitCode\s*=/,
    rooms: ['cli'],
  },
  {
    what: 'a screen is written to',
    word: /\bconsole\s*\.|\bprocess\s*\.\s*(?:stdout|stderr)\b/,
    rooms: ['cli', 'report'],
  },
  {
    what: 'the time or chance is asked',
    word: /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(/,
    rooms: ['cli', 'effects', 'transport', 'run'],
    files: {
      'src/questions/pki.ts': 'whether a certificate is still valid is a question about now',
      'src/questions/registry.ts': 'so is the certificate that a registry serves; and one that starts is waited for',
      'src/jinja/filters/time.ts': 'strftime without a time means now; impure calls wait for the run',
      'src/jinja/globals.ts': 'now() is part of the language',
      'src/jinja/template-file.ts': 'template_run_date is part of the language',
    },
  },
  {
    what: 'the end of a shell is caught',
    word: /\btrap (?:['"$-]|\w+ EXIT)/,
    rooms: [],
    files: {
      'src/shell/at-end.ts': 'how it is done in every shell, whatever ends it',
      'src/run/background.ts': 'a watch is ended in ways of its own',
    },
  },
  { what: 'text is run as JavaScript', word: /\beval\s*\(|\bnew Function\b|\bFunction\s*\(|'node:vm'/, rooms: [] },
]

/** Longest file, in lines. Exceptions carry their reason. */
const LONGEST = 300
const LONG: Record<string, string> = {}

const root = fileURLToPath(new URL('..', import.meta.url))
const files = sources(root)
const test = suite('architecture')

const none = (faults: readonly string[]) => assert.equal(faults.join('\n'), '')
const exists = new Set(files.map(file => file.path))

/** Whether a file may import another of our files. */
function mayImport(from: Source, to: string): boolean {
  const allowed = ROOMS[from.room] ?? []
  const room = to.split('/')[1] ?? ''
  return room === from.room || allowed.includes(room) || allowed.includes(to)
}

test('there is something to look at', () => {
  assert.ok(files.length > 20)
  assert.ok(files.some(file => file.imports.length > 0))
})

test('every room stands in the table', () =>
  none(
    files.filter(file => !(file.room in ROOMS)).map(file => `${file.path}: the room ${file.room} is not in the table`),
  ))

test('the table itself only points down', () => {
  const floor = Object.keys(ROOMS)
  const settled = new Set<string>()
  while (settled.size < floor.length) {
    const next = floor.filter(
      room => !settled.has(room) && (ROOMS[room] ?? []).every(to => to.includes('/') || settled.has(to)),
    )
    assert.ok(next.length > 0, `a circle among ${floor.filter(room => !settled.has(room)).join(', ')}`)
    for (const room of next) settled.add(room)
  }
})

test('every import points down the house', () =>
  none(
    files.flatMap(file =>
      file.imports.flatMap(({ file: to }) =>
        to === undefined || mayImport(file, to) ? [] : [`${file.path} imports ${to}: ${file.room} may not`],
      ),
    ),
  ))

test('imports name the file, with its extension', () =>
  none(
    files.flatMap(file =>
      file.imports.flatMap(({ file: to, written }) => {
        if (to === undefined || exists.has(to)) return []
        return existsSync(join(root, to)) && !to.endsWith('/') ? [] : [`${file.path} imports ${written}: no such file`]
      }),
    ),
  ))

test('no file imports itself in a circle', () => assert.is(circle(files)?.join('\n  -> '), undefined))

test('no barrels', () =>
  none(
    files
      .filter(file => /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*(?:as \w+\s*)?from\b/m.test(file.code))
      .map(file => `${file.path} hands on what another file defines`),
  ))

test('packages are known only where they belong', () =>
  none(
    files.flatMap(file =>
      file.imports.flatMap(({ package: name }) => {
        if (name === undefined || name.startsWith('node:')) return []
        return PACKAGES[name]?.includes(file.room) ? [] : [`${file.path} imports the package ${name}`]
      }),
    ),
  ))

for (const { what, word, rooms, files: exceptions = {} } of RESERVED) {
  test(`${what} only in ${rooms.join(', ') || 'no room'}`, () =>
    none(
      files.flatMap(file => {
        if (rooms.includes(file.room) || file.path in exceptions) return []
        return file.code
          .split('\n')
          .flatMap((line, index) => (word.test(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : []))
      }),
    ))
}

test(`a file is at most ${LONGEST} lines`, () =>
  none(
    files
      .filter(file => file.lines > LONGEST && !(file.path in LONG))
      .map(file => `${file.path} has ${file.lines} lines`),
  ))

test('exceptions are still needed', () =>
  none([
    ...Object.keys(LONG).filter(path => (files.find(file => file.path === path)?.lines ?? 0) <= LONGEST),
    ...RESERVED.flatMap(({ word, files: exceptions = {} }) =>
      Object.keys(exceptions).filter(path => !word.test(files.find(file => file.path === path)?.text ?? '')),
    ),
  ]))

const COMMENTS: Record<string, readonly [string, string]> = {
  'a line': ['a // b\nc', 'a     \nc'],
  'a block keeps lines': ['a /* b\n c */ d', 'a     \n      d'],
  'not in a string': ["x = '// no' // yes", "x = '// no'       "],
  'not in a template': ['x = `/* a */`', 'x = `/* a */`'],
  'not in a regular expression': ["x = /'/ // y'", "x = /'/      "],
}
for (const [name, [text, wanted]] of Object.entries(COMMENTS)) {
  test(`comments are blanked: ${name}`, () => assert.is(withoutComments(text), wanted))
}

test('a circle is found', () => {
  const file = (path: string, to: string): Source => ({
    ...{ path, room: '', text: '', code: '', lines: 0 },
    imports: [{ written: to, file: to }],
  })
  assert.equal(circle([file('a', 'b'), file('b', 'c'), file('c', 'b')]), ['b', 'c', 'b'])
  assert.is(circle([file('a', 'b'), file('b', 'c')]), undefined)
})

test.run()
