import { commandWords, environmentFile, publishWords, runWords, type Wanted } from '../../questions/container-spec.ts'
import { join, nothing, raw, type Script, sh } from '../../shell/script.ts'
import { type Endpoint, firstWords, joined } from './docker-endpoints.ts'

/** How containers are handled: by which command, and how they are ended. */
export interface Handling {
  readonly docker: Script
  readonly force_kill?: boolean
  readonly kill_signal?: string
  readonly stop_timeout?: number
  readonly networks?: readonly Endpoint[]
  readonly pause?: boolean
  /** Whether it belongs to no network besides. */
  readonly purge?: boolean
}

/** Ends a container, by force or by its own time. Docker does not kill what does not run. */
export const stop = ({ docker, ...how }: Handling, name: string): Script =>
  how.force_kill
    ? sh`if [ "$(${docker} container inspect --format '{{.State.Running}}' ${name})" = true ]; then ${docker} kill ${how.kill_signal === undefined ? [] : ['-s', how.kill_signal]} ${name} >/dev/null; fi`
    : sh`${docker} stop ${how.stop_timeout === undefined ? [] : ['-t', how.stop_timeout]} ${name} >/dev/null`

export const restart = ({ docker, stop_timeout }: Handling, name: string): Script =>
  sh`${docker} restart ${stop_timeout === undefined ? [] : ['-t', stop_timeout]} ${name} >/dev/null`

/** Starts it, and proves that it stays up for a moment: a container that dies at once says why in its log. */
export const start = ({ docker }: Handling, name: string): Script =>
  join([
    sh`${docker} start ${name} >/dev/null || exit 1`,
    sh`sleep 1; [ "$(${docker} container inspect --format '{{.State.Running}} {{.State.Restarting}} {{.RestartCount}}' ${name})" = 'true false 0' ] || { echo "the container did not stay up; its last words:" >&2; ${docker} logs --tail 10 ${name} >&2; exit 1; }`,
  ])

export const remove = ({ docker }: Handling, name: string, keep: boolean): Script =>
  sh`${docker} rm -f ${keep ? [] : ['-v']} ${name} >/dev/null`

/** Leaves every network that is not declared. */
const alone = ({ docker, networks = [] }: Handling, name: string): Script =>
  sh`for net in $(${docker} container inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}' ${name}); do
case ${` ${networks.map(one => one.name).join(' ')} `} in *" $net "*) ;; *) ${docker} network disconnect "$net" ${name} || undo ;; esac
done`

/**
 * Makes the container. One that stands in the way is put aside first and comes back when the new one fails, so that a
 * wrong declaration never takes a working service down.
 */
export function create(wanted: Wanted, replaces: boolean, how: Handling, pull: boolean): Script {
  const { name } = wanted
  const { docker } = how
  const old = `${name}-regplay-old`
  const undo = replaces
    ? sh`${docker} rm -f ${name} >/dev/null 2>&1; ${docker} rename ${old} ${name} && ${docker} start ${name} >/dev/null`
    : sh`${docker} rm -f ${name} >/dev/null 2>&1`
  const [first, ...others] = how.networks ?? []
  const lead = first !== undefined && first.name === wanted.network_mode ? firstWords(first) : []
  const later = first !== undefined && first.name !== wanted.network_mode ? [first, ...others] : others
  return join([
    pull ? sh`${docker} pull -q -- ${wanted.image ?? ''} >/dev/null || exit 1` : nothing,
    replaces
      ? sh`${docker} rm -f ${old} >/dev/null 2>&1; { ${docker} rename ${name} ${old} && ${stop(how, old)}; } || exit 1`
      : nothing,
    sh`undo() { ${undo}; exit 1; }`,
    sh`printf %s ${environmentFile(wanted)} | ${docker} create --env-file /dev/stdin --name ${name} ${lead} ${runWords(wanted)} ${publishWords(wanted)} -- ${wanted.image ?? ''} ${commandWords(wanted) ?? []} >/dev/null || undo`,
    ...later.map(one => sh`${joined(docker, name, one)} || undo`),
    how.purge ? alone(how, name) : nothing,
    wanted.started ? join([raw('('), start(how, name), raw(') || undo')]) : nothing,
    wanted.started && how.pause ? sh`${docker} pause ${name} >/dev/null || undo` : nothing,
    replaces ? sh`${docker} rm ${old} >/dev/null` : nothing,
  ])
}
