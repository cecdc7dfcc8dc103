import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'

/** Python's packages of a host, or of an environment of it. */
export interface PipSeen {
  /** The words that call pip; none where there is no pip. */
  readonly pip: readonly string[]
  /** The virtual environment is there. */
  readonly environment: boolean
  /** The command that makes environments is there. */
  readonly creatable: boolean
  /** Versions by names in lower case with dashes. */
  readonly installed: ReadonlyMap<string, string>
}

/** A name as all ways to write it have in common. */
export const normal = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-')

/** Which pip is meant: that of an environment, one by its name or path, or the host's. */
export const pipOf = (environment: string | undefined, executable: string | undefined): Script =>
  environment !== undefined
    ? sh`e=${environment}; if [ -x "$e/bin/pip3" ]; then set -- "$e/bin/pip3"; elif [ -x "$e/bin/pip" ]; then set -- "$e/bin/pip"; elif [ -x "$e/bin/python" ] && "$e/bin/python" -m pip --version >/dev/null 2>&1; then set -- "$e/bin/python" -m pip; else set --; fi`
    : executable !== undefined
      ? sh`if command -v -- ${executable} >/dev/null; then set -- ${executable}; else set --; fi`
      : raw(
          'if command -v pip3 >/dev/null; then set -- pip3; elif python3 -m pip --version >/dev/null 2>&1; then set -- python3 -m pip; elif command -v pip >/dev/null; then set -- pip; else set --; fi',
        )

/** Asks pip what is installed. `creator` is the program that makes environments. */
export const pipSeen = (
  environment: string | undefined,
  executable: string | undefined,
  creator: string,
): TargetQuestion<PipSeen> =>
  ask(
    sh`${pipOf(environment, executable)}; export LC_ALL=C PIP_DISABLE_PIP_VERSION_CHECK=1
printf '%s\n' "pip $*"; command -v -- ${creator} >/dev/null && echo creatable
${environment === undefined ? raw(':') : sh`[ -e ${`${environment}/bin/activate`} ] && echo environment`}
[ $# = 0 ] || "$@" list --format=freeze`,
    ['everything'],
    answer => {
      const [pip = '', ...lines] = answer.stdout.split('\n')
      if (pip !== 'pip ' && !answer.ok)
        throw new CouldNotTell(`pip does not tell what is installed: ${answer.stderr.trim()}`)
      const pairs = lines.flatMap(line => {
        const [, name, version] = /^([^=\s]+)==(\S+)$/.exec(line) ?? []
        return name === undefined || version === undefined ? [] : [[normal(name), version] as const]
      })
      return {
        pip: pip
          .slice('pip '.length)
          .split(' ')
          .filter(word => word !== ''),
        environment: lines.includes('environment'),
        creatable: lines.includes('creatable'),
        installed: new Map(pairs),
      }
    },
    { dear: true },
  )
