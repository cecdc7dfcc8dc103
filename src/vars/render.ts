import { InputError } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { type Value, Vaulted } from '../base/value.ts'
import { render } from '../jinja/engine.ts'
import { TemplateError } from '../jinja/errors.ts'
import type { RenderOptions, Scope } from '../jinja/options.ts'
import { OMIT } from '../jinja/python/objects.ts'
import type { Mapping, Node, Scalar } from '../source/node.ts'
import { LazyDict } from './lazy.ts'

export interface NodeOptions extends RenderOptions {
  /** Arguments of a module: what is `omit` is left out, of dicts and lists, however deep. */
  readonly args?: boolean | undefined
  /** Render the keys of the outermost mapping too, as set_fact does. Ansible renders no other keys. */
  readonly keys?: boolean | undefined
  /** A condition may be anything: what Python holds for true is true, as before Ansible 2.19. */
  readonly anyCondition?: boolean | undefined
  /** The scope is another host's, seen through hostvars: messages say so. */
  readonly foreign?: boolean | undefined
  /** A variable that will be another by then: who asks for it is told NotNow. */
  readonly later?: string | undefined
}

/**
 * The whole value of a node, every string in it rendered with its own place; nothing lazy is left in it.
 * Throws TemplateError (and NotNow when `pure`).
 */
export function renderNode(node: Node, scope: Scope, options: NodeOptions = {}): Value {
  if (node.kind === 'scalar') return plain(renderScalar(node, scope, options), options.args === true)
  const inner = options.keys ? { ...options, keys: false } : options
  if (node.kind === 'sequence') {
    const items = node.items.map(item => renderNode(item, scope, inner))
    return options.args ? items.filter(item => item !== OMIT) : items
  }
  const out = new Map<Value, Value>()
  for (const { key, value } of node.entries) {
    const item = renderNode(value, scope, inner)
    if (!options.args || item !== OMIT) out.set(options.keys ? renderScalar(key, scope, options) : key.value, item)
  }
  return out
}

/** A scalar: text is rendered, `!unsafe` text never is, a vault is opened and its text rendered. */
export function renderScalar(node: Scalar, scope: Scope, options: NodeOptions): Value {
  const { value, span } = node
  if (typeof value === 'string') return render(value, scope, { ...options, span })
  if (!(value instanceof Vaulted)) return value
  return render(openedText(value, span, options.openVault ?? scope.options?.openVault), scope, { ...options, span })
}

/** The text in a vault, opened now that it is used. */
function openedText({ armour }: Vaulted, span: Span, openVault: NodeOptions['openVault']): string {
  if (!openVault)
    throw new TemplateError(
      'template-runtime',
      'undecryptable variable: it is vaulted and no vault password was given',
      { span },
    )
  try {
    return openVault(armour, span)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const [fault] = error.faults
    const remedy = fault?.remedy === undefined ? '' : `; ${fault.remedy}`
    throw new TemplateError('template-runtime', `undecryptable variable: ${fault?.message ?? error.message}${remedy}`, {
      ...{ span, cause: error },
      // Its place is where the vault stands, not where it is used.
      expression: '!vault',
    })
  }
}

/** How a scope resolves what it is asked for: rendered lazily, with a name for every part so that circles can be named. */
export interface Resolver {
  readonly scope: Scope
  readonly options: NodeOptions
  /** Runs a computation that must not be entered again while it runs. */
  guard<T>(label: string, span: Span, compute: () => T): T
}

/** A variable's value: scalars and lists rendered now, the values of dicts when they are looked at. */
export function renderLazily(node: Node, label: string, resolver: Resolver): Value {
  if (node.kind === 'scalar') return renderScalar(node, resolver.scope, resolver.options)
  if (node.kind === 'sequence')
    return node.items.map((item, index) => renderLazily(item, `${label}[${index}]`, resolver))
  return lazyDict(node, label, resolver)
}

function lazyDict(node: Mapping, label: string, resolver: Resolver): LazyDict {
  const out = new LazyDict()
  for (const { key, value } of node.entries) {
    if (value.kind === 'scalar' && !mayRender(value)) {
      out.set(key.value, value.value)
      continue
    }
    const part = `${label}.${key.text}`
    out.defer(key.value, () => resolver.guard(part, value.span, () => renderLazily(value, part, resolver)))
  }
  return out
}

const mayRender = (node: Scalar): boolean =>
  (typeof node.value === 'string' && node.value.includes('{')) || node.value instanceof Vaulted

/** A copy in which nothing is lazy, and nothing omitted when asked for; what needs no copy is not copied. */
export function plain(value: Value, dropOmitted: boolean): Value {
  if (Array.isArray(value)) {
    const items = value.map(item => plain(item, dropOmitted)).filter(item => !dropOmitted || item !== OMIT)
    return items.length === value.length && items.every((item, index) => item === value[index]) ? value : items
  }
  if (!(value instanceof Map)) return value
  let changed = Object.getPrototypeOf(value) !== Map.prototype
  const out = new Map<Value, Value>()
  for (const [key, item] of value) {
    const settled = plain(item, dropOmitted)
    if (settled !== item) changed = true
    if (dropOmitted && settled === OMIT) changed = true
    else out.set(key, settled)
  }
  return changed ? out : value
}
