import { readSettings } from '../config/read.ts'
import type { Config } from '../config/table.ts'
import type { Desk } from '../desk.ts'
import { EXIT } from '../exit.ts'
import type { ScreenOptions } from '../options.ts'

interface ConfigOptions extends ScreenOptions {
  readonly onlyChanged: boolean
}

/** `regplay config`: every setting, its value, and where that was written. */
export default async function config({ onlyChanged, json }: ConfigOptions, { env, out }: Desk): Promise<number> {
  const { config: values, origins, file } = readSettings(env, process.cwd())
  const names = (Object.keys(values) as (keyof Config)[]).filter(name => !onlyChanged || origins.has(name)).sort()
  if (json) {
    const settings = Object.fromEntries(
      names.map(name => [name, { value: values[name] ?? null, origin: origins.get(name) ?? 'default' }]),
    )
    out.write(`${JSON.stringify({ file: file ?? null, settings })}\n`)
    return EXIT.done
  }
  if (file !== undefined) out.write(`file: ${file}\n`)
  for (const name of names)
    out.write(`${name}(${origins.get(name) ?? 'default'}) = ${JSON.stringify(values[name] ?? null)}\n`)
  return EXIT.done
}
