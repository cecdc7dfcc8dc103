import { readFileSync } from 'node:fs'
import { equal, is, ok } from 'uvu/assert'
import { parseFreeForm, splitWords } from '../../src/kit/free-form.ts'
import { suite } from '../support/suite.ts'

const test = suite('kit/free-form')

interface Row {
  readonly line: string
  readonly command: boolean
  readonly answer: { readonly pairs: Record<string, string>; readonly rest: string } | null
}

const rows: readonly Row[] = JSON.parse(readFileSync(new URL('./free-form.json', import.meta.url), 'utf8'))

ok(rows.length > 150)
for (const { line, command, answer } of rows)
  test(`${command ? 'command ' : ''}${JSON.stringify(line)} as Ansible reads it`, () => {
    const found = parseFreeForm(line, command)
    const pairs = found && Object.fromEntries(found.pairs.map(({ key, value }) => [key, value]))
    equal(
      found ? { pairs, rest: found.rest } : null,
      answer && { ...answer, rest: command ? answer.rest : answer.rest.trim() },
    )
  })

test('an open quote or bracket cannot be split', () => {
  for (const line of ["echo it's", 'a="b', 'x={{ y', '{% if']) is(splitWords(line), undefined, line)
})

test('words know where they begin', () => {
  equal(splitWords(' a "b c"\n{{ d e }}'), [
    { text: 'a', start: 1 },
    { text: '"b c"\n', start: 3 },
    { text: '{{ d e }}', start: 9 },
  ])
})

test.run()
