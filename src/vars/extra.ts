import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { type OpenFile, readVarsFile } from '../inventory/adjacent.ts'
import { lay, type VarEntry, type VarMap } from '../inventory/model.ts'
import { parseFreeForm, within } from '../kit/free-form.ts'
import { scalar } from '../source/node.ts'
import { parseYaml } from '../source/yaml.ts'
import { nameOfVariable } from './names.ts'

/**
 * Reads `-e` arguments: `k=v k2="v 2"` (values are text), YAML or JSON in braces, and `@file`. Later ones win.
 * @param merges a dict of a later one is laid over that of an earlier one
 * @throws InputError with exit 66 when a file is missing
 */
export function parseExtraVars(
  args: readonly string[],
  open?: OpenFile,
  merges = false,
): { vars: VarMap; faults: Diagnostic[] } {
  const vars = new Map<string, VarEntry>()
  const faults: Diagnostic[] = []
  for (const [index, arg] of args.entries()) {
    const span = { file: args.length > 1 ? `-e #${index + 1}` : '-e', line: 1, col: 1 }
    for (const [name, entry] of readOne(arg.trim(), span, faults, open)) {
      const wrong = nameOfVariable(name)
      if (wrong) faults.push({ ...wrong, span: entry.span })
      else lay(vars, name, entry, merges)
    }
  }
  return { vars, faults }
}

function readOne(
  arg: string,
  span: Span,
  faults: Diagnostic[],
  open?: OpenFile,
): Iterable<readonly [string, VarEntry]> {
  if (arg === '') return []
  if (arg.startsWith('@')) return readFile(arg.slice(1), span, faults, open)
  if (/^[{[]/.test(arg)) return readYaml(arg, span, faults)
  return readPairs(arg, span, faults)
}

function readFile(
  file: string,
  span: Span,
  faults: Diagnostic[],
  open?: OpenFile,
): Iterable<readonly [string, VarEntry]> {
  if (file === '') {
    faults.push({
      code: 'extra-vars',
      severity: 'error',
      message: '-e @ names no file',
      span,
      remedy: 'write -e @FILE',
    })
    return []
  }
  try {
    return readVarsFile(file, 'extra vars', open)
  } catch (error) {
    if (!(error instanceof InputError) || error.exit !== 65) throw error
    faults.push(...error.faults)
    return []
  }
}

function readYaml(arg: string, span: Span, faults: Diagnostic[]): Iterable<readonly [string, VarEntry]> {
  const { node, faults: wrong } = parseYaml(arg, span.file)
  faults.push(...wrong)
  if (node?.kind === 'mapping')
    return node.entries.map(
      ({ key, value }) => [key.text, { node: value, span: value.span, origin: 'extra vars' }] as const,
    )
  if (wrong.length === 0)
    faults.push({
      code: 'extra-vars',
      severity: 'error',
      message: `-e ${arg} holds a ${node?.kind ?? 'nothing'}, not variables`,
      span,
      remedy: 'write -e \'{"name": "value"}\'',
    })
  return []
}

function readPairs(arg: string, span: Span, faults: Diagnostic[]): (readonly [string, VarEntry])[] {
  const wrong = (message: string, remedy: string, index = 0): void => {
    faults.push({ code: 'extra-vars', severity: 'error', message, span: within(span, arg, index), remedy })
  }
  const line = parseFreeForm(arg, false)
  if (!line) {
    wrong(`-e ${JSON.stringify(arg)} has a quote or a bracket that is never closed`, 'close it')
    return []
  }
  if (line.rest !== '')
    wrong(
      `-e ${JSON.stringify(line.rest)} is no key=value`,
      'write -e key=value, -e \'{"key": "value"}\' or -e @FILE; put quotes around a value with blanks',
      line.restStart,
    )
  return line.pairs.map(({ key, value, start }) => {
    const at = within(span, arg, start)
    return [key, { node: scalar(value, at), span: at, origin: 'extra vars' }] as const
  })
}
