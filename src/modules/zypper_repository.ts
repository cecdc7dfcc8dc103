import { dict } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, ok, type Plan, refuse } from '../kit/plan.ts'
import { at, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { zypperRepos } from '../questions/zypper-repos.ts'
import { join, nothing, type Script, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { isUrl, served } from './shared/http.ts'
import { differs, matching, ofFile, type Repodata, repodataOf } from './shared/zypper-repo.ts'

const ZYPPER = ['--quiet', '--non-interactive']

/** A repository of openSUSE and SUSE Linux Enterprise. */
export default defineModule({
  name: 'zypper_repository',
  collection: 'community.general',
  summary: 'A repository is among those of zypper, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, description: 'Its alias; a .repo file brings its own' },
      repo: {
        type: 'string',
        minLength: 1,
        description: 'Its URL, or a .repo file by URL or path of the target; * for all with runrefresh',
      },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      description: { type: 'string' },
      enabled: { type: 'boolean', default: true },
      autorefresh: { type: 'boolean', default: true, aliases: ['refresh'] },
      disable_gpg_check: { type: 'boolean', default: false },
      priority: { type: 'integer' },
      overwrite_multiple: { type: 'boolean', default: false, description: 'Also when alias and URL are those of two' },
      auto_import_keys: {
        type: 'boolean',
        default: false,
        description: 'Trust the key of a repository that is new or changed',
      },
      runrefresh: { type: 'boolean', default: false, description: 'Fetch the list of its packages, each time' },
    },
  },
  probe: ({ repo = '' }, host) => {
    const file = repo.endsWith('.repo')
    const web = file && isUrl(repo)
    return {
      seen: zypperRepos,
      web: served(web ? repo : undefined),
      kept: file && !web ? text(at(repo, host)) : known<string | undefined>(undefined),
    }
  },
  plan(args, { seen, web, kept }, host): Plan {
    const { name, repo, state, runrefresh } = args
    const wanted = state === 'present'
    const isFile = repo?.endsWith('.repo') === true
    if (seen === undefined) return refuse(`${host.name} has no zypper`, 'zypper_repository is for openSUSE and its kin')
    if (repo === '*' || name === '*')
      return runrefresh
        ? refreshing('all repositories', refresh(args.auto_import_keys, undefined), { runrefresh })
        : refuse('repo=* can only be used with the runrefresh option.')
    if (wanted && repo === undefined) return refuse('Module option state=present requires repo')
    if (repo === undefined && name === undefined) return refuse('Alias or repo parameter required when state=absent')
    if (isFile && name !== undefined)
      return refuse("Incompatible option: 'name'. Do not use name when adding .repo files")
    if (!isFile && wanted && name === undefined) return refuse('Name required when adding non-repo files.')
    const read = isFile
      ? ofFile(web?.toString('utf8') ?? kept, repodataOf(args))
      : { data: repodataOf(args), keys: false }
    if ('wrong' in read) return refuse(`${repo}: ${read.wrong}`, 'give a .repo file with one repository')
    const { data } = read
    const found = matching(seen.repos, data)
    const result = { repodata: dict({ ...data }), state }
    if (found.length > 1 && !args.overwrite_multiple)
      return refuse(
        `More than one repo matched "${data.alias}": ${found.map(one => `${one['alias']} (${one['url']})`).join(', ')}`,
        'overwrite_multiple: true removes all of them first',
      )
    const short = data.alias ?? repo ?? ''
    const old = found.map(one => one['alias'] ?? '')
    const remove = old.length === 0 ? nothing : sh`zypper ${ZYPPER} removerepo -- ${old}`
    const changing = (to: string, script: Script) =>
      change([{ what: `repository ${short}`, from: old.join(', ') || 'absent', to, by: run(script) }], TOUCHES, result)
    if (!wanted) return found.length === 0 ? ok(result) : changing('absent', remove)
    const fetch = refresh(args.auto_import_keys || read.keys, short)
    const [only] = found
    if (only !== undefined && found.length === 1 && !differs(only, data, seen))
      return runrefresh ? refreshing(short, fetch, result) : ok(result)
    const add = sh`zypper ${ZYPPER} addrepo ${optionsOf(data)} -- ${[repo ?? '', ...(isFile ? [] : [short])]}`
    const steps = [...(old.length === 0 ? [] : [remove]), add]
    const whole = join([...steps, ...(runrefresh || args.auto_import_keys || read.keys ? [fetch] : [])], ' && ')
    if (!runrefresh) return changing('as wanted', whole)
    return act(`add ${short}`, run(whole), outcome => ended(outcome, result), { touches: TOUCHES, dry: 'pretend' })
  },
})

const TOUCHES = ['path:/etc/zypp', 'path:/var/cache/zypp', 'path:/var/lib/rpm']

/** The package lists of a repository, or of all, are fetched anew. */
const refresh = (keys: boolean, name: string | undefined): Script =>
  sh`zypper ${[...ZYPPER, ...(keys ? ['--gpg-auto-import-keys'] : []), 'refresh', '--force', ...(name === undefined ? [] : ['-r', name])]}`

const refreshing = (what: string, script: Script, result: Parameters<typeof ended>[1]): Plan =>
  act(`refresh ${what}`, run(script), outcome => ended(outcome, result, false), { touches: TOUCHES })

const optionsOf = ({ name, priority, enabled, gpgcheck, autorefresh }: Repodata): string[] => [
  '--check',
  ...(name ? ['--name', name] : []),
  ...(priority ? ['--priority', String(priority)] : []),
  ...(enabled === '0' ? ['--disable'] : []),
  gpgcheck === '1' ? '--gpgcheck' : '--no-gpgcheck',
  ...(autorefresh === '1' ? ['--refresh'] : []),
]
