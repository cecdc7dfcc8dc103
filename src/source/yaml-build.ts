import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import type { Diagnostic } from '../base/diagnostic.ts'
import { Unsafe, Vaulted } from '../base/value.ts'
import type { Lines } from './lines.ts'
import type { Entry, Mapping, Node, Scalar, Sequence } from './node.ts'
import { QUOTE_TEMPLATE } from './yaml-fault.ts'
import { mergeEntries } from './yaml-merge.ts'
import { resolvePlain } from './yaml-scalar.ts'
import { type Tag, tagged, tagOf } from './yaml-tag.ts'

/** Aliases in one document. */
const ALIASES = 1000
/** Nodes that aliases and merges may stand for together, counted as if each were written out. */
const EXPANSION = 100_000

interface Anchor {
  /** null while its own node is being built: an alias to it now would be a circle. */
  node: Node | null
  size: number
}

/** Builds nodes from the events of js-yaml, one document at a call. */
export class Builder {
  readonly faults: Diagnostic[] = []
  readonly #text: string
  readonly #lines: Lines
  readonly #events: readonly Event[]
  #at = 0
  #offset = 0
  #anchors = new Map<string, Anchor>()
  #aliases = 0
  #expanded = 0
  #nodes = 0
  #unsafe = 0

  constructor(text: string, lines: Lines, events: readonly Event[]) {
    this.#text = text
    this.#lines = lines
    this.#events = events
  }

  next(): { node: Node | null; span: Node['span'] } | undefined {
    const event = this.#events[this.#at]
    if (!event) return undefined
    this.#at++
    this.#anchors = new Map()
    this.#aliases = 0
    this.#expanded = 0
    const first = this.#events[this.#at]
    const node = this.#node()
    this.#at++
    const empty = first?.type === EVENT_ID.SCALAR && first.valueStart < 0 && first.tagStart < 0
    return { node: empty ? null : node, span: node.span }
  }

