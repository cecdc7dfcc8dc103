import type { Module } from '../kit/module.ts'
import setup from './setup.ts'

const { args } = setup

/** What a play asks before its tasks. */
const module: Module = {
  ...setup,
  name: 'gather_facts',
  args: {
    ...args,
    properties: {
      ...args.properties,
      parallel: { type: 'boolean', description: 'Accepted; all facts come by one module' },
    },
  },
}
export default module
