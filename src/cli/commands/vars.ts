import type { Diagnostic } from '../../base/diagnostic.ts'
import { InputError } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'
import { at } from '../../base/span.ts'
import { NotNow, TemplateError } from '../../jinja/errors.ts'
import { jsonText } from '../../jinja/formats/json-write.ts'
import { visibleLine } from '../../report/visible.ts'
import { explain, type Provenance } from '../../vars/explain.ts'
import { plain } from '../../vars/render.ts'
import type { HostScope } from '../../vars/scope.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { InventoryOptions, ScreenOptions, VarsOptions, VaultOptions } from '../options.ts'
import { type Known, variablesOf } from '../variables.ts'

type Options = VarsOptions & ScreenOptions & InventoryOptions & VaultOptions

/** Variables that nobody set: they are shown when they are asked for by name. */
const OURS = new Set(['magic', 'defaults'])

/** `regplay vars`: which value of a variable wins for a host, where it was written, and what it overrode. */
export default async function showVars(options: Options, desk: Desk): Promise<number> {
  const known = await variablesOf(options, desk, options.playbookDir)
  if (tell(known.faults, false, desk) > 0) return EXIT.input
  const scope = scopeOf(options.host, known)
  const names =
    options.name === undefined ? [...scope.names()].filter(name => isSet(scope, name)).sort() : [options.name]
  for (const name of names) desk.out.write(shown(name, scope, options))
  return EXIT.done
}

function scopeOf(host: string, { inventory, store }: Known): HostScope {
  if (inventory.find(host)) return store.scope(host, {}, { pure: true })
  throw refusal(
    'no-such-host',
    `the inventory has no host '${host}'${didYouMean(host, inventory.hosts.keys())}`,
    'regplay list hosts shows those that there are; -i says which inventory',
  )
}

const refusal = (code: string, message: string, remedy: string): InputError =>
  new InputError([{ code, severity: 'error', message, remedy } satisfies Diagnostic])

const isSet = (scope: HostScope, name: string): boolean => scope.findAll(name).some(found => !OURS.has(found.level))

function shown(name: string, scope: HostScope, options: Options): string {
  const found = explain(scope, name)
  if (found.length === 0)
    throw refusal(
      'no-such-variable',
      `nobody sets '${name}' for ${scope.host}${didYouMean(name, scope.names())}`,
      'regplay vars HOST shows all variables of a host',
    )
  if (options.json)
    return `${JSON.stringify({ name, host: scope.host, ...renderedOf(name, scope), definitions: found })}\n`
  const { value, why } = renderedOf(name, scope)
  const head = `${visibleLine(name)}: ${why === undefined ? visibleLine(JSON.stringify(value)) : `(${visibleLine(why)})`}\n`
  // Of all variables one line each will do, unless somebody wants to know more
  const rows = options.name === undefined && options.verbose === 0 ? found.slice(0, 1) : found
  return head + rows.map((each, index) => `  ${index === 0 ? 'from' : 'over'}  ${row(each)}\n`).join('')
}

const row = ({ level, origin, span, raw, written }: Provenance): string =>
  [
    level === origin ? level : `${level} (${origin})`,
    ...(span ? [at(span)] : []),
    ...(written ? [JSON.stringify(raw)] : []),
  ]
    .map(visibleLine)
    .join('  ')

/** The value as JSON data, or why it cannot be told here. */
function renderedOf(name: string, scope: HostScope): { value?: unknown; why?: string } {
  try {
    const text = jsonText(plain(scope.get(name) ?? null, false), STYLE, FREE)
    return { value: JSON.parse(text) }
  } catch (error) {
    if (error instanceof NotNow) return { why: 'known in a run only' }
    if (error instanceof TemplateError) return { why: error.fault }
    throw error
  }
}

const STYLE = { indent: null, sortKeys: false, ascii: false, separators: [', ', ': '] } as const
const FREE = { enter: () => undefined, leave: () => undefined }
