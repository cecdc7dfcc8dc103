import { defineModule } from '../kit/module.ts'
import { change, type Edit, refuse } from '../kit/plan.ts'
import { SOURCES_LIST, SOURCES_PARTS, sourceLists } from '../questions/apt-sources.ts'
import { join, type Script, sh } from '../shell/script.ts'
import { aptGet, notDebian, PLAIN } from './shared/apt.ts'
import { fileFor, type Lists, sourceIn, withoutSource, withSource } from './shared/apt-sources.ts'
import { freshMode, run } from './shared/attributes.ts'
import { MODE_PATTERN } from './shared/mode.ts'
import { restored } from './shared/restore.ts'

/** A source of packages of Debian and its kin, as a line of a list. */
export default defineModule({
  name: 'apt_repository',
  summary: 'A source of packages stands in the lists of apt, or does not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['repo'],
    properties: {
      repo: { type: 'string', minLength: 1, description: 'The line: deb [OPTIONS] URL SUITE COMPONENTS' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      filename: { type: 'string', minLength: 1, description: 'Name of a new list in sources.list.d, without .list' },
      mode: { type: 'string', pattern: MODE_PATTERN, description: 'Permissions of a new list; 0644 when absent' },
      update_cache: {
        type: 'boolean',
        default: true,
        aliases: ['update-cache'],
        description: 'Refresh the package lists after a change; when they cannot be, the change is undone',
      },
      update_cache_retries: { type: 'integer', description: 'Accepted; apt retries by itself' },
      update_cache_retry_max_delay: { type: 'integer', description: 'Accepted; apt retries by itself' },
      install_python_apt: { type: 'boolean', description: 'Accepted; Python is not needed' },
      codename: { type: 'string', description: 'Accepted; it means something for PPAs only' },
      validate_certs: { type: 'boolean', description: 'Accepted; it means something for PPAs only' },
    },
  },
  probe: ({ repo, filename }) => ({ lists: sourceLists(fileOf(repo, filename)) }),
  plan(args, { lists }, host) {
    const { repo, state, mode } = args
    const file = fileOf(repo, args.filename)
    const wanted = sourceIn(repo)
    if (host.family !== 'debian') return notDebian('apt_repository', host)
    if (repo.startsWith('ppa:'))
      return refuse(
        'PPAs are not looked up',
        'write the line (deb [signed-by=KEY] URL SUITE COMPONENTS), and bring its key',
      )
    if (wanted === undefined || !wanted.enabled) return refuse(`Invalid repository string: ${repo}`)
    const after = state === 'present' ? withSource(lists, wanted.source, file) : withoutSource(lists, wanted.source)
    const paths = [...after.keys()]
    const result = {
      repo,
      state,
      sources_added: paths.filter(path => !lists.has(path)),
      sources_removed: paths.filter(path => after.get(path) === undefined),
    }
    const edits = paths.map(path => editOf(path, lists.get(path), after.get(path), mode))
    const touches = [
      `path:${SOURCES_LIST}`,
      ...paths.map(path => `path:${path}`),
      'path:/var/lib/apt',
      'path:/var/cache/apt',
    ]
    if (!args.update_cache || edits.length === 0) return change(edits, touches, result)
    const update = aptGet(PLAIN, [['update']], 'refreshing package lists')
    const script = sh`( ${update.script} ) || { s=$?; ${undoing(lists, after)}; exit $s; }`
    const fresh: Edit = { what: 'package lists', from: 'stale', to: 'fresh', by: { ...update, script, told: false } }
    return change([...edits, fresh], touches, result)
  },
})

const fileOf = (repo: string, filename: string | undefined): string => {
  const name = `${filename ?? fileFor(repo)}.list`
  return name.includes('/') ? name : `${SOURCES_PARTS}/${name}`
}

function editOf(path: string, before: string | undefined, after: string | undefined, mode: string | undefined): Edit {
  const texts = { before: before ?? '', after: after ?? '' }
  if (after === undefined) return { what: path, from: 'file', to: 'absent', by: run(sh`rm -f -- ${path}`), texts }
  const fresh = before === undefined ? { mode: freshMode(mode ?? '0644', 'file') } : {}
  return {
    what: path,
    from: before === undefined ? 'absent' : 'file',
    to: 'file',
    by: { kind: 'put', path, content: { text: after }, ...fresh },
    texts,
  }
}

/** Shell text that brings the lists back to what they were. */
const undoing = (before: ReadonlyMap<string, string>, after: Lists): Script =>
  join(
    [...after.keys()].map(path => {
      const old = before.get(path)
      return old === undefined ? sh`rm -f -- ${path}` : restored(path, old)
    }),
    '; ',
  )
