import type { ControllerQuestion } from '../kit/question.ts'
import { remembered } from '../registry/archive-cache.ts'
import { type ImageArchive, indexImageArchive } from '../registry/image-archive.ts'
import { judged, type Wrong } from './judged.ts'

/** A judged image archive, or why it must not be used. */
export type JudgedImages = { readonly archive: ImageArchive } | Wrong

/** Reads an image archive of the controller whole, once: the verdict is remembered as long as the file stays the same. */
export const imageArchive = (file: string): ControllerQuestion<JudgedImages> =>
  judged('image-archive', file, async on => ({
    archive: await remembered('image', 1, file, () => indexImageArchive(file, on)),
  }))
