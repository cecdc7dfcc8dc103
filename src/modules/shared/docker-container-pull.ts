import { fromJson } from '../../base/value.ts'
import { act, type Plan } from '../../kit/plan.ts'
import type { ContainerFacts } from '../../questions/docker.ts'
import { join, nothing, type Script, sh } from '../../shell/script.ts'
import { run } from './attributes.ts'
import { documents, shown } from './docker.ts'
import type { Life } from './docker-container-state.ts'
import { ended } from './ended.ts'

/** What is done when the registry has been asked for the newest image. */
export interface Newest {
  readonly name: string
  readonly image: string
  readonly now: ContainerFacts | 'absent'
  /** Makes the container, however it is. */
  readonly make: Script
  /** What is to do when the container has the newest image; undefined when it must be made anew whatever the image is. */
  readonly same: Plan | undefined
  /** Whether another image is no difference. */
  readonly any: boolean
}

/** Pulls the image, and makes the container anew where it has another one. */
export function newest({ name, image, now, make, same, any }: Newest, { how, touches }: Life): Plan {
  const { docker } = how
  const scripts =
    same?.kind === 'act' ? [same.by] : same?.kind === 'change' ? [...new Set(same.edits.map(({ by }) => by))] : []
  const keep = join(scripts.map(by => (by.kind === 'run' ? sh`${by.script} || exit` : nothing)))
  const id = now === 'absent' ? '' : now.Image
  const anew = sh`${make}
echo '== anew'`
  const choice =
    same === undefined
      ? anew
      : any
        ? keep
        : sh`if [ "$(${docker} image inspect --format '{{.Id}}' -- ${image})" = ${id} ]; then :
${keep}
else
${anew}
fi`
  const look = sh`${docker} container inspect ${name}`
  return act(
    `pull ${image} for ${name}`,
    run(join([sh`${docker} pull -q -- ${image} >/dev/null || exit 1`, choice, look])),
    outcome => {
      const found = shown(documents(outcome.stdout)[0] ?? 'absent')
      return ended(outcome, { container: found }, scripts.length > 0 || /^== anew$/m.test(outcome.stdout))
    },
    {
      touches,
      // A dry run asks no registry, and so knows of the rest only.
      ...(same !== undefined && scripts.length === 0 ? { trial: run(look) } : { dry: 'pretend' }),
      would: { container: now === 'absent' ? null : fromJson(now) },
    },
  )
}
