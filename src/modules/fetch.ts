import { posix } from 'node:path'
import type { Retrieve } from '../kit/effect.ts'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, ok, type Plan, refuse } from '../kit/plan.ts'
import { local } from '../questions/controller.ts'
import { at } from '../questions/files.ts'
import { type Retrieval, retrieval } from '../questions/retrieval.ts'
import { ended } from './shared/ended.ts'

/** A file of the target is on the controller. */
export default defineModule({
  name: 'fetch',
  summary: 'A file of the target is on the controller, too',
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['src', 'dest'],
    properties: {
      src: { type: 'string', path: true, minLength: 1, description: 'A file of the target, no directory' },
      dest: {
        type: 'string',
        minLength: 1,
        controller: 'playbook',
        description:
          'The directory of the controller that gets HOST/PATH; with flat the file, or with a final slash its directory',
      },
      flat: { type: 'boolean', default: false },
      fail_on_missing: { type: 'boolean', default: true, description: 'Fail when the file cannot be read' },
      validate_checksum: {
        type: 'boolean',
        default: true,
        description: 'Fail when other bytes arrive than were there; say no for files that grow',
      },
    },
  },
  probe: (args, host) => ({
    there: retrieval(at(args.src, host)),
    here: local(destOf(args, host), { decrypt: false }),
  }),
  plan(args, { there, here }, host): Plan {
    const file = at(args.src, host)
    const dest = destOf(args, host)
    if (typeof there === 'string') {
      const why = WHY[there]
      const ignored =
        there === 'absent' || there === 'directory' ? `${why}, not transferring, ignored` : `${why}, ignored`
      return args.fail_on_missing ? refuse(why, undefined, { file }) : ok({ file, msg: ignored })
    }
    if (here.kind === 'directory')
      return refuse(
        'dest is an existing directory, use a trailing slash if you want to fetch src into that directory',
        `${dest} is a directory of the controller`,
      )
    const { sha1 } = there
    const result = { dest, checksum: sha1 }
    if (here.kind === 'file' && here.sha1 === sha1) return ok({ ...result, file })
    const by: Retrieve = { kind: 'retrieve', path: file, to: dest, ...(args.validate_checksum ? { sha1 } : {}) }
    const touches = [`controller:${dest}`]
    if (args.validate_checksum) {
      const from = here.kind === 'file' ? `sha1:${here.sha1.slice(0, 12)}` : 'absent'
      const edit = { what: dest, from, to: `sha1:${sha1.slice(0, 12)}`, by }
      return change([edit], touches, { ...result, remote_checksum: sha1 })
    }
    // What grows is another file by the time that one would look again.
    return act(`fetch ${file}`, by, outcome => ended(outcome, { dest, ...Object.fromEntries(outcome.fields ?? []) }), {
      touches,
      dry: 'pretend',
    })
  },
})

const WHY: Readonly<Record<Extract<Retrieval, string>, string>> = {
  absent: 'the remote file does not exist',
  directory: 'remote file is a directory, fetch cannot work on directories',
  special: 'the remote file is a device, a pipe or a socket',
  unreadable: 'the remote file is not readable',
}

/** Where the file goes: its whole path below a directory for its host, or `dest` itself. */
function destOf({ src, dest, flat }: { src: string; dest: string; flat: boolean }, host: HostInfo): string {
  const path = at(src, host)
  if (!flat) return posix.join(dest, host.name, posix.join('/', path))
  return posix.normalize(dest.endsWith('/') ? posix.join(dest, posix.basename(path)) : dest)
}
