import { InputError } from '../base/diagnostic.ts'
import type { ControllerQuestion } from '../kit/question.ts'
import { remembered } from '../registry/archive-cache.ts'
import { type ImageArchive, indexImageArchive } from '../registry/image-archive.ts'

/** A judged image archive, or why it must not be used. */
export type JudgedImages = { readonly archive: ImageArchive } | { readonly wrong: string; readonly remedy: string }

/** Reads an image archive of the controller whole, once: the verdict is remembered as long as the file stays the same. */
export const imageArchive = (file: string): ControllerQuestion<JudgedImages> => ({
  of: 'controller',
  key: `image-archive ${file}`,
  reads: [`controller:${file}`],
  ask: async ({ signal, progress }) => {
    try {
      const archive = await remembered('image', 1, file, () =>
        indexImageArchive(file, { signal, progress: (done, total) => progress(`reading ${file}`, done, total) }),
      )
      return { archive }
    } catch (error) {
      if (signal.aborted || !(error instanceof InputError)) throw error
      return { wrong: error.faults.map(fault => fault.message).join('; '), remedy: error.faults[0]?.remedy ?? '' }
    }
  },
})
