import { readFileSync } from 'node:fs'
import { type Diagnostic, InputError } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Value } from '../../base/value.ts'
import { VarsDirectory } from '../../inventory/adjacent.ts'
import type { Inventory } from '../../inventory/model.ts'
import { evaluate, isTemplate, render, renderText } from '../../jinja/engine.ts'
import { NotNow, TemplateError } from '../../jinja/errors.ts'
import { visible } from '../../report/visible.ts'
import { parseExtraVars } from '../../vars/extra.ts'
import type { HostScope } from '../../vars/scope.ts'
import { VariableStore } from '../../vars/store.ts'
import { settingOf } from '../config/lookup.ts'
import type { Desk } from '../desk.ts'
import { answerAll } from '../eval-batch.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { EvalOptions, InventoryOptions, ScreenOptions, VaultOptions } from '../options.ts'
import { loadBeside } from '../template-files.ts'
import { openVaults, type Vaults } from '../vaults.ts'
import { version } from '../version.ts'
import { inventoryOf, mustExist } from '../wire.ts'

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
  const vaults = await openVaults(options, desk)
  const { scope, faults } = await scopeFor(options, vaults, desk)
  if (tell(faults, options.json, desk) > 0) return EXIT.input
  try {
    desk.out.write(shown(options, scope, vaults))
    return EXIT.done
  } catch (error) {
    tell([faultOf(error)], options.json, desk)
    return EXIT.input
  }
}

/** The variables of the host, as a play that has not begun sees them. */
async function scopeFor(
  options: Options,
  vaults: Vaults,
  desk: Desk,
): Promise<{ scope: HostScope; faults: readonly Diagnostic[] }> {
  const loaded =
    options.inventory.length > 0
      ? await inventoryOf(options, desk.stop.signal, { openVault: vaults.file })
      : await withoutInventory(desk.stop.signal)
  const extra = parseExtraVars(options.extraVars, vaults.file)
  mustBeKnown(options.host, loaded.inventory)
  const store = new VariableStore({
    inventory: loaded.inventory,
    extraVars: extra.vars,
    playbookVars: new VarsDirectory(process.cwd(), vaults.file),
    run: { playbookDir: process.cwd(), version: version(), inventorySources: options.inventory },
    options: {
      loader: loadBeside(vaults.content),
      openVault: vaults.value,
      setting: settingOf(desk.config),
      warn: message => desk.err.write(`warning: ${message}\n`),
    },
  })
  return { scope: store.scope(options.host), faults: [...loaded.faults, ...extra.faults] }
}

/** Whoever evaluates `1 + 1` needs no warning about hosts. */
async function withoutInventory(signal: AbortSignal): ReturnType<typeof inventoryOf> {
  const { inventory, faults } = await inventoryOf({ inventory: [] }, signal)
  return { inventory, faults: faults.filter(fault => fault.code !== 'inventory-none') }
}

function mustBeKnown(host: string, inventory: Inventory): void {
  if (inventory.find(host)) return
  const guess = didYouMean(host, inventory.hosts.keys())
  throw new InputError([
    {
      code: 'no-such-host',
      severity: 'error',
      message: `the inventory has no host '${host}'${guess}`,
      remedy: 'regplay list hosts shows those that there are; -i says which inventory',
    },
  ])
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
