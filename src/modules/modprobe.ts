import type { Put } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Edit, refuse } from '../kit/plan.ts'
import { kernelModule } from '../questions/kernel-module.ts'
import { known } from '../questions/known.ts'
import { type Pieces, pieces } from '../questions/pieces.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { linesOf } from './shared/lines.ts'
import { split } from './shared/words.ts'

const LOADED = '/etc/modules-load.d'
const OPTIONS = '/etc/modprobe.d'

/** A module of the kernel. */
export default defineModule({
  name: 'modprobe',
  collection: 'community.general',
  summary: 'A module is in the kernel, or is not, now and after a reboot',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', pattern: '^\\w[\\w.-]*$', description: 'The module, such as br_netfilter' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      params: {
        type: 'string',
        default: '',
        description: 'Parameters to load it with: NAME=VALUE, blanks between them',
      },
      persistent: {
        type: 'string',
        enum: ['absent', 'disabled', 'present'],
        default: 'disabled',
        description: `Whether it is loaded after a reboot, by ${LOADED} and ${OPTIONS}; disabled leaves that as it is`,
      },
    },
  },
  probe: ({ name, persistent }) => ({
    now: kernelModule(name),
    loads: persistent === 'disabled' ? known<Pieces>([]) : pieces(LOADED),
    options: persistent === 'disabled' ? known<Pieces>([]) : pieces(OPTIONS),
  }),
  plan({ name, state, params, persistent }, { now, loads, options }, host) {
    const wanted = state === 'present'
    if (now.loaded !== wanted && !now.loadable) return refuse(`${host.name} has no modprobe`, 'install kmod')
    const words = wanted ? [name, ...split(params)] : ['-r', name]
    const by = run(sh`PATH=$PATH:/usr/sbin:/sbin modprobe ${words}`)
    const [from, to] = wanted ? ['absent', 'loaded'] : ['loaded', 'absent']
    const edits: Edit[] = now.loaded === wanted ? [] : [{ what: name, from, to, by }]
    if (persistent !== 'disabled') {
      const keep = persistent === 'present'
      edits.push(...kept(LOADED, loads, name, keep ? [name] : [], new RegExp(`^ *(${name}) *(?:[#;].*)?$`)))
      const lines = keep ? split(params) : []
      edits.push(...kept(OPTIONS, options, name, lines, new RegExp(`^options ${name} (\\w+=\\S+) *(?:[#;].*)?$`)))
    }
    return change(edits, ['path:/proc/modules', `path:${LOADED}`, `path:${OPTIONS}`], { name, params, state })
  },
})

/**
 * The edits after which the files of a directory say just these things of a module. What they say now is commented out unless it
 * is that, and a file of the module's name says it.
 */
function kept(dir: string, seen: Pieces, name: string, wanted: readonly string[], says: RegExp): Edit[] {
  const files = (typeof seen === 'string' ? [] : seen).map(piece => ({
    path: `${dir}/${piece.name}`,
    before: piece.bytes.toString(),
  }))
  const said = (line: string): string | undefined => says.exec(line.trimEnd())?.[1]
  const there = new Set(files.flatMap(({ before }) => linesOf(before).flatMap(line => said(line) ?? [])))
  if (there.size === wanted.length && wanted.every(one => there.has(one))) return []
  const own = `${dir}/${name}.conf`
  const silenced = files.flatMap(({ path, before }) => {
    const after = linesOf(before)
      .map(line => (said(line) === undefined ? line : `#${line}`))
      .join('')
    return after === before || (path === own && wanted.length > 0) ? [] : [editOf(path, before, after)]
  })
  const text = wanted.map(one => (dir === OPTIONS ? `options ${name} ${one}\n` : `${one}\n`)).join('')
  if (wanted.length === 0) return silenced
  const make =
    typeof seen === 'string' ? [{ what: dir, from: 'absent', to: 'directory', by: run(sh`mkdir -p -- ${dir}`) }] : []
  return [...make, ...silenced, editOf(own, files.find(({ path }) => path === own)?.before, text)]
}

function editOf(path: string, before: string | undefined, after: string): Edit {
  const by: Put = { kind: 'put', path, content: { text: after } }
  const from = before === undefined ? 'absent' : 'other lines'
  return { what: path, from, to: 'the wanted lines', by, texts: { before: before ?? '', after } }
}
