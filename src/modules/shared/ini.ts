import { linesOf } from './lines.ts'

/** What is to be in a text of sections and options. */
export interface IniWish {
  /** '' for the part before the first section. */
  readonly section: string
  readonly option?: string | undefined
  readonly values: readonly string[]
  readonly exclusive: boolean
  readonly no_extra_spaces: boolean
  readonly ignore_spaces: boolean
  readonly allow_no_value: boolean
  readonly modify_inactive_option: boolean
}

interface Edited {
  readonly text: string
  readonly msg: string
}

/** A text cut at a section: the section begins with its header, if it has one. */
interface Cut {
  readonly before: readonly string[]
  readonly section: readonly string[]
  readonly after: readonly string[]
  readonly found: boolean
}

function cut(text: string, section: string): Cut {
  const lines = linesOf(text.replace(/^\uFEFF/, '')).map(line => (line.endsWith('\n') ? line : `${line}\n`))
  if (lines.length === 0) lines.push('\n')
  const start = section === '' ? 0 : lines.findIndex(line => line.startsWith(`[${section}]`))
  if (start < 0) return { before: lines, section: [], after: [], found: false }
  const rest = lines.findIndex((line, i) => line.startsWith('[') && (section === '' ? i >= start : i > start))
  const end = rest < 0 ? lines.length : rest
  return { before: lines.slice(0, start), section: lines.slice(start, end), after: lines.slice(end), found: true }
}

const finish = ({ before, after }: Cut, section: readonly string[], msg: string): Edited => ({
  text: [...before, ...section, ...after].join(''),
  msg,
})

/** How lines of an option are known: active ones, and with `inactive` those behind a comment sign. */
function matcher(option: string, inactive: boolean): (line: string) => string | undefined {
  const name = option.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = new RegExp(`^${inactive ? '(?:[ \\t]*[#;])?' : ''}[ \\t]*${name}[ \\t]*(?:=|$)[ \\t]*(.*)`)
  return line => pattern.exec(line.replace(/\n$/, ''))?.[1]
}

/** The text in which an option has its values, in its section; lines that are there are used again, commented ones too. */
export function withOption(text: string, wish: IniWish): Edited {
  const whole = cut(text, wish.section)
  const written = lineOf(wish)
  const missing = [...new Set(wish.values)]
  if (!whole.found) return withSection(whole, wish, missing, written)
  const { option } = wish
  if (option === undefined) return finish(whole, whole.section, 'OK')
  const valueIn = matcher(option, wish.modify_inactive_option)
  const active = matcher(option, false)
  const done = new Set<number>()
  let msg = 'OK'
  const lines: (string | undefined)[] = [...whole.section]
  const set = (i: number, line: string, value: string): void => {
    done.add(i)
    const old = lines[i] ?? ''
    const alike = wish.ignore_spaces || (value === '' && wish.allow_no_value)
    if (old === line || (alike && active(old) === value)) return
    lines[i] = line
    msg = 'option changed'
  }
  let bare = false
  for (const [i, line] of whole.section.entries()) {
    const value = valueIn(line)
    if (value === undefined) continue
    const at = missing.indexOf(value)
    if (at >= 0) {
      missing.splice(at, 1)
      bare ||= value === '' && wish.allow_no_value
      set(i, written(value), value)
    } else if (wish.values.length === 0 && wish.allow_no_value && !bare) {
      bare = true
      set(i, `${option}\n`, '')
    }
  }
  if (wish.exclusive && !wish.allow_no_value)
    for (const [i, line] of whole.section.entries()) {
      if (done.has(i) || valueIn(line) === undefined) continue
      const value = missing.shift()
      if (value !== undefined) {
        set(i, written(value), value)
        continue
      }
      lines[i] = undefined
      msg = 'option changed'
    }
  const kept = lines.filter(line => line !== undefined)
  const fresh = missing.map(written)
  if (wish.values.length === 0 && wish.allow_no_value && !bare) fresh.push(`${option}\n`)
  if (fresh.length === 0) return finish(whole, kept, msg)
  const last = kept.findLastIndex(line => !/^[ \t]*([#;].*)?$/.test(line.replace(/\n$/, '')))
  return finish(whole, kept.toSpliced(last + 1, 0, ...fresh), 'option added')
}

function withSection(whole: Cut, wish: IniWish, values: readonly string[], written: (value: string) => string): Edited {
  const { section, option, allow_no_value } = wish
  const bare = option !== undefined && values.length === 0 && allow_no_value ? [`${option}\n`] : []
  const options = option === undefined ? [] : [...values.map(written), ...bare]
  const msg = options.length === 0 ? 'only section added' : 'section and option added'
  return finish(whole, [`[${section}]\n`, ...options], msg)
}

/** The text without an option, or without a whole section. */
export function withoutOption(text: string, wish: IniWish): Edited {
  const whole = cut(text, wish.section)
  const { option, exclusive, values } = wish
  if (!whole.found) return finish(whole, [], 'OK')
  if (option === undefined) return finish(whole, [], whole.section.length > 0 ? 'section removed' : 'OK')
  const valueIn = matcher(option, false)
  const kept = whole.section.filter(line => {
    const value = valueIn(line)
    return value === undefined || !(exclusive || values.includes(value))
  })
  return finish(whole, kept, kept.length < whole.section.length ? 'option changed' : 'OK')
}

/** A line for a value, an empty one too. */
const lineOf =
  ({ option = '', no_extra_spaces }: IniWish) =>
  (value: string): string =>
    `${option}${no_extra_spaces ? '=' : ' = '}${value}\n`
