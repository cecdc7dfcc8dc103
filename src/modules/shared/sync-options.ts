import { didYouMean } from '../../base/nearest.ts'
import { FILTER_FILE } from '../../questions/sides.ts'
import { MODE_PATTERN } from './mode.ts'
import { type Rule, rule, ruleOf, rulesOf } from './sync-filter.ts'
import { split, Unsplittable } from './words.ts'

/** What a synchronization keeps, compares, leaves out and takes away: the parameters, and `rsync_opts` over them. */
export interface SyncOptions {
  recursive: boolean
  dirs: boolean
  links: boolean
  copyLinks: boolean
  perms: boolean
  times: boolean
  owner: boolean
  group: boolean
  checksum: boolean
  sizeOnly: boolean
  update: boolean
  existing: boolean
  ignoreExisting: boolean
  delete: boolean
  deleteExcluded: boolean
  force: boolean
  numeric: boolean
  omitDirTimes: boolean
  omitLinkTimes: boolean
  /** Directories above the goal are made, too. */
  makePath: boolean
  /** `.rsync-filter` is read in every directory. */
  filterFiles: boolean
  rules: readonly Rule[]
  /** Changes of modes, of both kinds of things or of one. */
  chmod: readonly { readonly of: 'D' | 'F' | ''; readonly mode: string }[]
  chown?: { readonly user: string; readonly group: string }
}

/** The parameters that options come from. */
export interface SyncArgs {
  readonly archive: boolean
  readonly checksum: boolean
  readonly copy_links: boolean
  readonly delay_updates: boolean
  readonly delete: boolean
  readonly dirs: boolean
  readonly existing_only: boolean
  readonly recursive?: boolean
  readonly links?: boolean
  readonly perms?: boolean
  readonly times?: boolean
  readonly owner?: boolean
  readonly group?: boolean
  readonly rsync_opts: readonly string[]
}

type Switch = { [K in keyof SyncOptions]: SyncOptions[K] extends boolean ? K : never }[keyof SyncOptions] & string

const ARCHIVE: readonly Switch[] = ['recursive', 'links', 'perms', 'times', 'owner', 'group']

/** Options that switch something, by their long and short names. */
const SWITCHES: Readonly<Record<string, readonly Switch[]>> = {
  ...{ archive: ARCHIVE, a: ARCHIVE },
  ...{ recursive: ['recursive'], r: ['recursive'], links: ['links'], l: ['links'] },
  ...{ perms: ['perms'], p: ['perms'], times: ['times'], t: ['times'], owner: ['owner'], o: ['owner'] },
  ...{ group: ['group'], g: ['group'], checksum: ['checksum'], c: ['checksum'], dirs: ['dirs'], d: ['dirs'] },
  ...{ 'copy-links': ['copyLinks'], L: ['copyLinks'], update: ['update'], u: ['update'], 'size-only': ['sizeOnly'] },
  ...{ existing: ['existing'], 'ignore-non-existing': ['existing'], 'ignore-existing': ['ignoreExisting'] },
  ...{ delete: ['delete'], del: ['delete'], 'delete-after': ['delete'], 'delete-before': ['delete'] },
  ...{ 'delete-during': ['delete'], 'delete-delay': ['delete'], 'delete-excluded': ['delete', 'deleteExcluded'] },
  ...{ force: ['force'], 'numeric-ids': ['numeric'], 'omit-dir-times': ['omitDirTimes'], O: ['omitDirTimes'] },
  ...{ 'omit-link-times': ['omitLinkTimes'], J: ['omitLinkTimes'], mkpath: ['makePath'] },
}

/** Options that say something with a value. */
const VALUES = ['exclude', 'include', 'filter', 'exclude-from', 'include-from', 'chmod', 'chown']

/** How rsync sends or what it tells, which says nothing of what is there in the end. */
const IDLE =
  /^(?:compress|z|compress-(?:level|choice)|zc|zl|partial|partial-dir|P|progress|whole-file|W|verbose|v|quiet|q|human-readable|h|itemize-changes|i|stats|info|debug|motd|fsync|preallocate|blocking-io|delay-updates|timeout|contimeout|outbuf|msgs2stderr|inc-recursive|i-r|devices|specials|D|8|8-bit-output|protect-args|s|secluded-args|old-args|temp-dir|T|inplace|sparse|S)$/
/** Of these, a value may stand in the next word. */
const VALUED =
  /^(?:exclude|include|filter|f|exclude-from|include-from|chmod|chown|compress-level|compress-choice|zc|zl|partial-dir|info|debug|timeout|contimeout|outbuf|temp-dir|T)$/

/** An option of rsync that has no counterpart here, or cannot be read. */
export class NotHonoured extends Error {
  readonly remedy: string

  constructor(message: string, remedy = 'leave it out, or run rsync by command') {
    super(message)
    this.remedy = remedy
  }
}

/** Files with patterns that options name. */
export function patternFiles(words: readonly string[]): string[] {
  return optionsIn(words).flatMap(({ name, value }) => (/^(?:exclude|include)-from$/.test(name) ? [value] : []))
}

interface Option {
  readonly name: string
  readonly value: string
  readonly no: boolean
  readonly written: string
}

