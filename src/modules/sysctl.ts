import { defineModule } from '../kit/module.ts'
import { change, type Edit, refuse } from '../kit/plan.ts'
import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { at, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { linesOf } from './shared/lines.ts'

/** A setting of the kernel, now and after a reboot. */
export default defineModule({
  name: 'sysctl',
  collection: 'ansible.posix',
  summary: 'A setting of the kernel has a value, in a file and in the kernel itself',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: {
        type: 'string',
        pattern: '^\\s*[^\\s=#;]+\\s*$',
        aliases: ['key'],
        description: 'The setting, such as vm.swappiness',
      },
      value: { type: 'string', aliases: ['val'] },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      reload: { type: 'boolean', default: true, description: 'The kernel gets the value, too' },
      sysctl_set: { type: 'boolean', default: false, description: 'The kernel gets the value, too' },
      ignoreerrors: { type: 'boolean', default: false, description: 'Accept settings that the kernel does not know' },
      sysctl_file: { type: 'string', path: true, default: '/etc/sysctl.conf' },
    },
  },
  probe: ({ name, state, reload, sysctl_set, sysctl_file }, host) => ({
    kept: text(at(sysctl_file, host)),
    live: state === 'present' && (reload || sysctl_set) ? setting(name.trim()) : known<string | undefined>(undefined),
  }),
  plan(args, { kept, live }, host) {
    const { state, reload, sysctl_set, ignoreerrors } = args
    const file = at(args.sysctl_file, host)
    const name = args.name.trim()
    const value = asNumber(args.value ?? '')
    if (state === 'present' && value === '') return refuse('value cannot be blank')
    const now = valueIn(kept ?? '', name)
    const edits: Edit[] = []
    if (now !== (state === 'present' ? value : undefined)) {
      const after = withSetting(kept ?? '', name, state === 'present' ? value : undefined)
      edits.push({
        what: `${name} in ${file}`,
        from: now ?? 'absent',
        to: state === 'present' ? value : 'absent',
        by: { kind: 'put', path: file, content: { text: after } },
        texts: { before: kept ?? '', after },
      })
    }
    if (state === 'present' && (reload || sysctl_set)) {
      if (live === undefined && !ignoreerrors)
        return refuse(
          `the kernel of ${host.name} knows no ${name}`,
          'set ignoreerrors: true to keep it in the file only',
        )
      if (live !== undefined && !same(live, value))
        edits.push({ what: name, from: live, to: value, by: run(sh`printf '%s\n' ${value} >${fileOf(name)}`) })
    }
    return change(edits, [`path:${file}`, `path:${fileOf(name)}`])
  },
})

/** The kernel's file of a setting: the first separator says which one the name uses, the other is a part of names. */
function fileOf(name: string): string {
  const [first] = /[./]/.exec(name) ?? []
  const swapped = first === '.' ? name.replaceAll(/[./]/g, sign => (sign === '.' ? '/' : '.')) : name
  return `/proc/sys/${swapped}`
}

/** The value that the kernel has; undefined for a setting that it does not know. Some may be written only: they hold nothing. */
const setting = (name: string): TargetQuestion<string | undefined> => {
  const file = fileOf(name)
  return ask(
    sh`[ -e ${file} ] || { echo none; exit; }; echo some; [ ! -r ${file} ] || cat -- ${file}`,
    [`path:${file}`],
    answer => {
      if (!answer.ok) throw new CouldNotTell(`cannot read ${file}: ${answer.stderr.trim()}`)
      return answer.stdout === 'none\n' ? undefined : answer.stdout.slice('some\n'.length).trim()
    },
  )
}

const TRUE: ReadonlySet<string> = new Set(['y', 't', 'true', 'yes', 'on', '1'])
const FALSE: ReadonlySet<string> = new Set(['n', 'f', 'false', 'no', 'off', '0'])

/** Words for yes and no are the numbers that the kernel knows. */
function asNumber(text: string): string {
  const word = text.toLowerCase()
  return TRUE.has(word) ? '1' : FALSE.has(word) ? '0' : text.trim()
}

/** The kernel separates numbers by tabs, people by spaces. */
const same = (a: string, b: string): boolean => a.split(/\s+/).join(' ') === b.split(/\s+/).join(' ')

const settingOf = (line: string): [string, string] | undefined => {
  const [, name, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
  return name === undefined || value === undefined ? undefined : [name, value]
}

/** The value in a text; the last line counts, as for the kernel. */
const valueIn = (text: string, name: string): string | undefined =>
  linesOf(text)
    .map(settingOf)
    .findLast(found => found?.[0] === name)?.[1]

/** The text in which a setting stands once, where it stood first; without a value it goes. */
function withSetting(before: string, name: string, value: string | undefined): string {
  let placed = value === undefined
  const lines = linesOf(before).flatMap(line => {
    if (settingOf(line)?.[0] !== name) return [line]
    if (placed) return []
    placed = true
    return [`${name}=${value}\n`]
  })
  const kept = lines.join('')
  if (placed) return kept
  return `${kept}${kept === '' || kept.endsWith('\n') ? '' : '\n'}${name}=${value}\n`
}
