import { FILTER_FILE, type Item } from '../../questions/sides.ts'

/** A rule of rsync's filters. Patterns and paths are byte strings. */
export interface Rule {
  readonly include: boolean
  /** Decides what is sent. */
  readonly sender: boolean
  /** Decides what may be deleted. */
  readonly receiver: boolean
  /** A plain `-` or `+`, of which `--delete-excluded` leaves only what it says of the sender. */
  readonly plain: boolean
  readonly matches: (path: string, directory: boolean) => boolean
}

const KINDS: Readonly<Record<string, Omit<Rule, 'matches'>>> = {
  '-': { include: false, sender: true, receiver: true, plain: true },
  '+': { include: true, sender: true, receiver: true, plain: true },
  H: { include: false, sender: true, receiver: false, plain: false },
  S: { include: true, sender: true, receiver: false, plain: false },
  P: { include: false, sender: false, receiver: true, plain: false },
  R: { include: true, sender: false, receiver: true, plain: false },
}
const LONG: Readonly<Record<string, string>> = {
  ...{ exclude: '-', include: '+', hide: 'H', show: 'S', protect: 'P', risk: 'R' },
}

/** A rule as `--filter` or a filter file has it; `clear` for `!`, the whole text when it is one of those that are not known here. */
export function ruleOf(text: string): Rule | 'clear' | string {
  if (text === '!' || text === 'clear') return 'clear'
  const [, long, short, pattern = ''] = /^(?:([a-z]+)[ _]|([-+HSPR])[ _]?)(.+)$/s.exec(text) ?? []
  const kind = long === undefined ? (short ?? '') : (LONG[long] ?? '')
  return kind === '' || KINDS[kind] === undefined ? text : rule(kind as '-' | '+', pattern)
}

/** A rule of a kind from its pattern. */
export const rule = (kind: '-' | '+', pattern: string): Rule => {
  const found = KINDS[kind]
  if (found === undefined) throw new Error(`no kind of rule: ${kind}`)
  return { ...found, matches: matcher(pattern) }
}

/**
 * What a pattern matches, as rsync has it: a leading slash ties it to where the transfer begins, a slash at the end to
 * directories; without another slash or `**` it is about the last part of a name only.
 */
function matcher(written: string): Rule['matches'] {
  const directories = written.length > 1 && written.endsWith('/')
  const pattern = directories ? written.slice(0, -1) : written
  const within = pattern.endsWith('/***')
  const bare = (within ? pattern.slice(0, -'/***'.length) : pattern).replace(/^\//, '')
  const whole = pattern.startsWith('/')
  const deep = bare.includes('/') || bare.includes('**') || within
  const source = /[*?[]/.test(bare) ? globSource(bare) : bare.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const start = whole || !deep ? '^' : '(?:^|/)'
  const itself = new RegExp(`${start}${source}$`, 's')
  const test = within ? new RegExp(`${start}${source}(?:/.*)?$`, 's') : itself
  // Where `**/` begins a pattern, the top is a directory, too.
  const top = !whole && bare.startsWith('**') ? '/' : ''
  return (path, directory) => {
    if (directories && !directory) return false
    const name = deep || whole ? `${top}${path}` : (path.split('/').at(-1) ?? path)
    return test.test(name) && !(within && !directory && itself.test(name))
  }
}

/** `*` stops at slashes, `**` does not. */
const globSource = (pattern: string): string =>
  pattern.replaceAll(
    /\*{2,}|\*|\?|\[([!^]?)(\]?(?:\[:\w+:\]|[^\]])*)\]|\\([\s\S])|[\s\S]/g,
    (sign, not: string | undefined, inside: string | undefined, escaped: string | undefined) => {
      if (sign.startsWith('**')) return '.*'
      if (sign === '*') return '[^/]*'
      if (sign === '?') return '[^/]'
      if (inside !== undefined) return classSource(not ?? '', inside)
      return (escaped ?? sign).replace(/[.*+?^${}()|\\[\]]/, '\\$&')
    },
  )

const POSIX: Readonly<Record<string, string>> = {
  ...{
    digit: '0-9',
    alpha: 'A-Za-z',
    alnum: 'A-Za-z0-9',
    upper: 'A-Z',
    lower: 'a-z',
    space: '\\s',
    xdigit: '0-9A-Fa-f',
  },
}

const classSource = (not: string, inside: string): string =>
  `(?!/)[${not === '' ? '' : '^'}${inside.replaceAll(/\[:(\w+):\]|[\\\][^]/g, (sign, name: string | undefined) => (name === undefined ? `\\${sign}` : (POSIX[name] ?? '')))}]`

/** Rules of filter files by their directories. */
export type FilterFiles = ReadonlyMap<string, readonly Rule[]>
/** Whether rules say of a name that it is left alone. */
export type Filter = (path: string, directory: boolean) => boolean

/** What is left out of what is sent. A directory that is left out takes along what is below it. */
export const hiding = (rules: readonly Rule[], files: FilterFiles): Filter =>
  filterOf(files, rules, ({ sender }) => sender)

/**
 * What stands at the goal and must stay; with `all` (`--delete-excluded`) plain rules say nothing of it.
 * @param used is told of directories whose filter files keep something
 */
export const keeping = (rules: readonly Rule[], files: FilterFiles, all: boolean, used: Set<string>): Filter =>
  filterOf(files, rules, ({ receiver, plain }) => receiver && !(all && plain), used)

/** Rules that hold everywhere come after those of filter files, of which those of the nearest directory come first. */
function filterOf(
  files: FilterFiles,
  rules: readonly Rule[],
  counts: (one: Rule) => boolean,
  used?: Set<string>,
): Filter {
  return (path, directory) => {
    if (path === '') return false
    const parts = path.split('/')
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      const above = parts.slice(0, depth).join('/')
      const found = files.get(above)?.find(one => counts(one) && one.matches(parts.slice(depth).join('/'), directory))
      if (found && !found.include) used?.add(above)
      if (found) return !found.include
    }
    const found = rules.find(one => counts(one) && one.matches(path, directory))
    return found !== undefined && !found.include
  }
}

/** The rules in the filter files of a tree, by their directories; a text is a rule that is not known here, with its place. */
export function ruleFiles(items: Iterable<Pick<Item, 'path' | 'filter'>>): FilterFiles | string {
  const files = new Map<string, Rule[]>()
  for (const { path, filter } of items) {
    if (filter === undefined) continue
    const rules = rulesOf(filter)
    if (typeof rules === 'string') return `${rules} (in ${Buffer.from(path, 'latin1').toString()})`
    files.set(path.slice(0, -FILTER_FILE.length).replace(/\/$/, ''), rules)
  }
  return files
}

/** The rules in the lines of a file; the first text that is none. With `kind`, each line is a pattern of that kind (`--exclude-from`). */
export function rulesOf(lines: readonly string[], kind?: '-' | '+'): Rule[] | string {
  let rules: Rule[] = []
  for (const line of lines) {
    if (line.trim() === '' || /^[#;]/.test(line)) continue
    const plain = kind !== undefined && line !== '!' && !/^[-+] /.test(line)
    const found = plain ? rule(kind, line) : ruleOf(line)
    if (found === 'clear') rules = []
    else if (typeof found === 'string') return found
    else rules.push(found)
  }
  return rules
}
