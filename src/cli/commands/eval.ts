import { readFileSync } from 'node:fs'
import type { Diagnostic } from '../../base/diagnostic.ts'
import type { Value } from '../../base/value.ts'
import { evaluate, isTemplate, render, renderText } from '../../jinja/engine.ts'
import { NotNow, TemplateError } from '../../jinja/errors.ts'
import { visible } from '../../report/visible.ts'
import type { HostScope } from '../../vars/scope.ts'
import type { Desk } from '../desk.ts'
import { answerAll } from '../eval-batch.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { EvalOptions, InventoryOptions, ScreenOptions, VaultOptions } from '../options.ts'
import { mustBeKnown, variablesOf } from '../variables.ts'
import type { Vaults } from '../vaults.ts'
import { mustExist } from '../wire.ts'

type Options = EvalOptions & ScreenOptions & InventoryOptions & VaultOptions

/** `regplay eval`: what an expression or a template gives with a host's variables; the host itself is not asked. */
export default async function evaluateFor(options: Options, desk: Desk): Promise<number> {
  const asked = [options.expression !== undefined, options.template !== undefined, options.batch]
  if (asked.filter(Boolean).length !== 1) {
    desk.err.write('error: give one of an expression, --template FILE and --batch\n')
    return EXIT.usage
  }
  if (options.batch) {
    await answerAll(process.stdin, desk.out.write)
    return EXIT.done
  }
  if (options.template !== undefined) mustExist([options.template], 'template')
  const { inventory, store, vaults, faults } = await variablesOf(options, desk)
  mustBeKnown(options.host, inventory)
  // Whoever evaluates `1 + 1` needs no warning about hosts
  if (
    tell(
      faults.filter(fault => fault.code !== 'inventory-none'),
      options.json,
      desk,
    ) > 0
  )
    return EXIT.input
  try {
    desk.out.write(shown(options, store.scope(options.host), vaults))
    return EXIT.done
  } catch (error) {
    tell([faultOf(error)], options.json, desk)
    return EXIT.input
  }
}

/** A template's text as it is; a value as JSON, so that 1, 1.0 and "1" look different. */
function shown({ template, expression = '', json }: Options, scope: HostScope, vaults: Vaults): string {
  if (template !== undefined) {
    const text = renderText(vaults.content(readFileSync(template), template).toString('utf8'), scope, {
      ...scope.options,
      span: { file: template, line: 1, col: 1 },
    })
    return json ? `${asJson(text, null)}\n` : text
  }
  const options = { ...scope.options, span: { file: 'argument', line: 1, col: 1 } }
  const value = isTemplate(expression) ? render(expression, scope, options) : evaluate(expression, scope, options)
  return `${asJson(value, json ? null : 4)}\n`
}

const asJson = (value: Value, indent: number | null): string =>
  String(
    evaluate(`value | to_json(indent=${indent ?? 'none'}, ensure_ascii=false, sort_keys=false)`, {
      get: name => (name === 'value' ? value : undefined),
      names: () => [],
    }),
  )

function faultOf(error: unknown): Diagnostic {
  if (error instanceof NotNow)
    return { code: 'template-runtime', severity: 'error', message: error.message, remedy: 'a run knows it' }
  if (!(error instanceof TemplateError)) throw error
  return {
    code: error.code,
    severity: 'error',
    message: error.expression === undefined ? error.fault : `${error.fault}, in: ${visible(error.expression)}`,
    ...(error.span ? { span: error.span } : {}),
  }
}
