import { createHash } from 'node:crypto'
import type { Answer } from '../shell/answer.ts'
import { cksum } from '../shell/cksum.ts'
import { Script, sh } from '../shell/script.ts'

/** The status by which a guard says that the world is no longer as it was seen. */
export const STALE = 75

/** Replies up to this many bytes are compared as text; longer ones by their checksum. */
const TEXT = 512

/** Asks a question again and exits with `STALE` unless status and output are what they were. */
export function guard(question: Script, seen: Answer): Script {
  const expected = Buffer.concat([seen.stdoutBytes, Buffer.from(`.${seen.code}`)])
  // The blank keeps `$( (` from being read as arithmetic.
  const again = sh` ( eval ${quoted(question)} ) 2>/dev/null </dev/null; printf .%s "$?"`
  if (expected.length <= TEXT && !expected.includes(0) && Buffer.from(expected.toString('utf8')).equals(expected)) {
    return sh`g=$(${again}); [ "$g" = ${expected.toString('utf8')} ] || exit ${STALE}`
  }
  // Not every BusyBox has cksum, and not every machine sha256sum; one that has neither is believed.
  const sum = createHash('sha256').update(expected).digest('hex')
  return sh`g=$({ ${again}; } | { sha256sum 2>/dev/null || cksum 2>/dev/null; }); case "$g" in ${sum}*|${cksum(expected)}|'') ;; *) exit ${STALE};; esac`
}

/** A script as one quoted word for `eval`, secrets kept out of what is shown. */
const quoted = (script: Script): Script => new Script(quoteWord(script.wire), quoteWord(script.shown))

const quoteWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
