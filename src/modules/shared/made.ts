import type { Fields, Put } from '../../kit/effect.ts'
import { act, change, type Plan } from '../../kit/plan.ts'
import type { Entry } from '../../questions/files.ts'
import type { Ids } from '../../questions/system.ts'
import type { Dressed } from '../../questions/worn.ts'
import { type Script, sh } from '../../shell/script.ts'
import { dressing, freshMode, mend, run, wantedOf } from './attributes.ts'
import { ended } from './ended.ts'
import { modeFrom, modeText } from './mode.ts'

/** A file that the target makes by shell text. */
export interface Making {
  readonly path: string
  readonly wish: Dressed & { readonly backup: boolean }
  readonly self: Entry | undefined
  readonly ids: Ids
  /** What the file is, for the diff. */
  readonly what: string
  /** Prints its content. */
  readonly made: Script
  readonly result: Fields
}

/** The plan for such a file: made when something about it is wrong, else only its owner and permissions are mended. */
export function makeWhole(making: Making, wrong: readonly string[]): Plan {
  const { path, what, self, wish, ids, result } = making
  const from = self === undefined ? 'absent' : wrong.join(', ')
  const edits =
    self === undefined || wrong.length > 0
      ? [{ what: path, from, to: what, by: putMade(making) }]
      : mend(path, self, wantedOf(wish, ids), ids)
  return change(edits, [`path:${path}`], result)
}

/** The plan that makes the file anew, however it is now. */
export const makeAlways = (making: Making): Plan =>
  act(`make ${making.path} anew`, putMade(making), outcome => ended(outcome, making.result), {
    touches: [`path:${making.path}`],
    dry: 'pretend',
  })

/** The plan for a file that must not be there. */
export const removeFile = (path: string, self: Entry | undefined, result: Fields): Plan =>
  change(
    self === undefined ? [] : [{ what: path, from: self.type, to: 'absent', by: run(sh`rm -f -- ${path}`) }],
    [`path:${path}`],
    result,
  )

const putMade = ({ path, wish, self, made, ids }: Making): Put => ({
  kind: 'put',
  path,
  content: { made },
  ...(wish.mode === undefined
    ? {}
    : { mode: self === undefined ? freshMode(wish.mode, 'file') : modeText(modeFrom(wish.mode, self.mode, false)) }),
  ...dressing(wantedOf(wish, ids)),
  ...(wish.backup && self !== undefined ? { backup: true } : {}),
})