/** Options one by one: long ones with their values, short ones letter for letter. */
function optionsIn(given: readonly string[]): Option[] {
  const words = split(given.join(' '))
  const found: Option[] = []
  for (let i = 0; i < words.length; i++) {
    const written = words[i] ?? ''
    const [, long, equals] = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(written) ?? []
    if (long !== undefined) {
      const no = long.startsWith('no-')
      const name = no ? long.slice('no-'.length) : long
      const value = equals ?? (!no && VALUED.test(name) ? words[++i] : undefined) ?? ''
      found.push({ name, value, no, written })
    } else if (/^-[A-Za-z0-9]/.test(written)) {
      for (let at = 1; at < written.length; at++) {
        const name = written.charAt(at)
        const valued = VALUED.test(name)
        const value = valued ? written.slice(at + 1) || words[++i] || '' : ''
        found.push({ name, value, no: false, written: `-${name}` })
        if (valued) break
      }
    } else
      throw new NotHonoured(
        `rsync_opts has '${written}', which is no option`,
        'src and dest have parameters of their own',
      )
  }
  return found
}

/**
 * The parameters and options together; options come later, and win. Throws `NotHonoured`.
 * @param files the lines of files with patterns, as byte strings
 */
export function syncOptions(args: SyncArgs, files: ReadonlyMap<string, readonly string[]>): SyncOptions {
  const options: SyncOptions = {
    ...{ recursive: args.recursive ?? args.archive, links: args.links ?? args.archive },
    ...{ perms: args.perms ?? args.archive, times: args.times ?? args.archive },
    ...{ owner: args.owner ?? args.archive, group: args.group ?? args.archive },
    ...{ dirs: args.dirs, copyLinks: args.copy_links, checksum: args.checksum, delete: args.delete },
    ...{ existing: args.existing_only, ignoreExisting: false, update: false, sizeOnly: false, deleteExcluded: false },
    ...{ force: false, numeric: false, omitDirTimes: false, omitLinkTimes: false, makePath: false },
    ...{ filterFiles: args.delay_updates, rules: [], chmod: [] },
  }
  for (const option of optionsIn(args.rsync_opts)) take(options, option, files)
  return options
}

/** What is wrong with a list of options that stands in a playbook, and with which of its items. */
export function optionFault(
  items: readonly unknown[],
): { readonly index: number; readonly why: string; readonly remedy: string } | undefined {
  // What stands behind a template may be the value of what it renders to.
  const open = items.indexOf(undefined)
  const words = items.slice(0, open < 0 ? undefined : open).map(String)
  const faultIn = (some: readonly string[]): NotHonoured | undefined => {
    try {
      syncOptions({ ...NO_ARGS, rsync_opts: some }, new Map())
      return undefined
    } catch (error) {
      if (error instanceof NotHonoured) return error
      if (error instanceof Unsplittable)
        return new NotHonoured(`rsync_opts cannot be read: ${error.message}`, 'close the quotation')
      throw error
    }
  }
  const fault = faultIn(words)
  const index = words.findIndex((_, i) => faultIn(words.slice(0, i + 1))?.message === fault?.message)
  return fault && { index, why: `cannot be honoured: ${fault.message}`, remedy: fault.remedy }
}

const NO_ARGS: Omit<SyncArgs, 'rsync_opts'> = {
  ...{ archive: true, checksum: false, copy_links: false, delay_updates: true, delete: false, dirs: false },
  existing_only: false,
}

/** An option that nobody knows here, and the one that was meant. */
function unknown({ written, no }: Option): NotHonoured {
  const words = [...Object.keys(SWITCHES), ...VALUES].filter(name => name.length > 1)
  const near = didYouMean(
    written.replace(/=.*/s, ''),
    words.map(name => (no ? `--no-${name}` : `--${name}`)),
  )
  return new NotHonoured(`the option '${written}' in rsync_opts is not supported${near}`)
}

function take(options: SyncOptions, option: Option, files: ReadonlyMap<string, readonly string[]>): void {
  const { name, value, no } = option
  const bytes = Buffer.from(value).toString('latin1')
  const add = (rules: Rule[] | string): void => {
    if (typeof rules === 'string') throw new NotHonoured(`the rule '${rules}' of rsync's filters is not supported`)
    options.rules = [...options.rules, ...rules]
  }
  const switches = SWITCHES[name]
  if (switches) for (const one of switches) options[one] = !no
  else if (no && /^[rlptogcdLuOJ]$/.test(name)) for (const one of SWITCHES[name] ?? []) options[one] = false
  else if (IDLE.test(name)) return
  else if (no) throw unknown(option)
  else if (name === 'exclude') add([rule('-', bytes)])
  else if (name === 'include') add([rule('+', bytes)])
  else if (name === 'exclude-from' || name === 'include-from')
    add(rulesOf(files.get(value) ?? [], name === 'exclude-from' ? '-' : '+'))
  else if (name === 'F') {
    if (options.filterFiles) add([rule('-', FILTER_FILE)])
    options.filterFiles = true
  } else if (name === 'filter' || name === 'f') {
    const found = ruleOf(bytes)
    if (found === 'clear') options.rules = []
    else add(typeof found === 'string' ? found : [found])
  } else if (name === 'chmod') options.chmod = [...options.chmod, ...value.split(',').map(changeOf)]
  else if (name === 'chown') {
    const [user = '', group = ''] = value.split(':')
    const before = options.chown ?? { user: '', group: '' }
    for (const of of ['user', 'group'] as const)
      if (before[of] !== '' && { user, group }[of] !== '')
        throw new NotHonoured(`--chown names a ${of} twice`, 'give it once')
    options.chown = { user: user || before.user, group: group || before.group }
    options.owner ||= user !== ''
    options.group ||= group !== ''
  } else throw unknown(option)
}

function changeOf(text: string): SyncOptions['chmod'][number] {
  const [, of = '', mode = ''] = /^([DF]?)(.*)$/.exec(text) ?? []
  if (mode === '' || !new RegExp(MODE_PATTERN).test(mode)) throw new NotHonoured(`'${text}' is no mode for --chmod`)
  return { of: of as 'D' | 'F' | '', mode }
}
