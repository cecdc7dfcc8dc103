// limit: 900
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Secret } from '../../src/base/secret.ts'
import { type Dict, fromJson } from '../../src/base/value.ts'
import { resolveArgs } from '../../src/kit/args.ts'
import type { Module } from '../../src/kit/module.ts'
import type { Questions } from '../../src/kit/question.ts'
import { isMade, type PropertySchema } from '../../src/kit/schema.ts'
import { modules } from '../../src/modules/index.ts'
import { quote, Script, sh } from '../../src/shell/script.ts'
import { debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

/**
 * Every text and path that a module takes, from its own schema, gets values that a shell could mistake for something else. A module
 * says the same with such a value as with a harmless one of two words, each letter of it in the harmless one's place: so it stands in
 * quotes wherever it goes, and arrives as it is. What the questions ask is asked of real shells, where nothing may come of it.
 */
const test = suite('modules/hostile')
const dir = mkdtempSync(join(tmpdir(), 'regplay-hostile-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

/** What a shell would make in its directory. No slash: it would part a path. */
const CANARY = 'canary'
/** Two words: `quote` puts it in quotes. */
const HARMLESS = 'harm less'
const LONG = 100 * 1024

/** Parameters whose meaning is more than their text. */
const OTHERWISE: Readonly<Record<string, string>> = {
  '*: creates': 'a pattern, whose signs stand outside of the quotes',
  '*: removes': 'the same',
  '*: extra_args': 'words, parted as Ansible parts them',
  'zypper: extra_args_precommand': 'the same',
  'zypper: name': 'may hold a version (a<2), which is asked for otherwise',
  'archive: path': 'the same',
  'archive: exclude_path': 'the same',
  'archive: exclusion_patterns': 'a pattern, made into an expression',
  'reboot: boot_time_command': 'shell text, to be run as it is',
  'openssl_csr: *': 'written in the syntax of a configuration file of openssl',
}

const HOSTILE: Readonly<Record<string, string>> = {
  'signs of the shell': `a 'b' "c" $(touch ${CANARY}) \`touch ${CANARY}\` \\ ; touch ${CANARY} & | ( ) < > * ? [x] ~ # ! $PWD \${x-y} ä€😀 \t.`,
  'several lines': `one\n'two' "\n touch ${CANARY}\n$(touch ${CANARY})\nEOF\n.`,
  'a dash at the beginning': `-rf --help 'x`,
  '100 KiB': `${`y'\\ `.repeat(LONG / 4)}.`,
}
/** Which shells are given which: the first all of them, the longest, which only costs time, none. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  'signs of the shell': ['dash', 'bash', 'busybox'],
  'several lines': ['busybox'],
  'a dash at the beginning': ['dash'],
}

/** What parameters that are not the one under test may be, the first that is allowed. */
const SAMPLES = [
  'present',
  'x',
  '/srv/x',
  '0644',
  '10',
  'http://127.0.0.1:1/x',
  'a=b',
  'x%s',
  '127.0.0.1:1',
  'sha256:x',
]

/** Whether arguments are what the schema allows. */
const allowed = (module: Module, args: Readonly<Record<string, unknown>>): boolean =>
  resolveArgs(module.args, fromJson(args) as Dict, () => undefined).faults.length === 0

const sampleOf = (property: PropertySchema): unknown[] => {
  if (property.enum) return [...property.enum]
  if (property.type === 'integer' || property.type === 'number') return [property.minimum ?? 1, 10]
  if (property.type === 'boolean') return [true]
  if (property.type === 'array') return sampleOf(property.items ?? { type: 'string' }).map(of => [of])
  if (property.type === 'object') return [{}, { x: 'y' }]
  return SAMPLES
}

const isText = (property: PropertySchema): boolean =>
  property.refused === undefined &&
  property.enum === undefined &&
  property.expression === undefined &&
  !isMade(property)

/** Where a value goes: a text parameter itself, or the one entry of a list of texts. */
function places(module: Module): [name: string, put: (value: string) => unknown][] {
  return Object.entries(module.args.properties).flatMap(([name, property]): [string, (value: string) => unknown][] => {
    if (!isText(property)) return []
    const whole = (value: string): string => (property.path ? `/nowhere-of-hostile/${value}` : value)
    if (property.type === 'string' && property.controller === undefined) return [[name, whole]]
    if (property.type === 'array' && property.items?.type === 'string' && isText(property.items))
      return [[name, value => [value]]]
    return []
  })
}

/** The least arguments beside the one under test with which the module can be asked; undefined when none were found. */
function around(module: Module, name: string, value: unknown): Record<string, unknown> | undefined {
  const { required = [], oneOf = [], together = [], properties } = module.args
  const wanted = new Set(required)
  for (const [first, ...others] of together) if (first === name) for (const other of others) wanted.add(other)
  wanted.delete(name)
  const choices: Record<string, unknown>[] = [{ [name]: value }]
  for (const group of oneOf) if (!group.includes(name) && !group.some(of => wanted.has(of))) wanted.add(group[0] ?? '')
  for (const other of wanted) {
    const property = properties[other]
    if (!property) continue
    const made = sampleOf(property).map(sample => ({ ...choices[0], [other]: sample }))
    // Faults of parameters still missing do not count here: only those of this one do.
    choices[0] = made.find(args => !faulty(module, args, other)) ?? choices[0] ?? {}
  }
  const [args] = choices
  return args && allowed(module, args) ? args : undefined
}

const faulty = (module: Module, args: Readonly<Record<string, unknown>>, name: string): boolean =>
  resolveArgs(module.args, fromJson(args) as Dict, () => undefined).faults.some(({ message }) =>
    message.includes(`'${name}'`),
  )

const resolved = (module: Module, args: Readonly<Record<string, unknown>>): unknown =>
  resolveArgs(module.args, fromJson(args) as Dict, () => undefined).args

/** Everything a module says, as texts by where they stand: questions, and the plan that these answers lead to. */
function said(
  module: Module,
  args: unknown,
  answers: Readonly<Record<string, unknown>> | undefined,
): Map<string, string> {
  const texts = new Map<string, string>()
  const questions = module.probe(args, debian)
  for (const [name, question] of Object.entries(questions))
    if (question.of === 'target') texts.set(`question ${name}`, question.script.wire)
  if (answers) gather('plan', module.plan(args, answers, debian), texts)
  return texts
}

/** Fields that are made from content, and are others for other content. */
const DIGESTS = /(?:checksum|sha\d*|md5|size|to|from|texts|bytes)$/

function gather(path: string, value: unknown, texts: Map<string, string>): void {
  if (value instanceof Script) texts.set(path, value.wire)
  else if (value instanceof Secret) texts.set(path, value.reveal())
  else if (typeof value === 'string') texts.set(path, value)
  else if (Buffer.isBuffer(value)) texts.set(path, value.toString())
  else if (Array.isArray(value)) for (const [i, of] of value.entries()) gather(`${path}.${i}`, of, texts)
  else if (value instanceof Map) for (const [key, of] of value) gather(`${path}.${String(key)}`, of, texts)
  else if (typeof value === 'object' && value !== null)
    for (const [key, of] of Object.entries(value)) if (!DIGESTS.test(key)) gather(`${path}.${key}`, of, texts)
}

const inQuotes = (text: string, depth: number): string =>
  depth === 0 ? text : inQuotes(text, depth - 1).replaceAll("'", `'\\''`)

/** What stands before a word that begins with a dash, so that it is no option. */
const plainly = (text: string): string => text.replaceAll(/ +(?:-- +)?/g, ' ')

/** Whether a text is the harmless one with the value in place of the harmless words, in as many quotes as they were. */
function stands(text: string, harmless: string, value: string): boolean {
  const as = (of: string, depth: number): string => harmless.replaceAll(HARMLESS, () => inQuotes(of, depth))
  if ([0, 1, 2, 3].some(depth => as(value, depth) === text)) return true
  if (!value.startsWith('-')) return false
  return [value, `./${value}`].some(of => [0, 1, 2, 3].some(depth => plainly(as(of, depth)) === plainly(text)))
}

function answersOf(questions: Questions, shell: (typeof SHELLS)[number]): Record<string, unknown> | undefined {
  const answers: Record<string, unknown> = {}
  let whole = true
  for (const [name, question] of Object.entries(questions)) {
    if (question.of !== 'target') {
      whole = false
      continue
    }
    const answer = run(question.script, shell, { cwd: dir })
    const said = `${name} in ${shell[0]}: ${answer.stderr}`
    assert.not.ok(/syntax error|unterminated|unexpected (?:EOF|end of file)/i.test(answer.stderr), said)
    assert.not.ok(/(?:invalid|unrecognized|unknown|illegal) option/i.test(answer.stderr), said)
    assert.not.ok(existsSync(join(dir, CANARY)), `${name} in ${shell[0]}: a part of the value was run`)
    try {
      answers[name] = question.read(answer)
    } catch {
      whole = false
    }
  }
  return whole ? answers : undefined
}

for (const shell of SHELLS)
  test(`${shell[0]}: a quoted text is one word, byte for byte`, () => {
    for (const value of Object.values(HOSTILE)) assert.is(run(sh`printf %s ${value}`, shell).stdout, value)
    assert.is(quote('plain'), 'plain')
  })

let judged = 0
/** Words on the command line are names of modules. */
const wanted = process.argv.slice(2)
for (const module of modules.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
  for (const [name, put] of places(module)) {
    const args = around(module, name, put(HARMLESS))
    if (
      args === undefined ||
      [`${module.name}: ${name}`, `${module.name}: *`, `*: ${name}`].some(key => key in OTHERWISE)
    )
      continue
    judged++
    test(`${module.name}: ${name}`, () => {
      for (const [kind, value] of Object.entries(HOSTILE)) {
        const hostile = { ...args, [name]: put(value) }
        if (!allowed(module, hostile)) continue
        let questions: Questions
        try {
          questions = module.probe(resolved(module, hostile), debian)
        } catch {
          // Refused, or not to be understood: then it goes nowhere.
          continue
        }
        let answers: Record<string, unknown> | undefined
        for (const shell of SHELLS)
          if (ASKED[kind]?.includes(shell[0])) answers = answersOf(questions, shell) ?? answers
        const plain = said(module, resolved(module, args), answers)
        for (const [where, text] of said(module, resolved(module, hostile), answers)) {
          const model = plain.get(where)
          if (model === undefined || !model.includes(HARMLESS)) continue
          assert.ok(
            stands(text, model, value),
            `${kind}: ${where}\n  harmless: ${model.slice(0, 600)}\n  hostile: ${text.slice(0, 600)}`,
          )
        }
      }
    }, 60_000)
  }

if (wanted.length === 0) test('most parameters can be tried', () => assert.ok(judged >= 150, `only ${judged}`))

test.run()
