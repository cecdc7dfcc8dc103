import { linesOf } from './lines.ts'

/** What a rule of a PAM service has that tells it from others. */
export interface PamKey {
  readonly type: string
  readonly control: string
  readonly path: string
}

interface Rule extends PamKey {
  readonly args: readonly string[]
}

/** A line of a PAM service: a rule, or what is kept as it is; an `@include` parts rules from each other, other text does not. */
type Line = { readonly rule: Rule } | { readonly text: string; readonly parts: boolean }

/** What is to become of the rules that a key names. */
export type PamWish = { readonly at: PamKey } & (
  | { readonly state: 'absent' }
  | { readonly state: 'updated'; readonly to: Partial<PamKey>; readonly args?: readonly string[] }
  | { readonly state: 'before'; readonly to: PamKey; readonly args?: readonly string[] }
  | { readonly state: 'after'; readonly to: PamKey; readonly args?: readonly string[] }
  | { readonly state: 'args_present'; readonly args: readonly string[] }
  | { readonly state: 'args_absent'; readonly args: readonly string[] }
)

/** A text of a PAM service that was edited, and how many rules are another way. */
export interface PamEdited {
  readonly text: string
  readonly count: number
  /** The first line that PAM would not take, and why; the text is not to be written then. */
  readonly fault?: string
}

export const PAM_TYPES = 'account -account auth -auth password -password session -session'.split(' ')
const CONTROLS = new Set('required requisite sufficient optional include substack definitive'.split(' '))
const ACTIONS = new Set('ignore bad die ok done reset'.split(' '))
const VALUES = new Set(
  'success open_err symbol_err service_err system_err buf_err perm_denied auth_err cred_insufficient authinfo_unavail user_unknown maxtries new_authtok_reqd acct_expired session_err cred_unavail cred_expired cred_err no_module_data conv_err authtok_err authtok_recover_err authtok_lock_busy authtok_disable_aging try_again ignore abort authtok_expired module_unknown bad_item conv_again incomplete default'.split(
    ' ',
  ),
)

/**
 * The rules of a service as they are wanted. Where one changes, every rule is written as Ansible writes rules: the type in
 * eleven columns, then control, path and arguments with a space between. Comments and empty lines stay where they are.
 */
export function withPam(text: string, wish: PamWish): PamEdited {
  const lines = linesOf(text).map(one => one.replace(/\r?\n$/, ''))
  const read = lines.map(parsed)
  const odd = read.indexOf(undefined)
  if (odd >= 0) return { text, count: 0, fault: `Rule is not valid ${lines[odd]}` }
  const { lines: edited, count } = applied(read as Line[], wish)
  const fault = edited.map(one => ('rule' in one ? faultOf(one.rule) : undefined)).find(one => one !== undefined)
  if (fault !== undefined) return { text, count, fault }
  return { text: count === 0 ? text : edited.map(one => `${written(one)}\n`).join(''), count }
}

/** The words of module arguments; what stands in brackets is one. */
export const pamWords = (texts: readonly string[]): string[] => texts.flatMap(one => one.match(/\[.*\]|\S+/g) ?? [])

function parsed(line: string): Line | undefined {
  const text = line.trim()
  if (text === '' || text.startsWith('#')) return { text: line, parts: false }
  if (text.startsWith('@include')) return { text: line, parts: true }
  const [, type, control, path, args] =
    /(-?(?:auth|account|session|password))\s+(\[.*\]|\S*)\s+(\S*)\s*(.*)/.exec(line) ?? []
  if (type === undefined || control === undefined || path === undefined || line.endsWith('\\')) return undefined
  return { rule: { type, control: controlOf(control), path, args: pamWords([args ?? '']) } }
}

/** A control in brackets without spaces about its equal signs. */
const controlOf = (text: string): string =>
  text.startsWith('[') ? `[${text.replaceAll(' = ', '=').replaceAll(/[[\]]/g, '')}]` : text

const written = (line: Line): string => {
  if ('text' in line) return line.text
  const { type, control, path, args } = line.rule
  return [`${type.padEnd(11)}${control}`, path, ...args].join(' ')
}

function faultOf(rule: Rule): string | undefined {
  const { type, control } = rule
  const where = `is not valid in rule ${written({ rule })}`
  if (!PAM_TYPES.includes(type)) return `Rule type, ${type}, ${where}`
  if (!control.startsWith('[')) return CONTROLS.has(control) ? undefined : `Rule control, ${control}, ${where}`
  for (const one of control.slice(1, -1).split(' ')) {
    const [value = '', action = ''] = one.split('=')
    if (!VALUES.has(value)) return `Rule control value, ${value}, ${where}`
    if (!ACTIONS.has(action) && !/^\d+$/.test(action)) return `Rule control action, ${action}, ${where}`
  }
  return undefined
}

const named = (line: Line | undefined, key: PamKey): boolean =>
  line !== undefined &&
  'rule' in line &&
  line.rule.type === key.type &&
  line.rule.control === controlOf(key.control) &&
  line.rule.path === key.path

function applied(lines: readonly Line[], wish: PamWish): { lines: Line[]; count: number } {
  const { at } = wish
  if (wish.state === 'absent') {
    const kept = lines.filter(one => !named(one, at))
    return { lines: kept, count: lines.length - kept.length }
  }
  if (wish.state === 'before' || wish.state === 'after') return inserted(lines, wish)
  let count = 0
  const edited = lines.map(one => {
    if (!named(one, at) || !('rule' in one)) return one
    const rule = changed(one.rule, wish)
    if (JSON.stringify(rule) === JSON.stringify(one.rule)) return one
    count += 1
    return { rule }
  })
  return { lines: edited, count }
}

/** A new rule beside each that is named, unless its neighbour is that rule already, whatever its arguments. */
function inserted(
  lines: readonly Line[],
  { at, to, args = [], state }: Extract<PamWish, { state: 'before' | 'after' }>,
): { lines: Line[]; count: number } {
  const fresh: Line = { rule: { ...to, control: controlOf(to.control), args: pamWords(args) } }
  const counts = (one: Line): boolean => 'rule' in one || one.parts
  let count = 0
  const edited = lines.flatMap((one, i) => {
    if (!named(one, at)) return [one]
    const neighbour = state === 'before' ? lines.slice(0, i).findLast(counts) : lines.slice(i + 1).find(counts)
    if (named(neighbour, to)) return [one]
    count += 1
    return state === 'before' ? [fresh, one] : [one, fresh]
  })
  return { lines: edited, count }
}

function changed(rule: Rule, wish: Exclude<PamWish, { state: 'absent' | 'before' | 'after' }>): Rule {
  if (wish.state === 'updated') {
    const { type = rule.type, control = rule.control, path = rule.path } = wish.to
    return {
      type,
      control: controlOf(control),
      path,
      args: wish.args === undefined ? rule.args : pamWords(wish.args),
    }
  }
  const words = pamWords(wish.args)
  if (wish.state === 'args_absent') return { ...rule, args: rule.args.filter(one => !words.includes(one)) }
  const args = [...rule.args]
  for (const word of words) {
    const key = word.includes('=') ? word.slice(0, word.indexOf('=') + 1) : undefined
    // Of a name that stands there twice, the last value counts.
    const there = key === undefined ? word : args.findLast(one => one.startsWith(key))
    const at = there === undefined ? -1 : args.indexOf(there)
    if (at < 0) args.push(word)
    else args[at] = word
  }
  return { ...rule, args }
}