  #fault(code: string, message: string, span: Node['span'], remedy: string, severity: 'error' | 'warning' = 'error') {
    this.faults.push({ code, severity, message, span, remedy })
  }

  #node(): Node {
    const event = this.#events[this.#at++]
    if (!event) throw new Error('js-yaml ended its events inside a document')
    this.#nodes++
    if (event.type === EVENT_ID.ALIAS) return this.#alias(this.#text.slice(event.anchorStart, event.anchorEnd), event)
    if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) throw new Error('js-yaml events out of order')
    const before = this.#nodes + this.#expanded
    const anchor: Anchor = { node: null, size: 0 }
    if (event.anchorStart >= 0) this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), anchor)
    const node = this.#built(event)
    anchor.node = node
    anchor.size = this.#nodes + this.#expanded - before + 1
    return node
  }

  #built(event: Exclude<Event, { type: 1 | 5 | 6 }>): Node {
    const tag = event.tagStart >= 0 ? this.#tag(event.tagStart, event.tagEnd, event.type) : undefined
    if (event.type === EVENT_ID.SCALAR) return this.#scalar(event, tag)
    this.#offset = event.start
    if (tag === 'unsafe') this.#unsafe++
    const node = event.type === EVENT_ID.SEQUENCE ? this.#sequence(event.start) : this.#mapping(event.start)
    if (tag === 'unsafe') this.#unsafe--
    return node
  }

  #tag(start: number, end: number, type: number): Tag | undefined {
    const text = this.#text.slice(start, end)
    const kind = type === EVENT_ID.SCALAR ? 'scalar' : type === EVENT_ID.SEQUENCE ? 'sequence' : 'mapping'
    const found = tagOf(text, kind)
    if (found !== undefined) return found
    const span = this.#lines.span(start)
    this.#fault(
      'yaml-tag',
      `the tag ${text} is not known here`,
      span,
      'known tags: !vault, !unsafe, !!str, !!int, !!float, !!bool, !!null, !!map, !!seq',
    )
    return undefined
  }

  #scalar(event: ScalarEvent, tag: Tag | undefined): Scalar {
    const text = event.valueStart < 0 ? '' : getScalarValue(this.#text, event)
    if (event.valueStart >= 0) this.#offset = event.valueStart + Math.max(event.indent, 0)
    const span = this.#lines.span(Math.min(this.#offset, this.#text.length))
    if (event.valueEnd >= 0) this.#offset = event.valueEnd
    const plain = event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0
    if (!event.fast && event.style === SCALAR_STYLE.DOUBLE_QUOTED && /\p{Surrogate}/u.test(text))
      this.#fault(
        'yaml-text',
        'an escape makes half of a surrogate pair, which is no character',
        span,
        'write the character itself',
      )
    let value: Scalar['value'] | undefined = plain ? resolvePlain(text) : text
    if (tag !== undefined) value = tagged(tag, text)
    if (value === undefined) {
      this.#fault('yaml-tag', `'${text}' is no value of the tag !!${tag}`, span, 'remove the tag or correct the value')
      value = text
    }
    if (this.#unsafe > 0 && typeof value === 'string') value = new Unsafe(value)
    return { kind: 'scalar', value, text, plain, span }
  }

  /** Keys stay plain text inside `!unsafe`, or nobody could look them up. */
  #key(): Node {
    const depth = this.#unsafe
    this.#unsafe = 0
    const key = this.#node()
    this.#unsafe = depth
    return key
  }

  #sequence(start: number): Sequence {
    const span = this.#lines.span(start)
    const items: Node[] = []
    while (this.#events[this.#at]?.type !== EVENT_ID.POP) items.push(this.#node())
    this.#at++
    return { kind: 'sequence', items, span }
  }

  #mapping(start: number): Mapping | Scalar {
    const span = this.#lines.span(start)
    const own: Entry[] = []
    const merged: { node: Node; span: Node['span'] }[] = []
    let template = false
    while (this.#events[this.#at]?.type !== EVENT_ID.POP) {
      const first = this.#events[this.#at]
      const nested = first?.type === EVENT_ID.MAPPING && first.start === start + 1 && this.#text.startsWith('{{', start)
      const faultsBefore = this.faults.length
      const key = this.#key()
      const value = this.#node()
      if (nested) {
        template = true
        this.faults.length = faultsBefore
      } else if (key.kind !== 'scalar')
        this.#fault(
          'yaml-key',
          `a ${key.kind} is used as a key`,
          key.span,
          'keys are scalars; if this is a template, quote it: "{{ name }}"',
        )
      else if (key.plain && key.text === '<<') merged.push({ node: value, span: key.span })
      else own.push({ key, value })
    }
    this.#at++
    if (template) return this.#unquoted(start, span)
    const [first, second] = own
    if (first && !second && merged.length === 0) {
      const marked = markedInJson(first)
      if (marked) return marked
    }
    const entries = merged.length === 0 ? own : mergeEntries(merged, this.faults).concat(own)
    this.#expanded += entries.length - own.length
    return { kind: 'mapping', entries: this.#unique(entries, new Set(own)), span }
  }

  /** `x: {{ y }}` parses as a mapping in a mapping; what was meant is plain, so that nothing else is reported about it. */
  #unquoted(start: number, span: Node['span']): Scalar {
    this.#fault('yaml-template', 'a value begins with a template and is not quoted', span, QUOTE_TEMPLATE)
    const end = this.#text.indexOf('}}', start)
    const text = this.#text.slice(start, end < 0 ? start + 2 : end + 2)
    return { kind: 'scalar', value: text, text, plain: true, span }
  }

  /** The last of equal keys wins and takes the place of the first, as in Python. Merged keys are overridden silently. */
  #unique(entries: readonly Entry[], own: ReadonlySet<Entry>): readonly Entry[] {
    const seen = new Map<string, number>()
    const out: Entry[] = []
    for (const entry of entries) {
      const id = `${typeof entry.key.value} ${entry.key.text}`
      const at = seen.get(id)
      const earlier = at === undefined ? undefined : out[at]
      if (at === undefined || !earlier) {
        seen.set(id, out.length)
        out.push(entry)
        continue
      }
      if (own.has(earlier))
        this.#fault(
          'yaml-duplicate-key',
          `found a duplicate dict key (${entry.key.text}), in line ${earlier.key.span.line} and in line ${entry.key.span.line}`,
          entry.key.span,
          'the last one counts, as in Ansible; remove the other',
          'warning',
        )
      out[at] = entry
    }
    return out
  }

  #alias(name: string, event: { anchorStart: number }): Node {
    const span = this.#lines.span(event.anchorStart - 1)
    const anchor = this.#anchors.get(name)
    const stands: Scalar = { kind: 'scalar', value: null, text: '', plain: false, span }
    if (!anchor) {
      this.#fault(
        'yaml-alias',
        `the alias *${name} has no anchor before it`,
        span,
        `quote a value that begins with '*', or put &${name} before the value that is meant`,
      )
      return stands
    }
    if (!anchor.node) {
      this.#fault(
        'yaml-alias',
        `the cyclic alias *${name} stands inside its own anchor`,
        span,
        'a value cannot contain itself',
      )
      return stands
    }
    this.#aliases++
    this.#expanded += anchor.size
    if (this.#aliases === ALIASES + 1)
      this.#fault('yaml-alias', `there are more than ${ALIASES} aliases`, span, 'use variables instead')
    if (this.#expanded > EXPANSION) {
      if (this.#expanded - anchor.size <= EXPANSION)
        this.#fault('yaml-alias', `aliases stand for more than ${EXPANSION} values`, span, 'use variables instead')
      return stands
    }
    return anchor.node
  }
}

/** JSON has no tags: there Ansible writes a vault, and text that is no template, as a mapping of one key. */
function markedInJson({ key, value }: Entry): Scalar | undefined {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return undefined
  if (key.text === '__ansible_vault') return { ...value, value: new Vaulted(value.value), plain: false }
  return key.text === '__ansible_unsafe' ? { ...value, value: new Unsafe(value.value), plain: false } : undefined
}
