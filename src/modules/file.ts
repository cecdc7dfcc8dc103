import { posix } from 'node:path'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, type Edit, type Plan, refuse } from '../kit/plan.ts'
import { at, type Entry, entry, shades } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { type Ids, ids } from '../questions/system.ts'
import { join, sh } from '../shell/script.ts'
import { adorn, differences, facts, mend, OWNERSHIP, prospect, run, type Wanted } from './shared/attributes.ts'
import { hardLink, symbolicLink } from './shared/links.ts'
import { modeFrom, modeText } from './shared/mode.ts'

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

/** A directory with its parents: every directory that is made gets the same owner and mode, like Ansible's. */
function directory(path: string, here: Entry | undefined, below: readonly Entry[], wanted: Wanted, numbers: Ids): Plan {
  if (here === undefined) {
    const parents = path
      .split('/')
      .map((_, i, parts) => parts.slice(0, i + 1).join('/'))
      .filter(part => part !== '')
    const make = run(
      join(
        parents.map(part => sh`{ [ -d ${part} ] || { mkdir -- ${part}${adorn(part, wanted, 'directory')}; }; }`),
        ' && ',
      ),
    )
    const attributes = Object.entries(wanted).flatMap(([what, to]) =>
      to === undefined
        ? []
        : [{ what, from: '', to: String(what === 'mode' ? prospect(wanted, 'directory')['mode'] : to), by: make }],
    )
    return change([{ what: path, from: 'absent', to: 'directory', by: make }, ...attributes], [`path:${path}`], {
      path,
      ...prospect(wanted, 'directory'),
    })
  }
  if (here.type !== 'directory')
    return refuse(`${path} already exists as a ${here.type}`, 'remove it first (state: absent)', { path })
  return change([...mend(path, here, wanted, numbers), ...mendTree(path, below, wanted, numbers)], [`path:${path}`], {
    path,
    ...facts(here),
  })
}

/** One edit for each distinct way in which things in the tree differ. */
function mendTree(path: string, below: readonly Entry[], wanted: Wanted, numbers: Ids): Edit[] {
  const edits = new Map<string, Edit>()
  for (const seen of below)
    for (const { what, from, to } of differences(seen, wanted, numbers)) {
      const script =
        what === 'mode'
          ? sh`find -H ${path} -type ${seen.type === 'directory' ? 'd' : 'f'} -perm ${from} -exec chmod -- ${to} {} +`
          : sh`find -H ${path} -exec ${what === 'owner' ? 'chown' : 'chgrp'} -h -- ${to} {} +`
      edits.set(script.wire, { what: `${what} below ${path}`, from, to, by: run(script) })
    }
  return [...edits.values()].sort((a, b) => Number(a.what.startsWith('mode')) - Number(b.what.startsWith('mode')))
}

/** `touch`: makes an empty file, or sets its times; only when both times are preserved is there nothing to do. */
function touch(
  path: string,
  here: Entry | undefined,
  args: { modification_time?: string; access_time?: string },
  wanted: Wanted,
  numbers: Ids,
): Plan {
  const keep = args.modification_time === 'preserve' && args.access_time === 'preserve'
  if (here !== undefined && keep)
    return change(mend(path, here, wanted, numbers), [`path:${path}`], { dest: path, ...facts(here) })
  const make = sh`[ -e ${path} ] || : >${path}`
  if (keep) {
    const by = run(sh`${make}${adorn(path, wanted, 'file')}`)
    return change([{ what: path, from: 'absent', to: 'file', by }], [`path:${path}`], {
      dest: path,
      ...prospect(wanted, 'file'),
    })
  }
  const stamp = (flag: '-a' | '-m', time = 'now') =>
    time === 'preserve'
      ? []
      : [time === 'now' ? sh` && touch ${flag} -- ${path}` : sh` && touch ${flag} -t ${time} -- ${path}`]
  const kind = here?.type === 'directory' ? 'directory' : 'file'
  const given =
    here === undefined || wanted.mode === undefined
      ? wanted
      : { ...wanted, mode: modeText(modeFrom(wanted.mode, here.mode, kind === 'directory')) }
  const script = join(
    [make, adorn(path, given, kind), ...stamp('-a', args.access_time), ...stamp('-m', args.modification_time)],
    '',
  )
  return act(
    `touch ${path}`,
    run(script),
    outcome => ({
      changed: outcome.code === 0,
      ...(outcome.code === 0 ? {} : { failed: outcome.stderr.trim() || `touch ended with status ${outcome.code}` }),
      result: { dest: path, ...prospect(wanted, 'file') },
    }),
    { touches: [`path:${path}`], dry: 'pretend' },
  )
}
