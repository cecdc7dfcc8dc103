import { posix } from 'node:path'
import { defineModule } from '../kit/module.ts'
import { refuse } from '../kit/plan.ts'
import { PAM_TYPES, type PamKey, type PamWish, pamWords, withPam } from './shared/pam.ts'
import { rewrite, textAt } from './shared/rewrite.ts'

/** A rule of a PAM service is as it should be. */
export default defineModule({
  name: 'pamd',
  collection: 'community.general',
  summary: 'A rule of a PAM service is as it should be, or is not there',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'type', 'control', 'module_path'],
    properties: {
      name: { type: 'string', minLength: 1, description: 'The service: the name of its file' },
      type: { type: 'string', enum: PAM_TYPES, description: 'With control and module_path: the rules that are meant' },
      control: { type: 'string', minLength: 1, description: 'required, sufficient ..., or several values in brackets' },
      module_path: { type: 'string', minLength: 1 },
      new_type: { type: 'string', enum: PAM_TYPES },
      new_control: { type: 'string' },
      new_module_path: { type: 'string' },
      module_arguments: {
        type: 'array',
        items: { type: 'string' },
        description: 'All arguments of the rule; with args_present and args_absent those that are wanted or not',
      },
      state: {
        type: 'string',
        enum: ['absent', 'after', 'args_absent', 'args_present', 'before', 'updated'],
        default: 'updated',
        description: 'With before and after a new rule stands beside the one that is meant',
      },
      path: { type: 'string', path: true, default: '/etc/pam.d', description: 'The directory of the services' },
      backup: { type: 'boolean', default: false, description: 'Keep the old file beside the new one' },
    },
  },
  probe: ({ path, name, backup }, host) => textAt({ path: posix.join(path, name), backup }, host),
  plan(args, seen) {
    const { backup, state, module_arguments: words } = args
    const file = posix.join(args.path, args.name)
    const wish = wishOf(args)
    if (typeof wish === 'string') return refuse(wish)
    if (seen.self === undefined)
      return refuse(`Unable to open/read PAM module file ${file}: it does not exist`, 'install what brings the service')
    if (state === 'args_present' && pamWords(words ?? []).some(one => one.startsWith('[')))
      return refuse(
        "Unable to process bracketed '[' complex arguments with 'args_present'. Please use 'updated'.",
        'use state: updated, with all arguments of the rule',
      )
    const { fault, count } = withPam(seen.text ?? '', wish)
    if (fault !== undefined) return refuse(fault, `mend ${file} first`)
    const edited = (text: string) => ({ text: withPam(text, wish).text })
    return rewrite({ path: file, backup }, seen, edited, { backupdest: '' }, { change_count: count })
  },
})

interface Args {
  readonly type: string
  readonly control: string
  readonly module_path: string
  readonly new_type?: string | undefined
  readonly new_control?: string | undefined
  readonly new_module_path?: string | undefined
  readonly module_arguments?: readonly string[] | undefined
  readonly state: PamWish['state']
}

/** The wish that the parameters mean, or what is missing among them. */
function wishOf(args: Args): PamWish | string {
  const { state, new_type: type, new_control: control, new_module_path: path, module_arguments: words } = args
  const at: PamKey = { type: args.type, control: args.control, path: args.module_path }
  const more = words === undefined ? {} : { args: words }
  if (state === 'absent') return { state, at }
  if (state === 'args_present' || state === 'args_absent')
    return words === undefined
      ? `state is ${state} but all of the following are missing: module_arguments`
      : { state, at, args: words }
  const to = { ...(type ? { type } : {}), ...(control ? { control } : {}), ...(path ? { path } : {}) }
  if (state === 'updated') return { state, at, to, ...more }
  const missing = Object.entries({ new_control: control, new_type: type, new_module_path: path }).flatMap(
    ([name, value]) => (value === undefined ? [name] : []),
  )
  if (missing.length > 0) return `state is ${state} but all of the following are missing: ${missing.join(', ')}`
  return { state, at, to: to as PamKey, ...more }
}
