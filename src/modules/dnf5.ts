import type { Module } from '../kit/module.ts'
import dnf from './dnf.ts'

/** The name of `dnf` for hosts whose dnf is version 5; it takes the same. */
const module: Module = { ...dnf, name: 'dnf5' }
export default module
