import { dirname } from 'node:path'
import { type Diagnostic, InputError } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'
import { at } from '../../base/span.ts'
import { jsonLine } from '../../base/value.ts'
import { NotNow, TemplateError } from '../../jinja/errors.ts'
import { jsonText } from '../../jinja/formats/json-write.ts'
import { visibleLine } from '../../report/visible.ts'
import { explain, type Provenance } from '../../vars/explain.ts'
import type { Frame } from '../../vars/frame.ts'
import { plain } from '../../vars/render.ts'
import type { HostScope } from '../../vars/scope.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import { tell } from '../faults.ts'
import type { InventoryOptions, ScreenOptions, VarsOptions, VaultOptions } from '../options.ts'
import { playsWith } from '../play-variables.ts'
import { type Known, mustBeKnown, variablesOf } from '../variables.ts'
import { contextOf, mustExist } from '../wire.ts'

type Options = VarsOptions & ScreenOptions & InventoryOptions & VaultOptions

/** Levels of variables that nobody set: they are shown when they are asked for by name. */
const OURS = new Set(['magic', 'defaults'])

/** `regplay vars`: which value of a variable wins for a host, where it was written, and what it overrode. */
export default async function showVars(options: Options, desk: Desk): Promise<number> {
  const { playbook, host, json } = options
  if (playbook !== undefined) mustExist([playbook], 'playbook')
  const dir = options.playbookDir ?? (playbook === undefined ? undefined : dirname(playbook))
  const known = await variablesOf(options, desk, dir)
  if (tell(known.faults, false, desk) > 0) return EXIT.input
  if (playbook === undefined) {
    show(scopeOf(host, known, {}), options, desk)
    return EXIT.done
  }
  scopeOf(host, known, {})
  const plays = playsWith(host, playbook, known, await contextOf(desk.config, known.vaults, known.extraVars))
  if (plays.length === 0) desk.err.write(`no play of ${visibleLine(playbook)} is for ${visibleLine(host)}\n`)
  for (const { name, span, frame } of plays) {
    if (!json) desk.out.write(`play "${visibleLine(name)}" (${at(span)})\n`)
    show(scopeOf(host, known, { play: frame }), options, desk)
  }
  return EXIT.done
}

function scopeOf(host: string, { inventory, store }: Known, frame: Frame): HostScope {
  mustBeKnown(host, inventory)
  return store.scope(host, frame, { pure: true })
}

const refusal = (code: string, message: string, remedy: string): InputError =>
  new InputError([{ code, severity: 'error', message, remedy } satisfies Diagnostic])

/** Prints one variable, or all that somebody set. */
function show(scope: HostScope, options: Options, desk: Desk): void {
  const set = (name: string): boolean => scope.findAll(name).some(found => !OURS.has(found.level))
  const all = options.name === undefined
  const names = all ? [...scope.names()].filter(name => name !== 'ansible_facts' && set(name)).sort() : [options.name]
  for (const name of names) desk.out.write(shown(name ?? '', scope, options))
}

function shown(name: string, scope: HostScope, options: Options): string {
  const found = explain(scope, name)
  if (found.length === 0)
    throw refusal(
      'no-such-variable',
      `nobody sets '${name}' for ${scope.host}${didYouMean(name, scope.names())}`,
      'regplay vars HOST shows all variables of a host',
    )
  const { text, why } = rendered(name, scope)
  if (options.json) {
    const value = text === undefined ? `"why":${JSON.stringify(why)}` : `"value":${text}`
    const rest = jsonLine({ name, host: scope.host, definitions: found })
    return `${rest.slice(0, -1)},${value}}\n`
  }
  // Of all variables one line each will do, unless somebody wants to know more
  const rows = options.name === undefined && options.verbose === 0 ? found.slice(0, 1) : found
  const lines = rows.map((each, index) => `  ${index === 0 ? 'from' : each.merged ? 'with' : 'over'}  ${row(each)}\n`)
  return `${visibleLine(name)}: ${visibleLine(text ?? `(${why})`)}\n${lines.join('')}`
}

const row = ({ level, origin, span, raw, vaulted, written }: Provenance): string =>
  [
    origin.startsWith(level) ? origin : `${level} (${origin})`,
    ...(span ? [at(span)] : []),
    ...(vaulted ? ['!vault'] : written ? [jsonLine(raw)] : []),
  ]
    .map(visibleLine)
    .join('  ')

/** The value as JSON, or why it cannot be told here. */
function rendered(name: string, scope: HostScope): { text?: string; why?: string } {
  try {
    return { text: jsonText(plain(scope.get(name) ?? null, false), STYLE, FREE) }
  } catch (error) {
    if (error instanceof NotNow) return { why: 'known in a run only' }
    if (error instanceof TemplateError) return { why: error.fault }
    throw error
  }
}

const STYLE = { indent: null, sortKeys: false, ascii: false, separators: [', ', ': '] } as const
const FREE = { enter: () => undefined, leave: () => undefined }
