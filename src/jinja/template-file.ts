import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { statOf } from '../base/stat.ts'
import type { Value } from '../base/value.ts'
import { DateTime, momentOf } from './python/date-time.ts'

/**
 * What a template file knows of itself: `template_path`, `template_host` and the like, as Ansible names them.
 * @param file where it stands on the controller
 * @param dest what it is made for, if it is known
 * @see https://docs.ansible.com/ansible/latest/collections/ansible/builtin/template_module.html
 */
export function templateVariables(file: string, dest?: string): ReadonlyMap<string, Value> {
  const path = resolve(file)
  const stats = statOf(path)
  return new Map<string, Value>([
    ['template_host', hostname()],
    ['template_path', path],
    ['template_fullpath', path],
    ['template_mtime', stats ? new DateTime(momentOf(stats.mtimeMs / 1000, false)) : null],
    ['template_uid', stats ? ownerOf(stats.uid) : null],
    ['template_run_date', new DateTime(momentOf(Date.now() / 1000, false))],
    ...(dest === undefined ? [] : [['template_destpath', dest] as const]),
  ])
}

/** The name of an account of the controller; its number when no line of /etc/passwd has one. */
function ownerOf(uid: number): Value {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  return lines.find(line => line.split(':')[2] === String(uid))?.split(':')[0] ?? uid
}
