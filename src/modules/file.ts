import { posix } from 'node:path'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { change, ok, refuse } from '../kit/plan.ts'
import { at, type Entry, type Reached, reached, real as realPath } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { filled, type Stamps, stamps } from '../questions/standing.ts'
import { flagsBelow, shades } from '../questions/trees.ts'
import { type Where, worn } from '../questions/worn.ts'
import { sh } from '../shell/script.ts'
import { facts, mend, OWNERSHIP, run, wantedOf } from './shared/attributes.ts'
import { directory } from './shared/directory.ts'
import { hardLink, symbolicLink } from './shared/links.ts'
import { type Times, TOUCH_FORMAT, timesOf } from './shared/times.ts'
import { touch } from './shared/touch.ts'

const FORMAT = "How the time is written, in the words of Python's strptime"

/** Files, directories, links, and the absence of all of them. */
export default defineModule({
  name: 'file',
  summary: 'A path is a file, directory or link with the right owner and permissions, or is absent',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: { type: 'string', path: true, minLength: 1, aliases: ['dest', 'name'] },
      state: { type: 'string', enum: ['absent', 'directory', 'file', 'hard', 'link', 'touch'] },
      src: { type: 'string', path: true, description: 'What a link points to' },
      recurse: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      follow: { type: 'boolean', default: true },
      modification_time: { type: 'string', minLength: 1, description: 'now, preserve, or a time of the host' },
      access_time: { type: 'string', minLength: 1, description: 'now, preserve, or a time of the host' },
      modification_time_format: { type: 'string', default: TOUCH_FORMAT, description: FORMAT },
      access_time_format: { type: 'string', default: TOUCH_FORMAT, description: FORMAT },
      ...OWNERSHIP,
    },
  },
  probe(args, host) {
    const path = at(args.path, host)
    const src = sourceOf(args, path, host)
    return {
      self: reached(path),
      // Where a hard link goes when a directory is there.
      inner: args.state === 'hard' ? reached(innerOf(path, args, host)) : known<Reached>(undefined),
      full: args.force && LINKS.includes(args.state ?? '') ? filled(path) : known(false),
      stamps: args.state === 'touch' || timed(args) ? stamps(path, readable(timesOf(args))) : known<Stamps>({}),
      real: args.follow || FOLLOWING.includes(args.state ?? '') ? reached(path, true) : known<Reached>(undefined),
      end: args.state === 'directory' && args.follow ? realPath(path) : known(path),
      source: src === undefined ? known<Reached>(undefined) : reached(src, true),
      ids: worn(wornAt(args, path, src, host), args),
      below: args.recurse ? shades(path, args.follow) : known<readonly Entry[]>([]),
      flags: args.recurse && args.attributes !== undefined ? flagsBelow(path) : known<readonly string[]>([]),
    }
  },
  plan(args, seen, host) {
    const { inner, full, stamps: times, end, ids: numbers, below, flags } = seen
    const [there, real, source] = [standing(seen.self), standing(seen.real), standing(seen.source)]
    // A link to a directory is as good as one.
    const into = args.state === 'hard' && real?.type === 'directory'
    const path = into ? innerOf(at(args.path, host), args, host) : at(args.path, host)
    const self = into ? standing(inner) : there
    const here = args.follow && real !== undefined ? real : self
    const state = args.state ?? (self?.type === 'link' ? 'link' : here?.type) ?? (args.recurse ? 'directory' : 'file')
    const wanted = wantedOf(args, numbers)
    const touches = [`path:${path}`]
    const given = timesOf(args)
    if ('wrong' in given) return refuse(given.wrong, 'write the time as its format says', { path })
    if (args.src !== undefined && !LINKS.includes(state))
      return refuse("src option requires state to be 'link' or 'hard'")
    if (args.recurse && state !== 'directory') return refuse("recurse option requires state to be 'directory'")
    if (seen.self === 'endless' ? !['absent', 'file'].includes(state) : seen.real === 'endless' && MADE.includes(state))
      return refuse(
        `cannot make anything at ${path}: the links on the way there lead in a circle or below themselves`,
        'remove the link (state: absent), or let it lead elsewhere (state: link)',
        { path },
      )
    if (state === 'absent') {
      // `link/` is what the link leads to, and `file/` is nothing.
      const below = args.path.endsWith('/') && self !== undefined && self.type !== 'directory'
      if (below && real?.type === 'directory')
        return refuse(`${path} is a link to a directory`, 'write it without the slash at its end to remove the link')
      if (below) return ok({ path, state: 'absent' })
      const edits = self && [{ what: path, from: self.type, to: 'absent', by: run(sh`rm -rf -- ${path}`) }]
      return change(edits ?? [], touches, { path, state: 'absent' })
    }
    if (full && self?.type === 'directory')
      return refuse(`the directory ${path} is not empty, refusing to convert it`, 'remove it first (state: absent)', {
        path,
      })
    if (state === 'link')
      return symbolicLink(
        { ...args, path, wanted, target: args.src },
        self,
        args.follow ? (source ?? real) : self,
        source,
        numbers,
      )
    if (state === 'hard')
      return args.src === undefined
        ? refuse('src is required for creating new hardlinks')
        : hardLink({ ...args, path, wanted, src: at(args.src, host) }, self, source, numbers)
    if (state === 'touch' && self?.type === 'link' && real === undefined && !settled(args))
      return refuse(`${path} is a link to ${self.target}, which is not there`, 'make that first, or remove the link', {
        path,
      })
    if (state === 'touch') return touch(path, here, given, times, wanted, numbers)
    if (state === 'directory' && args.follow && real === undefined && self?.target !== undefined)
      return directory(end, undefined, NOTHING, wanted, numbers)
    if (state === 'directory') return directory(path, here, { below, flags }, wanted, numbers)
    if (here === undefined)
      return refuse(`file (${path}) is absent, cannot continue`, `create it with copy, template or state: touch`, {
        path,
      })
    if (args.state === 'file' && (here.type === 'directory' || here.type === 'link'))
      return refuse(`file (${path}) is ${here.type}, cannot continue`, undefined, { path })
    if (timed(args)) return touch(path, here, { ...PRESERVED, ...given }, times, wanted, numbers, 'path')
    return change(mend(path, here, wanted, numbers), touches, { path, ...facts(here) })
  },
})

