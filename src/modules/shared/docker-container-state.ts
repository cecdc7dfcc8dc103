import { fromJson } from '../../base/value.ts'
import type { Outcome } from '../../kit/effect.ts'
import { act, change, type Edit, edit, type Plan, type Report } from '../../kit/plan.ts'
import type { ContainerFacts } from '../../questions/docker.ts'
import { join, type Script, sh } from '../../shell/script.ts'
import { run } from './attributes.ts'
import { documents, shown } from './docker.ts'
import { type Handling, restart, start, stop } from './docker-container.ts'
import { endpointEdits } from './docker-endpoints.ts'
import { ended } from './ended.ts'

/** What is wanted of a container that is made as it was declared. */
export interface Life {
  readonly state: string
  readonly restart: boolean
  readonly paused?: boolean
  readonly how: Handling
  readonly touches: readonly string[]
  /** Files that it reads when it starts, and since when they are as they are. */
  readonly files: readonly { readonly path: string; readonly at: number }[]
}

/** Something is done with a container, and then it is looked at. */
export const looked = (what: string, by: Script, { how, touches }: Life, name: string, now?: ContainerFacts): Plan =>
  act(what, run(join([by, sh`${how.docker} container inspect ${name}`])), outcome => told(outcome), {
    touches,
    dry: 'pretend',
    would: { container: now === undefined ? null : fromJson(now) },
  })

/** The container as the script has found it. */
const told = (outcome: Outcome): Report =>
  ended(outcome, { container: shown(documents(outcome.stdout)[0] ?? 'absent') })

/** The container is what it should be; is it where it should be, and as alive? */
export function settle(name: string, life: Life, now: ContainerFacts): Plan {
  const { state, how, touches } = life
  const edits = lifeEdits(name, life, now)
  const places = endpointEdits(how.docker, name, how.networks, now, how.purge === true)
  if (life.restart && state === 'started' && places.length === 0)
    return looked(`restart ${name}`, restart(how, name), life, name, now)
  return change([...places, ...edits], touches, { container: fromJson(now) })
}

/** What makes it run, end, pause or begin anew. */
function lifeEdits(name: string, { state, paused, how, files }: Life, now: ContainerFacts): Edit[] {
  if (state !== 'started' && state !== 'stopped') return []
  const status = now.State.Status
  const started = Date.parse(now.State.StartedAt)
  const newer = files.filter(file => file.at > started && now.State.Running)
  const word = paused ? 'pause' : 'unpause'
  return [
    ...edit(
      'state',
      status === 'paused' ? 'running' : status,
      state === 'started' ? 'running' : now.State.Running ? 'exited' : undefined,
      to => run(to === 'running' ? start(how, name) : stop(how, name)),
    ),
    ...newer.map(file => ({
      what: `started before ${file.path} changed`,
      from: 'stale',
      to: 'restarted',
      by: run(restart(how, name)),
    })),
    ...edit(
      'paused',
      String(status === 'paused'),
      state === 'started' && paused !== undefined ? String(paused) : undefined,
      () => run(sh`${how.docker} ${word} ${name} >/dev/null`),
    ),
  ]
}
