import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { join, type Script, sh } from '../shell/script.ts'
import { withoutDocker } from './docker.ts'

/** What a daemon has lists of. */
export type Listed = 'containers' | 'images' | 'networks' | 'volumes'

/** What a daemon says of itself and of what it has; `disk` is a line of a kind and its size each. */
export interface DaemonFacts {
  readonly info: Readonly<Record<string, unknown>>
  readonly lists: Readonly<Partial<Record<Listed, readonly Readonly<Record<string, unknown>>[]>>>
  /** Since when containers run, as `docker ps` says it, by id. */
  readonly status: ReadonlyMap<string, string>
  readonly disk: string
  readonly usage: Readonly<Record<string, unknown>>
}

const COMMAND = { containers: 'container', images: 'image', networks: 'network', volumes: 'volume' } as const

/** A daemon and, with the words that choose among them, what it has. */
export const daemonFacts = (
  docker: Script,
  lists: readonly (readonly [kind: Listed, words: readonly string[]])[],
  usage: boolean,
): TargetQuestion<DaemonFacts | 'no docker'> => {
  const list = ([kind, words]: (typeof lists)[number]): Script => sh`echo ${`== ${kind}`}
ids=$(${docker} ${COMMAND[kind]} ls -q ${kind === 'volumes' ? [] : ['--no-trunc']} ${words}) || exit
set -- $(printf '%s\\n' "$ids" | awk '!seen[$0]++'); [ $# -eq 0 ] || ${docker} ${COMMAND[kind]} inspect "$@" || exit`
  const status = lists.some(([kind]) => kind === 'containers')
    ? [sh`echo '== status'; ${docker} ps -a --no-trunc --format '{{.ID}} {{.Status}}' || exit`]
    : []
  const disk = usage
    ? [
        sh`echo '== disk'; ${docker} system df --format '{{.Type}} {{.Size}}' || exit`,
        sh`echo '== usage'; ${docker} system df -v --format '{{json .}}' || exit`,
      ]
    : []
  const info = sh`echo '== info'; ${docker} info --format '{{json .}}' || exit`
  return ask(
    join([info, ...lists.map(list), ...status, ...disk]),
    ['docker', 'unit:docker', 'package:docker', 'images', 'networks', 'volumes', 'containers'],
    answer => {
      if (withoutDocker(answer)) return 'no docker'
      const parts = new Map(
        answer.stdout
          .split(/^== /m)
          .slice(1)
          .map(part => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
      )
      const read = (kind: string): unknown => JSON.parse(parts.get(kind)?.trim() || 'null')
      const found = (read('info') ?? {}) as Readonly<Record<string, unknown>>
      // The command says what is wrong with the daemon in what it tells of the daemon.
      const wrong = found['ServerErrors']
      if (answer.code !== 0 || wrong !== undefined)
        throw new CouldNotTell(`docker does not answer: ${String(wrong ?? answer.stderr.trim())}`)
      return {
        info: found,
        lists: Object.fromEntries(lists.map(([kind]) => [kind, read(kind) ?? []])),
        status: new Map(
          (parts.get('status') ?? '').split('\n').map(line => [line.split(' ', 1)[0] ?? '', line.replace(/^\S+ /, '')]),
        ),
        disk: parts.get('disk') ?? '',
        usage: (read('usage') ?? {}) as Readonly<Record<string, unknown>>,
      }
    },
    { keep: 16 * 1024 * 1024 },
  )
}
