import { ask, type TargetQuestion } from '../kit/question.ts'
import type { ArgsSchema } from '../kit/schema.ts'
import { raw } from '../shell/script.ts'
import { lookOr } from './ensure.ts'
import type { Result } from './ports.ts'
import type { Wish } from './wish.ts'

/** `~name` at the beginning of a path, with a name that no shell reads otherwise. */
const HOME = /^~([A-Za-z0-9_][A-Za-z0-9._-]*)(?=\/|$)/

/** Where a user of the target is at home. A user that it does not know is answered as it was asked: `~name`. */
const homeOf = (name: string): TargetQuestion<string> =>
  ask(raw(`printf '%s\\n' ~${name}`), [`user:${name}`, 'path:/etc'], answer => answer.stdout.trimEnd() || `~${name}`)

/** The wish with `~name` of other users opened in the paths of its arguments; or the failure to find out. */
export async function withHomes(wish: Wish): Promise<Wish | { readonly instead: Result }> {
  const args = wish.args as Readonly<Record<string, unknown>>
  const names = new Set(pathsIn(args, wish.module.args).flatMap(path => HOME.exec(path)?.[1] ?? []))
  if (names.size === 0) return wish
  const seen = await lookOr(Object.fromEntries([...names].map(name => [name, homeOf(name)])), wish)
  if ('instead' in seen) return seen
  const opened = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(opened)
    return typeof value === 'string' ? value.replace(HOME, (_, name: string) => String(seen.answers[name])) : value
  }
  const served = pathNames(wish.module.args).filter(name => args[name] !== undefined)
  return { ...wish, args: { ...args, ...Object.fromEntries(served.map(name => [name, opened(args[name])])) } }
}

/** The parameters that are paths of the target, or lists of them. */
const pathNames = ({ properties }: ArgsSchema): string[] =>
  Object.entries(properties).flatMap(([name, { path, items }]) => (path || items?.path ? [name] : []))

const pathsIn = (args: Readonly<Record<string, unknown>>, schema: ArgsSchema): string[] =>
  pathNames(schema)
    .flatMap(name => args[name] ?? [])
    .filter(value => typeof value === 'string')
