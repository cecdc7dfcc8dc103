import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import { type Entry, parse, statOf } from './files.ts'

/** What an archive would hold, and whether it is there. */
export interface Packed {
  /** `none`: nothing to pack; `nowhere`: it has no name; `line end`: a name has one; a word that begins with `tool`: one that the host has not. */
  readonly state: 'none' | 'nowhere' | 'line end' | 'told' | `tool ${string}`
  readonly expanded: readonly string[]
  readonly excluded: readonly string[]
  readonly targets: readonly string[]
  readonly missing: readonly string[]
  readonly root: string
  readonly many: boolean
  readonly dest: string
  readonly entry: Entry | undefined
  /** The destination holds exactly this. */
  readonly same: boolean
  /** What is in the archive, below `root`. */
  readonly members: readonly string[]
}

const KEPT = 16 * 1024 * 1024

/**
 * Asks what shell text would pack; it is packed for that, but nowhere kept.
 * @param packing shell text that sets `$targets` and its kin, and defines `all` and `open`
 */
export const packedAt = (
  packing: Script,
  tools: readonly string[],
  resources: readonly string[],
): TargetQuestion<Packed> =>
  ask(
    sh`for c in tar ${tools}; do command -v "$c" >/dev/null || { echo "tool $c"; exit 0; }; done
${packing}
pack </dev/null >/dev/null 2>&1 || { echo "tool ${raw(tools.join(' '))} that compresses"; exit 0; }
echo told
for n in e x targets missing; do eval "v=\\$$n"; printf '%s\n' "$v" | sed "s|^|$n |"; done
printf '%s\n' "root $r" "many $many" "dest $dest"
if [ -e "$dest" ]; then printf 'entry '; ${statOf(sh`"$dest"`, '-L')}; fi
[ -n "$targets" ] || exit 0
if [ $many = yes ]; then members; else printf '%s\n' "\${first#"$r"}"; fi | sed 's/^/member /'
if [ -f "$dest" ]; then a=$(all | sha256sum) && b=$(open | sha256sum) && [ "$a" = "$b" ] && echo same; fi; :`,
    resources,
    answer => {
      if (!answer.ok) throw new CouldNotTell(`cannot look at what is to be packed: ${answer.stderr.trim()}`)
      const [state = '', ...lines] = answer.stdout.split('\n')
      const of = (name: string): string[] =>
        lines.flatMap(line =>
          line.startsWith(`${name} `) && line.length > name.length + 1 ? [line.slice(name.length + 1)] : [],
        )
      const [entry] = of('entry')
      return {
        state: /^(?:none|nowhere|line end|tool .*)$/.test(state) ? (state as Packed['state']) : 'told',
        expanded: of('e'),
        excluded: of('x'),
        targets: of('targets'),
        missing: of('missing'),
        root: of('root')[0] ?? '',
        many: lines.includes('many yes'),
        dest: of('dest')[0] ?? '',
        entry: entry === undefined ? undefined : parse(entry, ''),
        same: lines.includes('same'),
        members: of('member'),
      }
    },
    { dear: true, keep: KEPT },
  )
