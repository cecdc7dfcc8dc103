import { dict, float, type Value } from '../base/value.ts'
import { type Compiled, compilePattern } from '../jinja/regex/pattern.ts'
import { defineModule } from '../kit/module.ts'
import { ok } from '../kit/plan.ts'
import { type Contents, contents } from '../questions/contents.ts'
import { at } from '../questions/files.ts'
import { type Found, found } from '../questions/found.ts'
import { known } from '../questions/known.ts'
import { fnmatch } from './shared/fnmatch.ts'
import { linesOf } from './shared/lines.ts'
import { KINDS, modeFields } from './shared/stat-fields.ts'

/** Files of the target by name, age, size and content. */
export default defineModule({
  name: 'find',
  summary: 'Tells which files of the target match',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['paths'],
    properties: {
      paths: { type: 'array', items: { type: 'string' }, aliases: ['name', 'path'] },
      patterns: { type: 'array', items: { type: 'string' }, default: [], aliases: ['pattern'] },
      excludes: { type: 'array', items: { type: 'string' }, default: [], aliases: ['exclude'] },
      use_regex: { type: 'boolean', default: false },
      file_type: { type: 'string', enum: ['any', 'directory', 'file', 'link'], default: 'file' },
      recurse: { type: 'boolean', default: false },
      depth: { type: 'integer', minimum: 1 },
      hidden: { type: 'boolean', default: false },
      follow: { type: 'boolean', default: false },
      age: { type: 'string', pattern: '^-?\\d+[smhdwSMHDW]?$' },
      age_stamp: { type: 'string', enum: ['atime', 'ctime', 'mtime'], default: 'mtime' },
      size: { type: 'string', pattern: '^-?\\d+[bkmgtBKMGT]?$' },
      contains: { type: 'string', description: 'Regular files of which a line begins so, as an expression' },
      get_checksum: { type: 'boolean', default: false },
      read_whole_file: { type: 'boolean', default: false, description: 'contains is looked for anywhere in the text' },
    },
  },
  probe(args, host) {
    const roots = args.paths.map(path => at(path, host))
    const wish = { depth: args.recurse ? args.depth : 1, follow: args.follow }
    const read = args.contains !== undefined && args.file_type === 'file'
    const names = args.use_regex ? [] : args.patterns
    return {
      seen: found(roots, { ...wish, checksum: args.get_checksum }),
      texts: read ? contents(roots, { ...wish, names, hidden: args.hidden }) : known<Contents>(new Map()),
    }
  },
  plan(args, { seen, texts }) {
    const { entries, now, unreadable } = seen
    const holds = (one: Found): boolean =>
      args.contains === undefined ||
      args.file_type !== 'file' ||
      matches(texts.get(one.path), compilePattern(args.contains), args.read_whole_file)
    const files = entries.filter(one => passes(one, args, now) && holds(one))
    return ok({
      files: files.map(fieldsOf),
      matched: files.length,
      examined: entries.length,
      skipped_paths: dict(Object.fromEntries(unreadable.map(path => [path, 'not a directory or not readable']))),
      msg: unreadable.length === 0 ? 'All paths examined' : 'Not all paths examined, check warnings for details',
    })
  },
})

interface Wish {
  readonly patterns: readonly string[]
  readonly excludes: readonly string[]
  readonly use_regex: boolean
  readonly file_type: 'any' | 'directory' | 'file' | 'link'
  readonly hidden: boolean
  readonly age?: string
  readonly age_stamp: 'atime' | 'ctime' | 'mtime'
  readonly size?: string
}

/** Whether a line begins with the expression, or all of the text has it somewhere; what is no text has nothing. */
function matches(bytes: Buffer | undefined, pattern: Compiled, whole: boolean): boolean {
  const text = bytes?.toString('utf8')
  if (bytes === undefined || text === undefined || !Buffer.from(text).equals(bytes)) return false
  const clean = text.replaceAll(/\r\n?/g, '\n')
  return whole ? pattern.find(clean) !== null : linesOf(clean).some(line => pattern.find(line, 0, true) !== null)
}

const TYPES = { directory: KINDS.isdir, file: KINDS.isreg, link: KINDS.islnk } as const

function passes(one: Found, wish: Wish, now: number): boolean {
  const name = one.path.split('/').at(-1) ?? ''
  if (!wish.hidden && name.startsWith('.')) return false
  if (wish.file_type !== 'any' && one.bits >> 12 !== TYPES[wish.file_type]) return false
  const named = (pattern: string) =>
    wish.use_regex ? compilePattern(pattern).find(name, 0, true) !== null : fnmatch(pattern).test(name)
  if (wish.patterns.length > 0 && !wish.patterns.some(named)) return false
  if (wish.excludes.some(named)) return false
  // A directory or link has a size of no meaning, which is not looked at.
  const sized = one.bits >> 12 !== KINDS.isreg || within(wish.size, SIZES, one.size)
  return sized && within(wish.age, AGES, now - one[wish.age_stamp])
}

const AGES: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const SIZES: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

/** At least so much, or at most when it is written with a minus. */
function within(limit: string | undefined, units: Readonly<Record<string, number>>, value: number): boolean {
  const [, minus, number, unit = ''] = /^(-?)(\d+)([a-z]?)$/.exec(limit?.toLowerCase() ?? '') ?? []
  if (number === undefined) return true
  const bound = Number(number) * (units[unit] ?? 1)
  return minus === '-' && bound > 0 ? value <= bound : value >= bound
}

const fieldsOf = (one: Found): Value =>
  dict({
    path: one.path,
    ...modeFields(one.bits),
    uid: one.uid,
    gid: one.gid,
    size: one.size,
    inode: one.inode,
    dev: one.device,
    nlink: one.links,
    atime: float(one.atime),
    mtime: float(one.mtime),
    ctime: float(one.ctime),
    pw_name: one.owner,
    gr_name: one.group,
    ...(one.checksum === undefined ? {} : { checksum: one.checksum }),
  })
