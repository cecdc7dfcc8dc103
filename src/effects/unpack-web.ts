import { randomUUID } from 'node:crypto'
import { dict } from '../base/value.ts'
import type { Outcome, Unpack } from '../kit/effect.ts'
import { dressesOf, leftOf, namesOf, type Selection } from '../questions/unpacked.ts'
import { Answer } from '../shell/answer.ts'
import { atEnd } from '../shell/at-end.ts'
import { join, nothing, raw, type Script, sh } from '../shell/script.ts'
import type { Place } from '../transport/place.ts'
import { fetchUrl, type UrlContent } from './fetch.ts'
import { failure } from './outcome.ts'
import { pour, reading } from './pour.ts'
import { measure } from './put.ts'
import { arrival, type Expected } from './put-script.ts'
import { naming, opening, owned, owns, told } from './unpack-script.ts'

/**
 * An archive that a web server has, as the target sees it: it lies in a private file of the target until it is compared with
 * what is there, and unpacked where that differs. One script does it all, so that the file goes with the script. The field
 * `unpacked` tells whether anything changed, `files` the names that are meant where that is wanted. A trial of one whose owners
 * or modes are to be others prints what they are.
 */
export async function unpackWeb(effect: Unpack, web: UrlContent, place: Place): Promise<Outcome> {
  const got = await fetchUrl(web, place)
  if ('failed' in got) return failure(`Failure downloading ${web.url}, ${got.failed}`, got.remedy)
  if (!('file' in got)) throw new Error(`${web.url} was asked for whole, and its head came`)
  const { file } = got
  try {
    const source = await reading(web.url, () => measure({ file }, place))
    if (!('sha256' in source)) return source
    const selection: Selection = {
      archive: `/tmp/.regplay-${randomUUID()}`,
      format: effect.format,
      options: effect.options ?? [],
      members: effect.members ?? [],
    }
    const { size } = source
    const script = laid(effect, selection, source)
    const poured = await pour(script, { what: web.url, size, source: source.open() }, place)
    if ('broken' in poured) return poured.broken
    return outcomeOf(effect, selection, web, poured.answer)
  } finally {
    await got.remove()
  }
}

/** Statuses that no tool has: there is no room for the archive, and something else than the archive came. */
const NO_ROOM = 173
const NOT_WHOLE = 174

const compared = (effect: Unpack, selection: Selection) =>
  leftOf(selection, effect.into, { newer: effect.newer ?? false, owned: owns(effect) })

/** Lays the archive down, and prints what was left to do, whose what is there is, and the names; the work itself speaks on standard error alone. */
const laid = (effect: Unpack, selection: Selection, expected: Expected): Script =>
  join([
    sh`t=${selection.archive}
${atEnd(raw('rm -f -- "$t"'))}
( umask 077; set -C; cat >"$t" ) || exit ${NO_ROOM}
( ${arrival(expected)} ) || exit ${NOT_WHOLE}
l=$( ${compared(effect, selection).script} )
case $l in broken*) printf '%s\\n' "$l"; exit;; esac`,
    effect.trial ? nothing : work(effect, selection),
    raw(`printf '%s\\n' "$l"`),
    effect.trial && owns(effect) ? sh`( ${dressesOf(selection, effect.into).script} )` : nothing,
    effect.list ? sh`n=$( ${namesOf(selection).script} ) && printf '%s\\n' names "$n"` : nothing,
    raw(':'),
  ])

/** Unpacks what differs; of what is the same, owners, modes or labels may become others, and then something differed. */
function work(effect: Unpack, selection: Selection): Script {
  const unpacked = sh`( ${owned(effect, opening(effect, selection.archive))} ) >&2 || exit`
  if (!owns(effect)) return sh`[ "$l" = same ] || ${unpacked}`
  const dress = dressesOf(selection, effect.into).script
  return sh`if [ "$l" = same ]; then
d=$( ${dress} )
( ${owned(effect, naming(selection))} ) >&2 || exit
[ "$d" = "$( ${dress} )" ] || l=differs
else
${unpacked}
fi`
}

function outcomeOf(effect: Unpack, selection: Selection, { url }: UrlContent, answer: Answer): Outcome {
  const said = answer.stderr.trim() || `status ${answer.code}`
  if (answer.code === NO_ROOM) return failure(`${url} finds no room in /tmp: ${said}`, 'free some space there', answer)
  if (answer.code === NOT_WHOLE) return failure(`${url} did not arrive whole in /tmp: ${said}`, 'try again', answer)
  if (answer.code !== 0) return told(effect, answer)
  const left = compared(effect, selection).read(answer)
  if (typeof left === 'object') return failure(`the archive cannot be unpacked: ${left.broken}`)
  const [, ...lines] = answer.stdout.split('\n')
  const names = lines.indexOf('names')
  if (answer.dropped > 0)
    return failure(`what is told of ${url} is ${answer.dropped} bytes too long`, 'leave list_files out')
  const files = names < 0 ? undefined : namesOf(selection).read(new Answer(0, lines.slice(names + 1).join('\n')))
  const dresses = names < 0 ? lines : lines.slice(0, names)
  const fields = dict({ unpacked: left !== 'same', ...(files === undefined ? {} : { files: [...files] }) })
  return { code: 0, stdout: dresses.join('\n'), stderr: '', fields }
}
