import type { Parameter, Reference } from '../kit/reference.ts'

/** Columns of the text, so that it can be read on any terminal. */
const WIDTH = 100

/** A paragraph in lines that fit, each behind `indent`; words are never cut. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map(each => `${indent}${each}`).join('\n')
}

const stopped = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

function parameterText(parameter: Parameter, indent = '  '): string[] {
  const { name, type, required, default: usual, choices, aliases, description, options = [] } = parameter
  const head = [
    type,
    ...(required ? ['needed'] : []),
    ...(usual === undefined ? [] : [`default ${JSON.stringify(usual)}`]),
    ...(choices ? [`one of ${choices.join(', ')}`] : []),
    ...(aliases.length > 0 ? [`also called ${aliases.join(', ')}`] : []),
  ]
  return [
    wrapped(`${name}: ${head.join('; ')}`, indent),
    ...(description === '' ? [] : [wrapped(stopped(description), `${indent}    `)]),
    ...options.flatMap(option => parameterText(option, `${indent}    `)),
  ]
}

const part = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', title, ...lines])

/** The reference of one module as text for a terminal. */
export function docText(reference: Reference): string {
  const { parameters, refused, returns, differences, rules, examples, needs, otherReturns } = reference
  const lines = [
    `${reference.fullName}`,
    wrapped(stopped(reference.summary), '  '),
    ...(reference.runsOn === 'controller' ? ['  Runs on the controller, whatever the host is.'] : []),
    ...(reference.background ? [] : ['  It cannot be left in the background (async with poll: 0).']),
    ...part('PARAMETERS', [
      ...parameters.flatMap(parameter => parameterText(parameter)),
      ...(reference.anyName ? ['  Takes any other name as well.'] : []),
      ...rules.map(rule => wrapped(rule, '  ')),
    ]),
    ...part(
      'REFUSED',
      refused.map(({ name, aliases, why }) => wrapped(`${[name, ...aliases].join(', ')}: ${why}`, '  ')),
    ),
    ...part('EXAMPLES', [
      ...(needs === undefined ? [] : [wrapped(`They need ${needs}.`, '  ')]),
      ...examples.split('\n').flatMap(line => (examples === '' ? [] : [line === '' ? '' : `  ${line}`])),
    ]),
    ...part('RETURNS', [
      ...returns.flatMap(({ name, type, when, what }) => [
        wrapped(`${name}: ${type}; ${when}`, '  '),
        wrapped(stopped(what), '      '),
      ]),
      ...(otherReturns === undefined ? [] : [wrapped(otherReturns, '  ')]),
    ]),
    ...part(
      'DIFFERENCES FROM ANSIBLE',
      differences.map(sentence => wrapped(sentence, '  ')),
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** One line a module: its name, and what it does. */
export function docList(references: readonly Reference[]): string {
  const width = Math.max(...references.map(({ name }) => name.length))
  return references.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}\n`).join('')
}
