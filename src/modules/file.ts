import { posix } from 'node:path'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { change, refuse } from '../kit/plan.ts'
import { at, type Entry, entry } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { ids } from '../questions/system.ts'
import { shades } from '../questions/trees.ts'
import { sh } from '../shell/script.ts'
import { facts, mend, OWNERSHIP, run } from './shared/attributes.ts'
import { directory } from './shared/directory.ts'
import { hardLink, symbolicLink } from './shared/links.ts'
import { touch } from './shared/touch.ts'

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
      modification_time: { type: 'string', pattern: '^(now|preserve|\\d{12}(\\.\\d\\d)?)$' },
      access_time: { type: 'string', pattern: '^(now|preserve|\\d{12}(\\.\\d\\d)?)$' },
      modification_time_format: { type: 'string', refused: 'times are written as YYYYMMDDhhmm.ss' },
      access_time_format: { type: 'string', refused: 'times are written as YYYYMMDDhhmm.ss' },
      ...OWNERSHIP,
    },
  },
  probe(args, host) {
    const path = at(args.path, host)
    const src = sourceOf(args, path, host)
    return {
      self: entry(path),
      real: args.follow || args.state === 'hard' ? entry(path, true) : known<Entry | undefined>(undefined),
      source: src === undefined ? known<Entry | undefined>(undefined) : entry(src, true),
      ids: ids(args.owner, args.group),
      below: args.recurse ? shades(path, args.follow) : known<readonly Entry[]>([]),
    }
  },
  plan(args, { self, real, source, ids: numbers, below }, host) {
    const path = at(args.path, host)
    const here = args.follow && real !== undefined ? real : self
    const state = args.state ?? here?.type ?? (args.recurse ? 'directory' : 'file')
    const { mode, owner, group } = args
    const wanted = { mode, owner, group }
    const touches = [`path:${path}`]
    if (args.recurse && state !== 'directory') return refuse("recurse option requires state to be 'directory'")
    if (state === 'absent') {
      const edits = self && [{ what: path, from: self.type, to: 'absent', by: run(sh`rm -rf -- ${path}`) }]
      return change(edits ?? [], touches, { path, state: 'absent' })
    }
    if (state === 'link' && args.state === 'link')
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
    if (state === 'touch') return touch(path, here, args, wanted, numbers)
    if (state === 'directory') return directory(path, here, below, wanted, numbers)
    if (here === undefined)
      return refuse(`file (${path}) is absent, cannot continue`, `create it with copy, template or state: touch`, {
        path,
      })
    if (args.state === 'file' && here.type !== 'file')
      return refuse(`file (${path}) is ${here.type}, cannot continue`, undefined, { path })
    return change(mend(path, here, wanted, numbers), touches, { path, ...facts(here) })
  },
})

/** The path that `src` names: relative to the link's directory, or to the directory that stands in its place. */
function sourceOf(args: { src?: string; state?: string }, path: string, host: HostInfo): string | undefined {
  if (args.src === undefined || (args.state !== 'link' && args.state !== 'hard')) return undefined
  const src = at(args.src, host)
  return src.startsWith('/') || args.state === 'hard' ? src : posix.join(posix.dirname(path), src)
}
