import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeIndexes } from './modules-index.ts'

/** Makes a module's file, its documentation and its table test, and puts it into the indexes. */

const module = (name: string): string => `import { defineModule } from '../kit/module.ts'
import { change } from '../kit/plan.ts'
import { at, entry } from '../questions/files.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'

/** What is true when this module is content. */
export default defineModule({
  name: '${name}',
  summary: 'What is true when this module is content, in one sentence',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: { type: 'string', path: true, minLength: 1, description: 'A path of the target' },
    },
  },
  probe: ({ path }, host) => ({ seen: entry(at(path, host)) }),
  plan(args, { seen }, host) {
    const path = at(args.path, host)
    const edits = seen === undefined ? [{ what: path, from: 'absent', to: 'file', by: run(sh\`: >\${path}\`) }] : []
    return change(edits, [\`path:\${path}\`], { path })
  },
})
`

const doc = (name: string): string => `import type { ModuleDoc } from '../../kit/module-doc.ts'

export default {
  examples: \`
- name: What this task makes true
  ansible.builtin.${name}:
    path: /tmp/example
\`,
  returns: {
    path: { type: 'string', when: 'always', what: 'The path' },
  },
  differences: [],
} satisfies ModuleDoc
`

const test = (name: string): string => `import * as assert from 'uvu/assert'
import ${name} from '../../src/modules/${name}.ts'
import { brief, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/${name}')

const CASES: Record<string, [wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: string[]]> = {
  'makes what is missing': [{ path: '/x' }, { seen: undefined }, ['/x: absent -> file']],
}

for (const [title, [wish, seen, wanted]] of Object.entries(CASES))
  test(title, () => assert.equal(brief(planWith(${name}, wish, seen, debian)), wanted))

test.run()
`

const [name = ''] = process.argv.slice(2)
const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const files = [
  [at(`src/modules/${name}.ts`), module(name)],
  [at(`src/modules/docs/${name}.ts`), doc(name)],
  [at(`test/modules/${name}.test.ts`), test(name)],
] as const
if (!/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('usage: npm run new-module NAME (lower case letters, digits, underscores)')
  process.exitCode = 64
} else if (files.some(([path]) => existsSync(path))) {
  console.error(`${name} is there already`)
  process.exitCode = 65
} else {
  for (const [path, text] of files) writeFileSync(path, text)
  writeIndexes()
  console.log(files.map(([path]) => `made ${path}`).join('\n'))
  console.log('when its arguments are settled: npm run schemas && npm run docs')
}
