import { defineModule } from '../kit/module.ts'
import { change, type Edit, refuse } from '../kit/plan.ts'
import { alternatives, type Subcommand } from '../questions/alternatives.ts'
import { at } from '../questions/files.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'

const TEXT = { type: 'string', minLength: 1 } as const

/** A program of several that do the same is the one that its general name leads to. */
export default defineModule({
  name: 'alternatives',
  collection: 'community.general',
  summary: 'A program is among those that a general name may lead to, or is the one that it leads to',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'path'],
    properties: {
      name: { type: 'string', pattern: '^[^-/\\s][^/\\s]*$', description: 'The general name, such as editor' },
      path: { ...TEXT, path: true, description: 'The program' },
      link: { ...TEXT, path: true, description: 'The link of the general name; needed where the name is new' },
      priority: { type: 'integer', description: '50 where a choice is new' },
      state: { type: 'string', enum: ['absent', 'auto', 'present', 'selected'], default: 'selected' },
      subcommands: {
        type: 'array',
        aliases: ['slaves'],
        description: 'Links that go along with it',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['name', 'path', 'link'],
          properties: { name: TEXT, path: TEXT, link: TEXT },
        },
      },
    },
  },
  probe: ({ name, path }, host) => ({ seen: alternatives(name, at(path, host)) }),
  plan({ name, state, priority, ...args }, { seen }, host) {
    const path = at(args.path, host)
    const subcommands = args.subcommands as readonly Subcommand[] | undefined
    if (seen.missing) return refuse(`${host.name} has no update-alternatives`)
    const there = seen.choices.get(path)
    const edits: (Edit & { readonly msg: string })[] = []
    if (state === 'absent') {
      const by = run(sh`update-alternatives --remove ${name} ${path}`)
      if (there)
        edits.push({
          what: path,
          from: `of ${name}`,
          to: 'absent',
          by,
          msg: `Remove alternative '${path}' from '${name}'.`,
        })
    } else {
      const fine =
        there &&
        (priority ?? there.priority) === there.priority &&
        sameAs(subcommands ?? there.subcommands, there.subcommands)
      const link = args.link === undefined ? seen.link : at(args.link, host)
      if (!fine && !seen.there) return refuse(`Specified path ${path} does not exist`)
      if (!fine && link === undefined)
        return refuse('Needed to install the alternative, but unable to do so as we are missing the link', 'give link')
      const slaves = (subcommands ?? there?.subcommands ?? []).flatMap(one => ['--slave', one.link, one.name, one.path])
      const words = [link ?? '', name, path, String(priority ?? there?.priority ?? 50), ...slaves]
      const by = run(sh`update-alternatives --install ${words}`)
      const from = there ? `priority ${there.priority}` : 'absent'
      const to = `priority ${priority ?? there?.priority ?? 50}`
      if (!fine) edits.push({ what: path, from, to, by, msg: `Install alternative '${path}' for '${name}'.` })
    }
    if (state === 'selected' && seen.current !== path) {
      const by = run(sh`update-alternatives --set ${name} ${path}`)
      edits.push({
        what: name,
        from: seen.current ?? 'nothing',
        to: path,
        by,
        msg: `Set alternative '${path}' for '${name}'.`,
      })
    }
    if (state === 'auto' && seen.manual) {
      const by = run(sh`update-alternatives --auto ${name}`)
      edits.push({ what: name, from: 'manual', to: 'auto', by, msg: `Set alternative to auto for '${name}'.` })
    }
    const touches = [
      `path:/etc/alternatives/${name}`,
      `path:/var/lib/dpkg/alternatives/${name}`,
      `path:${args.link ?? seen.link ?? path}`,
    ]
    return change(edits, touches, {}, { msg: edits.map(({ msg }) => msg).join(' ') })
  },
})

/** Whether links go along alike, in any order. */
function sameAs(a: readonly Subcommand[], b: readonly Subcommand[]): boolean {
  const lines = (all: readonly Subcommand[]) =>
    all
      .map(({ name, path, link }) => `${name}\n${path}\n${link}`)
      .sort()
      .join('\n\n')
  return lines(a) === lines(b)
}
