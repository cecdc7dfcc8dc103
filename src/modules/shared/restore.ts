import { LIKE } from '../../shell/label.ts'
import { type Script, sh } from '../../shell/script.ts'

/**
 * Gives a file the text back that it had, with its owner, mode and label. It is replaced as a whole: where the disk is full, what is
 * there stays.
 */
export function restored(path: string, text: string): Script {
  const part = `${path}.regplay-undo`
  return sh`{ ${LIKE}
cp -p -- ${path} ${part} && like ${path} ${part} && printf %s ${text} >${part} && mv -f -- ${part} ${path} || rm -f -- ${part}; }`
}
