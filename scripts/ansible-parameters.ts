// Writes scripts/ansible-parameters.json, the parameters of Ansible's own modules by `ansible-doc`: npm run ansible-parameters
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { modules } from '../src/modules/index.ts'
import { foreign } from '../src/modules/shared/foreign.ts'

const FILE = fileURLToPath(new URL('ansible-parameters.json', import.meta.url))
const BUILTIN = 'ansible.builtin'

/** Ansible's page says by an entry of this name that the parameters of `file` are taken as well; they are entries of their own. */
const NO_PARAMETER = 'others'

/** What is known of Ansible's modules, and where from. */
export interface AnsibleParameters {
  /** Collection to the version that was asked. */
  readonly versions: Readonly<Record<string, string>>
  /** Full name of a module to its parameters, aliases left out. */
  readonly modules: Readonly<Record<string, readonly string[]>>
}

/** What is committed. */
export const committed = (): AnsibleParameters => JSON.parse(readFileSync(FILE, 'utf8'))

const ask = (program: string, ...args: string[]): Record<string, unknown> =>
  JSON.parse(
    execFileSync(program, args, { encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore'] }),
  )

const sorted = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].sort(([left], [right]) => (left < right ? -1 : 1)))

const collectionOf = (fullName: string): string => fullName.slice(0, fullName.lastIndexOf('.'))

/** Collections whose modules regplay has or knows by name. */
const COLLECTIONS = [...new Set([...modules, ...foreign].map(module => module.collection))]

/** Versions of the collections that are installed; ansible-core's for its own. */
function installed(): Record<string, string> {
  const core = /core ([0-9.]+)/.exec(execFileSync('ansible-doc', ['--version'], { encoding: 'utf8' }))?.[1] ?? ''
  const found = Object.values(ask('ansible-galaxy', 'collection', 'list', '--format', 'json')) as Record<
    string,
    { version: string }
  >[]
  const versions = Object.assign({}, ...found.toReversed()) as Record<string, { version: string }>
  return {
    [BUILTIN]: core,
    ...Object.fromEntries(
      COLLECTIONS.flatMap(name => (versions[name] ? [[name, versions[name].version] as const] : [])),
    ),
  }
}

/**
 * Asks the Ansible that is installed here: all of its own modules, and those of installed collections that regplay has or knows.
 * @throws when there is no `ansible-doc`
 */
export function askAnsible(): AnsibleParameters {
  const versions = installed()
  const wanted = [...modules, ...foreign].map(({ collection, name }) => `${collection}.${name}`)
  const listed = Object.keys(ask('ansible-doc', '--list', '--json', BUILTIN))
    .map(name => (name.includes('.') ? name : `${BUILTIN}.${name}`))
    .filter(name => !name.startsWith(`${BUILTIN}._`))
  const names = [...new Set([...wanted, ...listed])].filter(name => Object.hasOwn(versions, collectionOf(name)))
  const told = ask('ansible-doc', '--json', ...names) as Record<string, { doc: { options?: object } }>
  return {
    versions: sorted(Object.entries(versions)),
    modules: sorted(
      Object.entries(told).map(([name, { doc }]) => [
        name.includes('.') ? name : `${BUILTIN}.${name}`,
        Object.keys(doc.options ?? {})
          .filter(option => option !== NO_PARAMETER)
          .sort(),
      ]),
    ),
  }
}

/** What was known, and over it what this Ansible says: collections that are not installed here keep what they had. */
export function merged(before: AnsibleParameters, now: AnsibleParameters): AnsibleParameters {
  const kept = Object.entries(before.modules).filter(([name]) => !Object.hasOwn(now.versions, collectionOf(name)))
  return {
    versions: sorted(Object.entries({ ...before.versions, ...now.versions })),
    modules: sorted([...kept, ...Object.entries(now.modules)]),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { versions, modules: names } = merged(committed(), askAnsible())
  // A line a module, so that a difference between versions can be read.
  const lines = Object.entries(names).map(
    ([name, parameters]) => `    ${JSON.stringify(name)}: ${JSON.stringify(parameters)}`,
  )
  const text = `{\n  "versions": ${JSON.stringify(versions)},\n  "modules": {\n${lines.join(',\n')}\n  }\n}\n`
  writeFileSync(FILE, text)
}
