import { posix } from 'node:path'
import type { Fields } from '../kit/effect.ts'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, type Edit, type Plan, refuse } from '../kit/plan.ts'
import { at } from '../questions/files.ts'
import { normal, pipSeen } from '../questions/pip.ts'
import { run } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { joinedNames } from './shared/joined.ts'
import { environmentScript, installScript, type Requirement, requirementsIn } from './shared/pip.ts'
import { satisfies } from './shared/python-version.ts'
import { split } from './shared/words.ts'

const TEXT = { type: 'string', minLength: 1 } as const
const PATH = { ...TEXT, path: true } as const

/** Packages of Python. */
export default defineModule({
  name: 'pip',
  summary: "Packages of Python are installed, in an environment of their own or in the host's",
  args: {
    type: 'object',
    additionalProperties: false,
    oneOf: [['name', 'requirements']],
    exclusive: [
      ['name', 'requirements'],
      ['executable', 'virtualenv'],
    ],
    properties: {
      name: {
        type: 'array',
        items: { type: 'string' },
        description: 'Names, with versions such as >=1.0,<2 behind them, URLs or paths',
      },
      version: { ...TEXT, description: 'The version of the one name' },
      requirements: { ...TEXT, description: 'A file of the target that lists them' },
      virtualenv: { ...PATH, description: 'An environment of their own, which is made when it is not there' },
      virtualenv_site_packages: { type: 'boolean', default: false },
      virtualenv_command: { ...TEXT, default: 'virtualenv', description: 'What makes it, such as python3 -m venv' },
      virtualenv_python: TEXT,
      state: { type: 'string', enum: ['absent', 'forcereinstall', 'latest', 'present'], default: 'present' },
      extra_args: { type: 'string' },
      editable: { type: 'boolean', default: false },
      chdir: PATH,
      executable: { ...TEXT, description: 'Another pip, by its name or path' },
      umask: { type: 'string', pattern: '^[0-7]{1,4}$' },
      break_system_packages: {
        type: 'boolean',
        default: false,
        description: 'Also where the system manages its packages itself',
      },
    },
  },
  probe: (args, host) => ({
    seen: pipSeen(environmentOf(args, host), args.executable, split(args.virtualenv_command)[0] ?? ''),
  }),
  plan(args, { seen }, host): Plan {
    const { state, version, requirements } = args
    const environment = environmentOf(args, host)
    const wanted = requirementsIn(args.name ?? [])
    if (state === 'latest' && version !== undefined) return refuse('version is incompatible with state=latest')
    if (version !== undefined && wanted.length > 1)
      return refuse(
        "'version' argument is ambiguous when installing multiple package distributions.",
        'write versions behind the names',
      )
    const [first] = wanted
    if (version !== undefined && first && first.specifier !== '')
      return refuse("The 'version' argument conflicts with any version specifier provided along with a package name.")
    const all: readonly Requirement[] =
      version === undefined || !first
        ? wanted
        : [{ ...first, written: `${first.written}==${version}`, specifier: `==${version}` }]
    if (environment === undefined && seen.pip.length === 0)
      return refuse(`${host.name} has no ${args.executable ?? 'pip'}`, 'install python3-pip, or give virtualenv')
    if (environment !== undefined && !seen.environment && !seen.creatable)
      return refuse(
        `${host.name} has no ${split(args.virtualenv_command)[0]}`,
        'install it, or set virtualenv_command: python3 -m venv',
      )
    const edits: Edit[] = []
    if (environment !== undefined && !seen.environment)
      edits.push({
        what: environment,
        from: 'absent',
        to: 'environment',
        by: run(environmentScript(args, environment), 'making an environment'),
      })
    const words = [
      ...split(args.extra_args ?? ''),
      ...(args.editable ? ['-e'] : []),
      ...(args.break_system_packages ? ['--break-system-packages'] : []),
    ]
    const by = run(installScript({ ...args, words, all, environment }, host), 'installing packages of Python')
    const result: Fields = {
      name: args.name ? [...args.name] : null,
      version: version ?? null,
      state,
      requirements: requirements ?? null,
      virtualenv: environment ?? null,
    }
    const known = all.every(one => one.name !== undefined) && requirements === undefined
    const told = all.map(one => [one, seen.installed.get(normal(one.name ?? ''))] as const)
    const fits = told.map(
      ([one, now]) => now !== undefined && (one.specifier === '' ? true : satisfies(now, one.specifier)),
    )
    if (known && !args.editable && (state === 'present' || state === 'absent') && !fits.includes(undefined)) {
      for (const [i, [one, now]] of told.entries())
        if (state === 'present' ? !fits[i] : now !== undefined)
          edits.push({
            what: one.name ?? '',
            from: now ?? 'absent',
            to: state === 'present' ? one.specifier || 'installed' : 'absent',
            by,
          })
      return change(edits, ['everything'], result)
    }
    const whole =
      edits.length === 0
        ? by
        : run(
            installScript({ ...args, words, all, environment, make: environmentScript(args, environment ?? '') }, host),
          )
    return act(
      `pip ${state}`,
      whole,
      outcome => {
        const { stdout, stderr } = outcome
        const report = ended(
          outcome,
          { ...result, stdout, stderr },
          /^regplay: other packages$/m.test(stdout) || edits.length > 0,
        )
        return { ...report, result: { ...report.result, stdout: stdout.replace(/^regplay: other packages\n/m, '') } }
      },
      { dry: 'pretend' },
    )
  },
  join: all =>
    joinedNames(
      all.map(args => {
        const { name = [], version, ...rest } = args
        return version === undefined || name.length !== 1 ? args : { ...rest, name: [`${name[0]}==${version}`] }
      }),
    ),
  afterwards(args, { seen }, edits, host) {
    const names = new Set(requirementsIn(args.name ?? []).map(({ name }) => normal(name ?? '')))
    // Which version another turn leaves is not known before.
    if (edits.some(({ what }) => names.has(normal(what)))) return undefined
    const environment = environmentOf(args, host)
    return { seen: { ...seen, environment: seen.environment || edits.some(({ what }) => what === environment) } }
  },
})

const environmentOf = (
  { virtualenv, chdir }: { virtualenv?: string; chdir?: string },
  host: HostInfo,
): string | undefined => {
  const path = virtualenv === undefined ? undefined : at(virtualenv, host)
  return path === undefined || posix.isAbsolute(path) || chdir === undefined ? path : posix.join(at(chdir, host), path)
}
