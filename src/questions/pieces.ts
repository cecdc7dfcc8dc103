import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ask, type ControllerQuestion, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, sh } from '../shell/script.ts'
import { vaultedContent } from './controller.ts'
import { reads } from './files.ts'

/** A file of a directory: its name and what is in it. */
export interface Piece {
  readonly name: string
  readonly bytes: Buffer
}

/** The files of a directory by their names, or why there are none. */
export type Pieces = readonly Piece[] | 'absent' | 'no directory'

/** Bytes of all files together; more does not answer. */
const MOST = 16 * 1024 * 1024

const byName = (pieces: Piece[]): Piece[] =>
  pieces.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))

const EACH = raw(
  'for f in * .*; do [ -f "./$f" ] || continue; n=$(wc -c <"./$f") || exit; n=$((n)); printf \'%s\\000%s\\000\' "$f" "$n"; head -c "$n" <"./$f"; done',
)

/** The files that stand in a directory of the target, links to files too. */
export const pieces = (path: string): TargetQuestion<Pieces> =>
  ask(
    sh`[ -d ${path} ] || { [ -e ${path} ] && echo file || echo absent; exit; }; echo dir; cd -- ${path} && ${EACH}`,
    reads(path),
    answer => {
      const said = answer.stdoutBytes
      const start = said.indexOf(10) + 1
      const head = said.subarray(0, start).toString()
      if (!answer.ok) throw new CouldNotTell(`cannot read the files of ${path}: ${answer.stderr.trim()}`)
      if (head !== 'dir\n') return head === 'file\n' ? 'no directory' : 'absent'
      const out: Piece[] = []
      for (let from = start; from < said.length; ) {
        const name = said.indexOf(0, from)
        const size = said.indexOf(0, name + 1)
        const end = size + 1 + Number(said.subarray(name + 1, size).toString())
        if (name < 0 || size < 0 || !(end <= said.length))
          throw new CouldNotTell(`the files of ${path} changed while they were read`)
        out.push({ name: said.subarray(from, name).toString(), bytes: said.subarray(size + 1, end) })
        from = end
      }
      return byName(out)
    },
    { keep: MOST },
  )

/** The files that stand in a directory of the controller; vaulted ones are opened where `decrypt` says so. */
export const localPieces = (path: string, decrypt: boolean): ControllerQuestion<Pieces> => ({
  of: 'controller',
  key: `pieces ${decrypt} ${path}`,
  reads: [`controller:${path}`],
  ask: async on => {
    const seen = await stat(path).catch(() => undefined)
    if (!seen?.isDirectory()) return seen === undefined ? 'absent' : 'no directory'
    const out: Piece[] = []
    for (const name of await readdir(path)) {
      const file = join(path, name)
      if (!(await stat(file)).isFile()) continue
      const opened = decrypt ? await vaultedContent(file).ask(on) : undefined
      out.push({ name, bytes: opened ?? (await readFile(file, { signal: on.signal })) })
    }
    return byName(out)
  },
})
