import type { Value } from '../base/value.ts'
import type { Template } from './ast.ts'
import { failure } from './errors.ts'
import { Frame, TemplateState } from './frame.ts'
import { parsedTemplate } from './parse.ts'
import type { Origin } from './place.ts'
import { items } from './python/iterate.ts'
import { repr, toText } from './python/text.ts'

/** A template and where it stands. */
interface Loaded {
  readonly template: Template
  readonly origin: Origin
}

/** Loads the first of the named templates that there is. */
export function loadTemplate(name: Value, frame: Frame): Loaded {
  const found = findTemplate(name, frame)
  if (found) return found
  throw failure(
    `template not found: ${Array.isArray(name) ? name.map(repr).join(', ') : repr(name)}`,
    'template-not-found',
  )
}

/** The first of the named templates that there is, if there is one. */
export function findTemplate(name: Value, frame: Frame): Loaded | null {
  const { loader } = frame.run.options
  const names = typeof name === 'string' ? [name] : items(name, frame.run)
  for (const each of names) {
    const file = loader?.(toText(each), frame.state.origin.span?.file)
    if (!file) continue
    const origin: Origin = { source: file.text, span: { file: file.file, line: 1, col: 1 } }
    return { template: parsedTemplate(origin, frame.run.options), origin }
  }
  return null
}

/** The outermost frame of another template: with context it starts with all names that are set here. */
export function otherFrame(frame: Frame, origin: Origin, context: boolean): Frame {
  const given = new Map(context ? frame.local() : [])
  given.delete('loop')
  return new Frame(frame.run, new TemplateState(origin), null, context && frame.open, given)
}
