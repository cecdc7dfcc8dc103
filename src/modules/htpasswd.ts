import { posix } from 'node:path'
import { Secret } from '../base/secret.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Edit, ok, type Plan, refuse } from '../kit/plan.ts'
import { isPassword, SCHEMES, type Scheme, webPassword } from '../pki/web-password.ts'
import { hash } from '../questions/controller.ts'
import { sh } from '../shell/script.ts'
import { freshMode, mend, OWNERSHIP, run, wantedOf } from './shared/attributes.ts'
import { linesOf } from './shared/lines.ts'
import { placing } from './shared/place.ts'
import { textAt } from './shared/rewrite.ts'

/** Who may ask a web server, by a password. */
export default defineModule({
  name: 'htpasswd',
  collection: 'community.general',
  summary: 'A user of a web server stands with a password in a file, or does not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'name'],
    properties: {
      path: { type: 'string', path: true, minLength: 1, aliases: ['dest', 'destfile'] },
      name: { type: 'string', pattern: '^[^:\\s]+$', aliases: ['username'] },
      password: { type: 'string', secret: true },
      crypt_scheme: {
        type: 'string',
        enum: [...SCHEMES, 'portable', 'portable_apache22', 'portable_apache24'],
        default: 'apr_md5_crypt',
        aliases: ['hash_scheme'],
        description: 'How it is kept',
      },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      create: { type: 'boolean', default: true },
      ...OWNERSHIP,
    },
  },
  probe: (args, host) => textAt({ ...args, backup: false }, host),
  plan(args, seen, host): Plan {
    const { name, password, state } = args
    const path = seen.real
    const wanted = wantedOf(args, seen.ids)
    if (seen.self !== undefined && seen.self.type !== 'file') return refuse(`${path} is a ${seen.self.type}`)
    if (state === 'present' && password === undefined)
      return refuse('a password is needed', `give the password of ${name}`)
    if (state === 'present' && seen.self === undefined && !args.create)
      return refuse(`Destination ${path} does not exist`, 'set create: true')
    if (state === 'absent' && seen.self === undefined)
      return ok({ msg: `${name} not present`, warnings: [`${path} does not exist`] })
    const lines = linesOf(seen.text ?? '').filter(line => line.trim() !== '')
    const kept = lines
      .find(line => line.startsWith(`${name}:`))
      ?.trim()
      .slice(name.length + 1)
    const fine =
      state === 'absent'
        ? kept === undefined
        : kept !== undefined && password !== undefined && isPassword(password, kept) === true
    if (fine && seen.self !== undefined) {
      const msg = state === 'absent' ? `${name} not present` : `${name} already present`
      return change(mend(path, seen.self, wanted, seen.ids), [`path:${path}`], { msg })
    }
    const line =
      password && state === 'present'
        ? `${name}:${webPassword(password, schemeOf(args.crypt_scheme), [host.name, path, name, kept].join('\n'))}\n`
        : ''
    const after = withLine(lines, name, line)
    const was = Buffer.from(seen.text ?? '')
    const digests = { size: Buffer.byteLength(after), sha256: hash('sha256', after), sha1: hash('sha1', after) }
    const landing = { directory: false, entry: seen.self, sha256: seen.self && hash('sha256', was), before: undefined }
    const mode = wanted.mode ?? (seen.self === undefined ? freshMode('0644', 'file') : undefined)
    const content = { text: new Secret(after, `the passwords of ${path}`) }
    const parent: Edit[] =
      seen.self === undefined && seen.parent === undefined
        ? [
            {
              what: posix.dirname(path),
              from: 'absent',
              to: 'directory',
              by: run(sh`mkdir -p -- ${posix.dirname(path)}`),
            },
          ]
        : []
    const edits = placing(
      { path, content, ...digests, wanted: { ...wanted, ...(mode === undefined ? {} : { mode }) } },
      landing,
      seen.ids,
    )
    const added = seen.self === undefined ? `Created ${path} and added ${name}` : `Add/update ${name}`
    return change([...parent, ...edits], [`path:${path}`], {}, { msg: state === 'absent' ? `Remove ${name}` : added })
  },
})

/** Sets of schemes by what they make of a new password. */
const schemeOf = (name: string): Scheme =>
  name === 'portable_apache24' ? 'bcrypt' : name.startsWith('portable') ? 'apr_md5_crypt' : (name as Scheme)

/** The lines with one of a user in its place, the first that it had. */
function withLine(lines: readonly string[], name: string, line: string): string {
  const at = lines.findIndex(one => one.startsWith(`${name}:`))
  const others = lines.filter(one => !one.startsWith(`${name}:`)).map(one => (one.endsWith('\n') ? one : `${one}\n`))
  return others.toSpliced(at < 0 ? others.length : lines.slice(0, at).length, 0, line).join('')
}
