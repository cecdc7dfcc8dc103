import { posix } from 'node:path'
import type { Fields } from '../../kit/effect.ts'
import { change, type Edit, type Plan, refuse } from '../../kit/plan.ts'
import type { Entry } from '../../questions/files.ts'
import type { Ids } from '../../questions/system.ts'
import { chcon } from '../../shell/label.ts'
import { raw, sh } from '../../shell/script.ts'
import { facts, mend, run, type Wanted } from './attributes.ts'

/** What a task wants of a link. */
export interface LinkWish {
  readonly path: string
  readonly force: boolean
  readonly follow: boolean
  readonly wanted: Wanted
}

/** A symbolic link that holds `target`. `owned` is what owner and mode apply to: the target when it is followed. */
export function symbolicLink(
  wish: LinkWish & { readonly target: string | undefined },
  self: Entry | undefined,
  owned: Entry | undefined,
  source: Entry | undefined,
  ids: Ids,
): Plan {
  const { path, force } = wish
  const target = wish.target ?? self?.target
  const told = wish.target ?? (wish.follow && owned !== undefined ? target : null)
  const result: Fields = { dest: path, ...(target === undefined ? {} : { src: told }) }
  if (target === undefined) return refuse('src is required for creating new symlinks', undefined, result)
  const attributes = owned === undefined ? [] : mend(path, owned, wish.wanted, ids)
  if (wish.target !== undefined && source === undefined && !force)
    return refuse(
      `src file does not exist, use "force=yes" if you really want to create the link: ${target}`,
      undefined,
      result,
    )
  if (self?.type === 'link' && self.target === target)
    return change(attributes, [`path:${path}`], { ...result, ...facts(self) })
  if (self !== undefined && self.type !== 'link' && !force)
    return refuse(
      `refusing to convert from ${self.type} to symlink for ${path}`,
      'set force: true to replace it',
      result,
    )
  const dress = wish.follow ? (source === undefined ? [] : attributes) : ownersOf(path, wish.wanted)
  return change([replaceBy('link', sh`ln -s`, target, path, self, self?.target), ...dress], [`path:${path}`], {
    ...result,
    state: 'link',
  })
}

/** What gives a link that was just made its label, owner and group. */
const ownersOf = (path: string, { owner, group, label }: Wanted): Edit[] => [
  ...(label === undefined
    ? []
    : [
        {
          what: 'secontext',
          from: 'absent',
          to: Object.values(label).join(':'),
          by: run(sh`${chcon(label)} -h -- ${path}`),
        },
      ]),
  ...(owner === undefined
    ? []
    : [{ what: 'owner', from: 'absent', to: owner, by: run(sh`chown -h -- ${owner} ${path}`) }]),
  ...(group === undefined
    ? []
    : [{ what: 'group', from: 'absent', to: group, by: run(sh`chgrp -h -- ${group} ${path}`) }]),
]

/** A hard link to `src`. */
export function hardLink(
  wish: LinkWish & { readonly src: string },
  self: Entry | undefined,
  source: Entry | undefined,
  ids: Ids,
): Plan {
  const { path, src, force } = wish
  const result: Fields = { dest: path, src }
  if (source === undefined) return refuse(`src does not exist: ${src}`, undefined, result)
  if (source.type === 'directory')
    return refuse(`hard links to directories are not possible: ${src}`, undefined, result)
  const attributes = mend(path, source, wish.wanted, ids)
  if (self !== undefined && self.identity === source.identity && self.identity !== '')
    return change(attributes, [`path:${path}`], { ...result, ...facts(self), state: 'hard' })
  if (self !== undefined && self.type !== 'link' && !force)
    return refuse(
      `Cannot link, different hard link exists at destination: ${path}`,
      'set force: true to replace it',
      result,
    )
  return change(
    [replaceBy('hard', sh`ln`, src, path, self, undefined), ...attributes],
    [`path:${path}`, `path:${src}`],
    {
      ...result,
      state: 'hard',
    },
  )
}

/** Makes the link beside the path and renames it there; an empty directory in the way is removed first, a full one never. */
function replaceBy(
  kind: string,
  tool: ReturnType<typeof raw>,
  source: string,
  path: string,
  self: Entry | undefined,
  was: string | undefined,
): Edit {
  const part = posix.join(posix.dirname(path), '.regplay.')
  const clear = self?.type === 'directory' ? sh`rmdir -- ${path} && ` : raw('')
  const script =
    self === undefined
      ? sh`${tool} -- ${source} ${path}`
      : sh`${clear}t=${part}$$ && ${tool} -- ${source} "$t" && { mv -fT -- "$t" ${path} || { rm -f -- "$t"; false; }; }`
  const from = was === undefined ? (self?.type ?? 'absent') : `link to ${was}`
  return { what: path, from, to: `${kind === 'link' ? 'link' : 'hard link'} to ${source}`, by: run(script) }
}
