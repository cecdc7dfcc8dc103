import { fileURLToPath } from 'node:url'

/** The command as people call it, to be given to a Node: it builds when a source is newer, and starts in a quarter of the time that tsx takes. */
export const REGPLAY = fileURLToPath(new URL('../../bin/regplay.js', import.meta.url))
