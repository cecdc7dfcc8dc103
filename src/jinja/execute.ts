import type { Value } from '../base/value.ts'
import { assign } from './assign.ts'
import type { Body, Stmt, Template } from './ast.ts'
import { blockCall, TemplateReference } from './blocks.ts'
import { failure } from './errors.ts'
import { callValue, evaluate, givenOf, truth } from './evaluate.ts'
import { Frame, TemplateState } from './frame.ts'
import { findTemplate, loadTemplate, otherFrame } from './load-template.ts'
import { Loop } from './loop.ts'
import { Macro } from './macro.ts'
import { TemplateModule } from './module.ts'
import { Output } from './output.ts'
import type { Origin } from './place.ts'
import { items } from './python/iterate.ts'
import { Undefined } from './python/objects.ts'
import { toText } from './python/text.ts'
import type { Rendering } from './rendering.ts'

/** How a body ended, when not at its end. */
type Ending = 'break' | 'continue' | undefined
type Of<K extends Stmt['kind']> = Extract<Stmt, { kind: K }>

const textOutput = (frame: Frame): Output => new Output(false, frame.run.options.noneText ?? '')

/** Runs a body and gives what it prints as text. */
function runText(body: Body, frame: Frame): string {
  const out = textOutput(frame)
  run(body, frame, out)
  return out.asText()
}

/** Runs the body of a macro or a `set` and gives what it prints: its one value, where types are kept, else text. */
function runBody(body: Body, frame: Frame): Value {
  const { typed, autoescape, options } = frame.run
  const out = new Output(typed && !autoescape, options.noneText ?? '')
  run(body, frame, out)
  return out.kept()
}

function run(body: Body, frame: Frame, out: Output): Ending {
  for (const statement of body) {
    frame.run.enter()
    frame.run.at = statement.at
    const ending = runOne(statement, frame, out)
    frame.run.leave()
    if (ending) return ending
  }
  return undefined
}

function runOne(statement: Stmt, frame: Frame, out: Output): Ending {
  switch (statement.kind) {
    case 'text':
      out.text(statement.text)
      return undefined
    case 'print':
      return print(statement, frame, out)
    case 'for':
      return loop(statement, frame, out)
    case 'if': {
      const taken = statement.branches.find(branch => truth(branch.test, frame))
      return run(taken ? taken.body : statement.otherwise, frame, out)
    }
    case 'set':
      return void assign(statement.target, evaluate(statement.value, frame), frame)
    case 'capture': {
      const value = runBody(statement.body, frame.child())
      const { filter } = statement
      return void assign(statement.target, filter ? evaluate(filter, frame, value) : value, frame)
    }
    case 'with':
      return withBlock(statement, frame, out)
    case 'macro':
      return void frame.vars.set(statement.name, macro(statement.name, statement, frame))
    case 'callblock':
      return void out.value(callBlock(statement, frame))
    case 'filterblock':
      return void out.value(evaluate(statement.filter, frame, runText(statement.body, frame.child())))
    case 'do':
      return void evaluate(statement.value, frame)
    case 'break':
    case 'continue':
      return statement.kind
    case 'autoescape':
      return autoescape(statement, frame, out)
    default:
      return void composition(statement, frame, out)
  }
}

/** Statements that bring several templates together. */
function composition(
  statement: Of<'block' | 'extends' | 'include' | 'import' | 'from'>,
  frame: Frame,
  out: Output,
): void {
  switch (statement.kind) {
    case 'block':
      if (!frame.state.parent) out.value(renderBlock(statement.name, 0, statement.scoped ? frame : frame.root))
      return
    case 'extends': {
      if (frame.state.parent) throw failure('extended multiple times')
      frame.state.parent = loadTemplate(evaluate(statement.template, frame), frame)
      out.mute(true)
      return
    }
    case 'include':
      include(statement, frame, out)
      return
    case 'import':
      frame.vars.set(statement.as, imported(statement, frame))
      return
    default: {
      const module = imported(statement, frame)
      for (const { name, as } of statement.names) frame.vars.set(as, module.member(name))
    }
  }
}

const ESCAPING: ReadonlySet<string> = new Set(['safe', 'e', 'escape', 'forceescape', 'tojson', 'xmlattr', 'urlize'])

function print(statement: Of<'print'>, frame: Frame, out: Output): undefined {
  const { value: node } = statement
  const value = evaluate(node, frame)
  frame.run.at = node.at
  if (value instanceof Undefined && !value.lenient) throw value.error()
  const safe = !frame.run.autoescape || (node.kind === 'filter' && ESCAPING.has(node.name))
  out.value(safe ? value : frame.run.filter('escape', value, { positional: [], named: new Map() }))
}

function autoescape(statement: Of<'autoescape'>, frame: Frame, out: Output): Ending {
  const outer = frame.run.autoescape
  frame.run.autoescape = truth(statement.enabled, frame)
  const ending = run(statement.body, frame.child(), out)
  frame.run.autoescape = outer
  return ending
}

function loop(statement: Of<'for'>, frame: Frame, out: Output): Ending {
  const over = evaluate(statement.over, frame)
  frame.run.at = statement.over.at
  runLoop(statement, over, frame, out, 1)
  return undefined
}

