import { Builder } from '../../src/inventory/builder.ts'
import { readIni } from '../../src/inventory/ini.ts'
import type { VarMap } from '../../src/inventory/model.ts'
import type { Mapping } from '../../src/source/node.ts'
import { parseYaml } from '../../src/source/yaml.ts'
import type { PlayFrame } from '../../src/vars/frame.ts'
import type { NodeOptions } from '../../src/vars/render.ts'
import { VariableStore } from '../../src/vars/store.ts'

/** A mapping from YAML text. */
export function mapping(text: string, file = 'p.yml'): Mapping {
  const { node, faults } = parseYaml(text, file)
  if (node?.kind !== 'mapping' || faults.length > 0) throw new Error(`no mapping: ${text} ${JSON.stringify(faults)}`)
  return node
}

/** A store over an INI inventory. */
export function storeOf(ini: string, extraVars?: VarMap, options?: NodeOptions, merges?: true): VariableStore {
  const builder = new Builder({ merges })
  readIni(ini, 'hosts', builder)
  builder.inventory.reconcile()
  const run = { playbookDir: '/play', version: '0.0.0' }
  return new VariableStore({
    inventory: builder.inventory,
    run,
    ...(extraVars && { extraVars }),
    ...(options && { options }),
  })
}

/** A play with some vars. */
export const playOf = (vars: string, more: Partial<PlayFrame> = {}): PlayFrame => ({
  name: 'a play',
  vars: vars === '' ? [] : [mapping(vars)],
  varsFiles: [],
  hosts: ['h1'],
  allHosts: ['h1', 'h2'],
  batch: ['h1'],
  ...more,
})
