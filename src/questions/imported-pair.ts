import type { ControllerQuestion } from '../kit/question.ts'
import { type ImportedPair, importPair } from '../pki/import-pair.ts'

/** A finished certificate with its key from files of the controller, or why they cannot be put together. */
export interface Brought {
  readonly pair: ImportedPair | undefined
  readonly wrong: string | undefined
}

export const importedPair = (paths: readonly string[]): ControllerQuestion<Brought> => ({
  of: 'controller',
  key: `pair ${JSON.stringify(paths)}`,
  reads: paths.map(path => `controller:${path}`),
  ask: async () => {
    const { pair, faults } = await importPair(paths)
    return pair === undefined
      ? { pair, wrong: faults.map(fault => fault.message).join('; ') }
      : { pair, wrong: undefined }
  },
})
