import { dict, fromJson } from '../../base/value.ts'
import type { Outcome } from '../../kit/effect.ts'
import { act, type Plan, type Report } from '../../kit/plan.ts'
import type { ContainerFacts } from '../../questions/docker.ts'
import { join, nothing, type Script, sh } from '../../shell/script.ts'
import { run } from './attributes.ts'

/** A container that is waited for. */
export interface Once {
  readonly name: string
  readonly docker: Script
  /** Makes it, where it is not there as it should be. */
  readonly make: Script
  readonly auto_remove: boolean
  readonly cleanup: boolean
  readonly touches: readonly string[]
}

/** Starts a container, waits for its end, and tells what it said. */
export function once({ name, docker, make, auto_remove, cleanup, touches }: Once): Plan {
  const wait = auto_remove
    ? sh`${docker} start -a ${name} >/dev/null 2>&1; echo "== $?"`
    : join([
        sh`${docker} start ${name} >/dev/null || exit; status=$(${docker} wait ${name}) || exit; echo "== $status"`,
        sh`${docker} container inspect ${name} || exit; ${docker} logs ${name} 2>&1`,
        cleanup ? sh`${docker} rm ${name} >/dev/null` : nothing,
      ])
  // What makes it ends with the shell when it cannot.
  return act(`run ${name} to its end`, run(join([make, wait])), outcome => told(outcome, auto_remove), {
    touches,
    dry: 'pretend',
  })
}

/** The status, the container and its words out of what the script printed. */
function told(outcome: Outcome, removed: boolean): Report {
  const [, status, rest = ''] = /^== (\d+)\n(.*)$/s.exec(outcome.stdout) ?? []
  if (outcome.failed !== undefined || status === undefined)
    return { changed: false, failed: outcome.failed ?? (outcome.stderr.trim() || 'it was not started'), result: {} }
  const end = rest.indexOf('\n]\n') + 3
  const [facts] = end > 2 ? (JSON.parse(rest.slice(0, end)) as ContainerFacts[]) : []
  const output = removed ? 'Cannot retrieve result as auto_remove is enabled' : rest.slice(end > 2 ? end : 0)
  const shown = fromJson({ ...facts, Output: output })
  const result = { status: Number(status), container: facts === undefined ? dict({ Output: output }) : shown }
  return status === '0'
    ? { changed: true, result }
    : { changed: false, failed: output || `it ended with status ${status}`, result }
}
