import { type Diagnostic, InputError } from '../base/diagnostic.ts'
import { statOf } from '../base/stat.ts'
import { readVarsFile } from '../inventory/adjacent.ts'
import { isTemplated } from '../kit/args.ts'
import type { Node } from '../source/node.ts'
import { varsFilePlaces } from '../vars/vars-files.ts'
import { LOCKED } from '../vault/keyring.ts'
import type { Play } from './ast.ts'
import type { ParseContext } from './context.ts'
import { shownPath } from './paths.ts'

/**
 * What is wrong with the `vars_files` whose names are plain. One that is not there is an error before the first play only: a
 * play may write what the next one reads.
 */
export function checkVarsFiles(play: Play, ctx: ParseContext, first: boolean): Diagnostic[] {
  return play.varsFiles.flatMap(entry => {
    const names = (entry.kind === 'sequence' ? entry.items : [entry]).map(plainName)
    if (!names.every(name => name !== undefined)) return []
    const tried = names.flatMap(name => varsFilePlaces(name, play.dir))
    const file = tried.find(path => statOf(path))
    return file === undefined ? [missing(entry, tried, first)] : contents(file, ctx)
  })
}

const plainName = (node: Node): string | undefined =>
  node.kind === 'scalar' && node.value !== null && !isTemplated(node.text) ? node.text : undefined

const missing = (entry: Node, tried: readonly string[], first: boolean): Diagnostic => ({
  code: 'source-missing',
  severity: first ? 'error' : 'warning',
  message: 'there is no such file of variables',
  span: entry.span,
  remedy: `looked for: ${tried.map(shownPath).join(', ')}`,
})

/** A vault without a key is no fault yet: whoever uses its variables is told. */
function contents(file: string, { decrypt, seen }: ParseContext): readonly Diagnostic[] {
  try {
    readVarsFile(shownPath(file), 'vars_files', decrypt, seen)
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.faults.filter(({ code }) => code !== LOCKED)
  }
}
