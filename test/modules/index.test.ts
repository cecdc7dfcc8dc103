import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { docsIndex, modulesIndex } from '../../scripts/modules-index.ts'
import { modules } from '../../src/modules/index.ts'
import { foreign } from '../../src/modules/shared/foreign.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/index')

test('the indexes hold what the folders hold', () => {
  for (const [path, text] of Object.entries({ 'index.ts': modulesIndex(), 'docs/index.ts': docsIndex() })) {
    const url = new URL(`../../src/modules/${path}`, import.meta.url)
    assert.is(readFileSync(url, 'utf8'), text, `${path} is old: npm run modules`)
  }
})

test('every name is there once, and every schema names only what it has', () => {
  const names = modules.map(module => `${module.collection}.${module.name}`)
  assert.is(new Set(names).size, names.length)
  for (const { name, args, summary } of modules) {
    const known = new Set(Object.keys(args.properties))
    const lists = [args.required ?? [], ...(args.exclusive ?? []), ...(args.oneOf ?? []), ...(args.together ?? [])]
    for (const property of lists.flat()) assert.ok(known.has(property), `${name} has no ${property}`)
    const aliases = Object.values(args.properties).flatMap(property => property.aliases ?? [])
    for (const alias of aliases) assert.not(known.has(alias), `${name}: ${alias} is both a name and an alias`)
    assert.ok(summary.length > 0 && !summary.endsWith('.'), name)
  }
})

test('what stands for modules of Ansible stands for none of ours, and for each once', () => {
  const names = foreign.map(module => module.name)
  assert.is(new Set(names).size, names.length)
  for (const { name } of modules) assert.not(names.includes(name), `${name} is ours`)
})

test.run()