const readable = (given: ReturnType<typeof timesOf>): Times => ('wrong' in given ? {} : given)

const NOTHING = { below: [], flags: [] }

const PRESERVED: Times = { modification_time: 'preserve', access_time: 'preserve' }

/** Whether a time is asked for. */
const timed = ({ modification_time = 'preserve', access_time = 'preserve' }: Times): boolean =>
  modification_time !== 'preserve' || access_time !== 'preserve'

/** Whether a file that is touched keeps its times. */
const settled = (times: Times): boolean => times.modification_time === 'preserve' && times.access_time === 'preserve'

const LINKS: readonly string[] = ['link', 'hard']

/** States of which something is made where a link leads to nothing. */
const MADE: readonly string[] = ['directory', 'touch']

/** States that are of what a link leads to, whatever `follow` says. */
const FOLLOWING: readonly string[] = ['hard', 'touch']

const standing = (seen: Reached): Entry | undefined => (seen === 'endless' ? undefined : seen)

/** What is dressed: a hard link's file, what a link leads to, or the path itself. */
function wornAt(
  args: { src?: string; state?: string; follow: boolean },
  path: string,
  src: string | undefined,
  host: HostInfo,
): Where {
  if (args.state === 'link' && src !== undefined) return args.follow ? { path: src, follow: true } : { path }
  if (args.state === 'hard') return { path: src ?? innerOf(path, args, host) }
  return { path, follow: args.follow }
}

/** Where in a directory a hard link goes. */
const innerOf = (path: string, args: { src?: string }, host: HostInfo): string =>
  posix.join(path, posix.basename(at(args.src ?? '', host)))

/** The path that `src` names: relative to the link's directory, or to the directory that stands in its place. */
function sourceOf(args: { src?: string; state?: string }, path: string, host: HostInfo): string | undefined {
  if (args.src === undefined || (args.state !== 'link' && args.state !== 'hard')) return undefined
  const src = at(args.src, host)
  return src.startsWith('/') || args.state === 'hard' ? src : posix.join(posix.dirname(path), src)
}
