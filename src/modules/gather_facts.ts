import type { Module } from '../kit/module.ts'
import setup from './setup.ts'

/** What a play asks before its tasks. */
const module: Module = { ...setup, name: 'gather_facts' }
export default module
