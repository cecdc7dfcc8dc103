import { CouldNotTell } from '../kit/question.ts'
import type { Answer } from '../shell/answer.ts'
import { raw, type Script, sh } from '../shell/script.ts'
import { type Waited, waitedIn } from './package-lock.ts'

/** A package that a package manager would install, change or remove, as its rehearsal tells. */
export interface Step {
  readonly name: string
  readonly arch?: string
  /** The version that is there; `absent` when there is none. */
  readonly from: string
  /** The version that will be there, or `absent`. */
  readonly to: string
  /** It comes or goes for the sake of others. */
  readonly aside?: boolean
}

/** What a package manager would do for a task. */
export interface Rehearsed extends Waited {
  /** The host has not this package manager. */
  readonly missing: boolean
  readonly steps: readonly Step[]
  /** Names that go to the manager: those that are not as they should be. */
  readonly lacking: readonly string[]
  /** Why the manager does not do it, in its words; '' when it does. */
  readonly fault: string
  /** There was no rehearsal, since another was at work: what it would tell is not known. */
  readonly unasked?: boolean
}

/** Nothing is to be done. */
export const NOTHING: Rehearsed = { missing: false, steps: [], lacking: [], fault: '', waits: [] }

/** Says that a tool is not there, and ends a question. */
export const unless = (tool: string): Script => sh`command -v -- ${tool} >/dev/null || { echo '#missing'; exit 0; }
`

/**
 * Runs a rehearsal: its output follows, marked off by its name and its status, and is added to `$a`. `noise` is a pattern of lines
 * that say another thing each time (times, speeds): a reply must be the same while the host is. Managers that wait by themselves would
 * do so for ever: nothing is rehearsed while another is at work.
 */
export const rehearse = (name: string, command: Script, noise: string): Script =>
  sh`[ -z "$held" ] || { echo '#unasked'; exit 0; }; o=$(${command} </dev/null 2>&1) && s=0 || s=$?; o=$(printf '%s\\n' "$o" | grep -Ev -- ${noise}); a="$a$o
"; printf '#said %s %s\\n%s\\n#end\\n' ${name} $s "$o"`

/** The parts of a reply by their names: status and text. */
export function said(text: string): ReadonlyMap<string, { readonly code: number; readonly text: string }> {
  const parts = [...text.matchAll(/^#said (\S+) (\d+)\n([\s\S]*?)\n?^#end$/gm)]
  return new Map(parts.map(([, name = '', code, body = '']) => [name, { code: Number(code), text: body }]))
}

/** Values behind a word, of lines `#word value`. */
export const marked = (text: string, word: string): string[] =>
  text.split('\n').flatMap(line => (line.startsWith(`#${word} `) ? [line.slice(word.length + 2)] : []))

/** Reads an answer whose text is a rehearsal, or says that the tool is not there. */
export function rehearsed<R extends Rehearsed>(answer: Answer, tool: string, read: (text: string) => R, none: R): R {
  const { code, stderr, stdout } = answer
  if (code !== 0) throw new CouldNotTell(`${tool} does not answer: ${stderr.trim() || `status ${code}`}`)
  if (stdout.startsWith('#missing')) return { ...none, missing: true }
  return { ...read(stdout), ...waitedIn(answer), ...(/^#unasked$/m.test(stdout) ? { unasked: true } : {}) }
}

/** Words one a line become several words: nothing in them is a pattern, and blanks stand in them. */
export const WORDS: Script = raw("set -f; IFS='\n'\n")
