import * as assert from 'uvu/assert'
import { InputError } from '../../src/base/diagnostic.ts'
import { fromTask } from '../../src/cli/start-task.ts'
import { moduleMap } from '../../src/cli/wire.ts'
import type { Step } from '../../src/playbook/ast.ts'
import { parseContext } from '../../src/playbook/context.ts'
import { parsePlays } from '../../src/playbook/parse.ts'
import { play } from '../support/play.ts'
import { suite } from '../support/suite.ts'

const test = suite('start-task')
const context = parseContext(await moduleMap())

const BOOK = `
- hosts: all
  name: one
  tasks: [{name: a, ping: }, {name: b, ping: , tags: [t]}]
- hosts: all
  name: two
  pre_tasks: [{name: c, ping: }]
  tasks:
    - name: d
      ping:
    - block:
        - name: e
          ping:
        - block: [{name: f, ping: }, {name: g, ping: }]
      rescue: [{name: r, ping: }]
      always: [{name: h, ping: }, {name: i, ping: }]
    - ping:
  post_tasks: [{name: j, ping: }]
- hosts: all
  name: three
  tasks: [{name: a, ping: }]
`

const names = (steps: readonly Step[]): string[] =>
  steps.flatMap(step =>
    step.kind === 'task'
      ? [step.name?.kind === 'scalar' ? step.name.text : step.written]
      : [...names(step.block), ...names(step.rescue).map(name => `(${name})`), ...names(step.always)],
  )

/** What is left of the playbook: `play: tasks`; or why nothing is. */
function left(wanted: string, tags: readonly string[] = []): string[] {
  const { playbook, faults } = parsePlays(BOOK, '/x/book.yml', context)
  assert.equal(faults, [])
  try {
    return fromTask(playbook ? [playbook] : [], wanted, { tags, skipTags: [] })
      .flatMap(({ plays }) => plays)
      .map(({ name, preTasks, roles, tasks, postTasks }) => {
        const all = names([...preTasks, ...roles, ...tasks, ...postTasks])
        return `${name?.kind === 'scalar' ? name.text : ''}: ${all.join(' ')}`
      })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.faults.map(fault => fault.message)
  }
}

const TWO = 'two: c d e f g (r) h i ping j'
const CASES: Record<string, [wanted: string, left: string[], tags?: string[]]> = {
  'the first task': ['a', ['one: a b', TWO, 'three: a']],
  'a later play': ['c', [TWO, 'three: a']],
  'in the tasks': ['d', ['two: d e f g (r) h i ping j', 'three: a']],
  'in a block of a block': ['g', ['two: g (r) h i ping j', 'three: a']],
  'in always': ['i', ['two: i ping j', 'three: a']],
  'after all': ['j', ['two: j', 'three: a']],
  'a task without a name, by its module': ['ping', ['two: ping j', 'three: a']],
  'a pattern': ['[ef]', ['two: e f g (r) h i ping j', 'three: a']],
  'a pattern for anything': ['*', ['one: a b', TWO, 'three: a']],
  'a task that tags leave out': ['a', ["there is no task 'a' to start at"], ['t']],
  'a rescue is no start': ['r', ["there is no task 'r' to start at; did you mean 'a'?"]],
  'a slip': ['pnig', ["there is no task 'pnig' to start at; did you mean 'ping'?"]],
}
for (const [name, [wanted, found, tags]] of Object.entries(CASES))
  test(name, () => assert.equal(left(wanted, tags), found))

test('facts are gathered where it starts, and only there', async () => {
  const text =
    '- hosts: all\n  name: p\n  tasks: [{name: no, ping: }]\n- hosts: all\n  name: q\n  tasks: [{name: no, ping: }, {name: r, ping: }]\n'
  const { results } = await play(text, { job: { startAtTask: 'r' } })
  assert.equal(results, ['one ok Gathering Facts', 'one ok r'])
}, 30_000)

test.run()
