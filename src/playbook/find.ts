import { readdirSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { nearest } from '../base/nearest.ts'
import { statOf } from '../base/stat.ts'
import type { Scope } from './ast.ts'
import type { ParseContext } from './context.ts'

const EXTENSIONS = ['.yml', '.yaml', '.json', '']

const kind = (path: string): 'file' | 'directory' | undefined => {
  const found = statOf(path)
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
  const base = insideRole(dir, part, name)
  if (base === undefined) return undefined
  const extensions = /\.(?:ya?ml|json)$/.test(name) ? [''] : EXTENSIONS
  return extensions.map(extension => base + extension).find(path => kind(path) === 'file')
}

/** The files of a part of a role that may be a directory of files (`vars/main/*.yml`), in their order. */
export function roleParts(dir: string, part: string, name: string): string[] {
  const single = rolePart(dir, part, name)
  if (single !== undefined) return [single]
  const base = insideRole(dir, part, name)
  return base !== undefined && kind(base) === 'directory' ? filesIn(base) : []
}

/** The path that a `..._from` means, without its extension; undefined when it leads out of the role. */
export function insideRole(dir: string, part: string, name: string): string | undefined {
  const path = resolve(dir, part, name)
  return path.startsWith(`${resolve(dir)}/`) ? path : undefined
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
