import type { Module } from '../kit/module.ts'
import systemd from './systemd.ts'

/** The newer name of `systemd`. */
const module: Module = { ...systemd, name: 'systemd_service' }
export default module
