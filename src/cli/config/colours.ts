import { COLOURS } from '../../report/style.ts'
import { colour } from './kinds.ts'
import { setting } from './setting.ts'

const of = (means: string, name: keyof typeof COLOURS) =>
  setting(means, `ANSIBLE_COLOR_${name.toUpperCase()} colors.${name}`, colour(COLOURS[name]))

/** Which colour has which meaning. */
export const COLOUR = {
  colourOk: of('What is `ok`', 'ok'),
  colourChanged: of('What is changed', 'changed'),
  colourSkip: of('What is skipped', 'skip'),
  colourError: of('Failures', 'error'),
  colourUnreachable: of('Hosts that are lost', 'unreachable'),
  colourDebug: of('Where tasks stand, and tries', 'debug'),
  colourVerbose: of('What `-v` adds', 'verbose'),
  colourWarn: of('Warnings and remedies', 'warn'),
  colourDiffAdd: of('What comes, in a diff', 'diff_add'),
  colourDiffRemove: of('What goes, in a diff', 'diff_remove'),
  colourDiffLines: of('Which lines these are', 'diff_lines'),
}

type Colours = { readonly [K in keyof typeof COLOUR]: string }

/** The colours of the settings, by what they mean. */
export const coloursOf = (config: Colours): Record<keyof typeof COLOURS, string> => ({
  ok: config.colourOk,
  changed: config.colourChanged,
  skip: config.colourSkip,
  error: config.colourError,
  unreachable: config.colourUnreachable,
  debug: config.colourDebug,
  verbose: config.colourVerbose,
  warn: config.colourWarn,
  diff_add: config.colourDiffAdd,
  diff_remove: config.colourDiffRemove,
  diff_lines: config.colourDiffLines,
})
