import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { nearest } from '../base/nearest.ts'
import { isTemplated } from '../kit/args.ts'
import { type Mapping, type Node, scalar } from '../source/node.ts'
import type { Scope } from './ast.ts'
import type { Env, ParseContext } from './context.ts'

const EXTENSIONS = ['.yml', '.yaml', '.json', '']

const kind = (path: string): 'file' | 'directory' | undefined => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() ? 'directory' : found ? 'file' : undefined
}

/** Where static imports of tasks are looked for: beside the importing file, in the role, in the playbook's directory. */
export function findTasks(name: string, scope: Scope): { file?: string; tried: readonly string[] } {
  const here = dirname(scope.file)
  const role = scope.role?.dir
  const folder = scope.handlers ? 'handlers' : 'tasks'
  const tried = isAbsolute(name)
    ? [name]
    : [
        join(here, name),
        ...(role === undefined ? [] : [join(role, folder, name), join(role, 'tasks', name), join(role, name)]),
        join(scope.playDir, 'tasks', name),
        join(scope.playDir, name),
      ]
  const file = tried.find(path => kind(path) === 'file')
  return file === undefined ? { tried: [...new Set(tried)] } : { file, tried }
}

/** Where a role is: by path, in a collection, or by name in the places where roles are looked for. */
export interface RolePlace {
  readonly dir?: string
  /** `NAMESPACE.COLLECTION`, when it was found in one. */
  readonly collection?: string
  readonly tried: readonly string[]
}

export function findRole(name: string, scope: Scope, ctx: ParseContext): RolePlace {
  const tried: string[] = []
  for (const [collection, path] of inCollections(name, scope, ctx)) {
    if (kind(path) === 'directory') return { dir: path, collection, tried }
    tried.push(path)
  }
  const places = [
    join(scope.playDir, 'roles'),
    ...ctx.rolePaths.map(path => resolve(path)),
    ...(scope.role ? [dirname(scope.role.dir)] : []),
    scope.playDir,
  ]
  tried.push(...(isAbsolute(name) ? [name] : places.map(place => join(place, name))))
  const dir = tried.find(path => kind(path) === 'directory')
  return dir === undefined ? { tried } : { dir, tried }
}

/** Where collections are: beside the playbook, where the collection is that it belongs to, then the usual places. */
const collectionRoots = (scope: Scope, ctx: ParseContext): string[] =>
  [
    join(scope.playDir, 'collections'),
    ...(/^(.*)\/ansible_collections\//.exec(scope.playDir)?.slice(1) ?? []),
    ...(ctx.collectionPaths ?? []),
  ].map(path => join(resolve(path), 'ansible_collections'))

/** The places of a role in collections, each with its collection: by its full name, or in those that `collections` lists. */
function inCollections(name: string, scope: Scope, ctx: ParseContext): [string, string][] {
  const [namespace, collection, ...role] = name.split('.')
  const roots = collectionRoots(scope, ctx)
  const places = (of: string, path: string): [string, string][] =>
    roots.map(root => [of, join(root, ...of.split('.'), 'roles', path)])
  if (/^[\w.]+$/.test(name) && namespace && collection && role.length > 0)
    return places(`${namespace}.${collection}`, join(...role))
  if (name.includes('/')) return []
  return (scope.collections ?? [])
    .filter(of => !/^ansible\.(?:builtin|legacy)$/.test(of))
    .flatMap(of => places(of, name))
}

/** The playbook that a collection brings (`NAMESPACE.COLLECTION.NAME`); undefined when the name is no such name. */
export function collectionPlaybook(
  name: string,
  scope: Scope,
  ctx: ParseContext,
): { readonly file: string; readonly collection: string } | undefined {
  const match = /^(\w+)\.(\w+)\.([\w.]+)$/.exec(name)
  if (!match) return undefined
  const [, namespace = '', collection = '', path = ''] = match
  const file = collectionRoots(scope, ctx)
    .flatMap(root =>
      EXTENSIONS.map(end => join(root, namespace, collection, 'playbooks', path.replaceAll('.', '/') + end)),
    )
    .find(path => kind(path) === 'file')
  return file === undefined ? undefined : { file, collection: `${namespace}.${collection}` }
}

/** The role that was likely meant by a name that is no directory. */
export function nearestRole(tried: readonly string[]): string | undefined {
  const names = tried.flatMap(path => {
    const place = dirname(path)
    return kind(place) === 'directory' ? readdirSync(place) : []
  })
  return nearest(basename(tried[0] ?? ''), names)
}

/** The file of a part of a role (`tasks`, `vars` ...): `main`, or what a `..._from` names; undefined when there is none. */
export function rolePart(dir: string, part: string, name: string): string | undefined {
  const base = join(dir, part, name)
  const extensions = /\.(?:ya?ml|json)$/.test(name) ? [''] : EXTENSIONS
  return extensions.map(extension => base + extension).find(path => kind(path) === 'file')
}

/** The files of a part of a role that may be a directory of files (`vars/main/*.yml`), in their order. */
export function roleParts(dir: string, part: string, name: string): string[] {
  const single = rolePart(dir, part, name)
  if (single !== undefined) return [single]
  const base = join(dir, part, name)
  return kind(base) === 'directory' ? filesIn(base) : []
}

const filesIn = (dir: string): string[] =>
  readdirSync(dir)
    .filter(name => !name.startsWith('.') && !name.endsWith('~'))
    .sort()
    .flatMap(name => {
      const path = join(dir, name)
      if (kind(path) === 'directory') return filesIn(path)
      return /\.(?:ya?ml|json)$/.test(name) ? [path] : []
    })

/**
 * The text of the name of a static import. Templates in it can only use what is known before the run: extra vars, variables
 * of play and import, `playbook_dir` and `role_path`.
 * @returns undefined, and a fault, when it cannot be known
 */
export function staticName(node: Node, scope: Scope, env: Env, what: string): string | undefined {
  if (node.kind !== 'scalar' || node.value === null) {
    env.faults.add('playbook-type', `${what} names nothing`, node.span, `write ${what}: NAME`)
    return undefined
  }
  if (!isTemplated(node.text)) return node.text
  const vars = [...scope.vars, magic(scope, node)]
  try {
    const text = env.ctx.render ? env.ctx.render(node.text, vars, node.span) : substitute(node.text, vars)
    if (text !== undefined) return text
    throw new Error('it needs variables')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const remedy =
      'imports are resolved before the run: use include_tasks or include_role, or give the variable with -e'
    env.faults.add(
      'import-template',
      `${what} '${node.text}' cannot be known before the run: ${why}`,
      node.span,
      remedy,
    )
    return undefined
  }
}

/** Variables that static names may use though nobody sets them. */
function magic(scope: Scope, node: Node): Mapping {
  const known: [string, string][] = [['playbook_dir', scope.playDir]]
  if (scope.role) known.push(['role_path', scope.role.dir], ['role_name', scope.role.name])
  const entries = known.map(([key, value]) => ({ key: scalar(key, node.span), value: scalar(value, node.span) }))
  return { kind: 'mapping', entries, span: node.span }
}

/** Bare names in a template, when all of them are plain text; undefined otherwise. */
function substitute(text: string, vars: readonly Mapping[]): string | undefined {
  const known = new Map<string, string>()
  for (const { key, value } of vars.flatMap(mapping => mapping.entries))
    if (value.kind === 'scalar' && value.value !== null && !isTemplated(value.text)) known.set(key.text, value.text)
  const out = text.replace(/\{\{\s*(\w+)\s*\}\}/g, (all, name: string) => known.get(name) ?? all)
  return isTemplated(out) ? undefined : out
}