function runLoop(statement: Of<'for'>, over: Value, frame: Frame, out: Output, depth: number): void {
  const { target, filter, body, otherwise, recursive } = statement
  const recurse = (inner: Value, deeper: number): Value => {
    frame.run.enter()
    const text = textOutput(frame)
    runLoop(statement, inner, frame, text, deeper)
    frame.run.leave()
    return text.asText()
  }
  const list = items(over, frame.run)
  const kept = filter ? filtered(steady(list, over), target, filter, frame) : steady(list, over)
  const state = new Loop(kept, filter ? null : () => list.length, depth, recursive ? recurse : null)
  // As in Jinja2, `else` runs when no turn came to its end
  let through = false
  for (let item = state.next(); item !== undefined; item = state.next()) {
    frame.run.charge(1)
    const inner = frame.child()
    inner.vars.set('loop', state)
    assign(target, item, inner)
    const ending = run(body, inner, out)
    if (ending === undefined) through = true
    if (ending === 'break') break
  }
  if (!through) run(otherwise, frame.child(), out)
}

/** The items that a loop's filter lets through, each asked for when its turn comes. */
function* filtered(
  list: Iterable<Value>,
  target: Of<'for'>['target'],
  filter: NonNullable<Of<'for'>['filter']>,
  frame: Frame,
): Generator<Value> {
  for (const item of list) {
    const inner = frame.child()
    assign(target, item, inner)
    if (truth(filter, inner)) yield item
  }
}

/** The items; Python does not go on with a dict that has got others meanwhile. */
function* steady(list: readonly Value[], over: Value): Generator<Value> {
  const check = (): void => {
    if (over instanceof Map && over.size !== list.length) throw failure('dictionary changed size during iteration')
  }
  for (const item of list) {
    check()
    yield item
  }
  check()
}

function withBlock(statement: Of<'with'>, frame: Frame, out: Output): Ending {
  const inner = frame.child()
  const values = statement.bindings.map(binding => evaluate(binding.value, frame))
  for (const [index, binding] of statement.bindings.entries()) assign(binding.target, values[index] ?? null, inner)
  return run(statement.body, inner, out)
}

const macro = (
  name: string | null,
  { parameters, body }: Pick<Of<'macro'>, 'parameters' | 'body'>,
  frame: Frame,
): Macro => new Macro(name, parameters, body, frame, runBody, evaluate)

function callBlock(statement: Of<'callblock'>, frame: Frame): Value {
  const { call } = statement
  if (call.kind !== 'call') throw failure('expected call')
  const callee = evaluate(call.callee, frame)
  const given = givenOf(call.args, frame)
  const named = new Map(given.named).set('caller', macro(null, statement, frame))
  frame.run.at = call.at
  return callValue(callee, { positional: given.positional, named }, frame)
}

/** What version `level` of a block prints; 0 is the most derived one. */
function renderBlock(name: string, level: number, frame: Frame): Value {
  const placed = frame.state.blocks.get(name)?.[level]
  if (!placed)
    throw failure(level === 0 ? `block '${name}' is not defined` : `there is no parent block called '${name}'`)
  const { block, origin } = placed
  return frame.run.within(origin, () => {
    if (block.required) throw failure(`Required block '${name}' not found`)
    frame.run.enter()
    const inner = frame.child()
    const parent = frame.state.blocks.get(name)?.[level + 1]
    const above = () => renderBlock(name, level + 1, frame)
    inner.vars.set(
      'super',
      parent ? blockCall('super', above) : new Undefined(`there is no parent block called '${name}'`, 'super'),
    )
    const text = runText(block.body, inner)
    frame.run.leave()
    return text
  })
}

function include(statement: Of<'include'>, frame: Frame, out: Output): void {
  const name = evaluate(statement.template, frame)
  frame.run.at = statement.template.at
  const found = statement.ignoreMissing ? findTemplate(name, frame) : loadTemplate(name, frame)
  if (!found) return
  const inner = otherFrame(frame, found.origin, statement.context)
  const text = textOutput(frame)
  runTemplate(found.template, inner, text)
  out.text(text.asText())
}

function imported(statement: Of<'import' | 'from'>, frame: Frame): TemplateModule {
  const name = evaluate(statement.template, frame)
  frame.run.at = statement.template.at
  const { template, origin } = loadTemplate(name, frame)
  const inner = otherFrame(frame, origin, statement.context)
  const text = textOutput(frame)
  runTemplate(template, inner, text)
  const members = new Map([...inner.vars].filter(([key]) => !key.startsWith('_') && key !== 'self'))
  return new TemplateModule(toText(name), members, text.asText())
}

/** Runs a template and, when it extends another, that one with this one's blocks. */
export function runTemplate(template: Template, frame: Frame, out: Output): void {
  const { run: rendering, state } = frame
  rendering.enter()
  rendering.within(state.origin, () => {
    state.add(template, state.origin)
    frame.vars.set('self', new TemplateReference(state, name => renderBlock(name, 0, frame)))
    run(template.body, frame, out)
    for (let parent = state.parent; parent; parent = state.parent) {
      const { template: base, origin } = parent
      rendering.charge(1)
      rendering.enter()
      state.parent = null
      state.add(base, origin)
      out.mute(false)
      rendering.within(origin, () => run(base.body, frame, out))
    }
  })
  rendering.leave()
}

/** What a rendering starts with. */
export const topFrame = (rendering: Rendering, origin: Origin): Frame =>
  new Frame(rendering, new TemplateState(origin), null)
