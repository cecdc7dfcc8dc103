import type { Diagnostic } from '../base/diagnostic.ts'

/** Something that must not go on. `message` says what was found, `remedy` what to do about it. */
export const fault = (code: string, message: string, remedy: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  remedy,
})

/** Something that works and that people should know. */
export const warning = (code: string, message: string, remedy: string): Diagnostic => ({
  code,
  severity: 'warning',
  message,
  remedy,
})
