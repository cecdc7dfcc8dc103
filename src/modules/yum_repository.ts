import { posix } from 'node:path'
import { defineModule } from '../kit/module.ts'
import { change, ok, refuse } from '../kit/plan.ts'
import { at, entry } from '../questions/files.ts'
import type { Dressed } from '../questions/worn.ts'
import { sh } from '../shell/script.ts'
import { OWNERSHIP, run } from './shared/attributes.ts'
import { repoText, sameSections, sectionsOf } from './shared/repo-file.ts'
import { OPTIONS, optionsOf } from './shared/repo-options.ts'
import { type RewriteWish, rewrite, textAt } from './shared/rewrite.ts'

const OPEN = 'a file of repositories may be read by everybody; put it in place with template and mode 0600'

/** A repository of dnf's and yum's. */
export default defineModule({
  name: 'yum_repository',
  summary: 'A repository stands in a file of dnf or yum, or does not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, description: 'The repository: the section of the file' },
      description: { type: 'string', description: 'What people read of it: `name` of the section' },
      file: { type: 'string', description: 'Name of the file without .repo; that of the repository when absent' },
      reposdir: { type: 'string', path: true, default: '/etc/yum.repos.d' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      ...OPTIONS,
      password: { type: 'string', refused: OPEN },
      proxy_password: { type: 'string', refused: OPEN },
      ...OWNERSHIP,
    },
  },
  probe: (args, host) => ({
    ...textAt(wishOf(args), host),
    directory: entry(at(args.reposdir, host), true),
  }),
  plan(args, seen, host) {
    const { name, state, description } = args
    const { path } = wishOf(args)
    const result = { repo: name, state }
    if (seen.directory?.type !== 'directory') return refuse(`Repo directory '${args.reposdir}' does not exist.`)
    if (state === 'present' && !args.baseurl && !args.metalink && !args.mirrorlist)
      return refuse("Parameter 'baseurl', 'metalink' or 'mirrorlist' is required.")
    if (state === 'present' && description === undefined) return refuse("Parameter 'description' is required.")
    let before: ReturnType<typeof sectionsOf>
    try {
      before = sectionsOf(seen.text ?? '')
    } catch (error) {
      return refuse(`${host.name}: ${path}: ${(error as Error).message}`)
    }
    const after = new Map([...before].filter(([section]) => section !== name))
    if (state === 'present') after.set(name, optionsOf({ ...args, name: description }))
    if (sameSections(before, after)) {
      const plan = rewrite({ ...wishOf(args), create: false }, seen, text => ({ text }))
      return seen.self === undefined ? ok(result) : { ...plan, result }
    }
    if (after.size === 0)
      return change(
        [{ what: path, from: 'file', to: 'absent', by: run(sh`rm -f -- ${seen.real}`) }],
        [`path:${path}`],
        result,
      )
    const plan = rewrite(wishOf(args), seen, () => ({ text: repoText(after) }))
    return { ...plan, result }
  },
})

/** What is wanted of the file. */
const wishOf = ({
  name,
  file,
  reposdir,
  ...wish
}: Dressed & { readonly name: string; readonly file?: string; readonly reposdir: string }): RewriteWish => ({
  ...wish,
  path: posix.join(reposdir, `${file ?? name}.repo`),
  create: true,
  backup: false,
})
