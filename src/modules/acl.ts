import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { change, ok, type Plan, refuse } from '../kit/plan.ts'
import { accessList } from '../questions/access-list.ts'
import { at } from '../questions/files.ts'
import { sh } from '../shell/script.ts'
import { optionsOf, wordsOf, wrongIn } from './shared/acl.ts'
import { run } from './shared/attributes.ts'

/** Access lists of files: permissions for more users and groups than a mode knows. */
export default defineModule({
  name: 'acl',
  collection: 'ansible.posix',
  summary: 'An entry stands in the access list of a file, or does not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: { type: 'string', path: true, minLength: 1, aliases: ['name'] },
      state: { type: 'string', enum: ['absent', 'present', 'query'], default: 'query' },
      entity: { type: 'string', default: '', description: 'The user or group' },
      etype: { type: 'string', enum: ['group', 'mask', 'other', 'user'] },
      permissions: { type: 'string', description: 'Of r, w, x and X' },
      entry: { type: 'string', description: 'All three in one: user:joe:rw, with d: before it for a default' },
      default: { type: 'boolean', default: false, description: 'What is made in the directory gets it' },
      recursive: { type: 'boolean', default: false, aliases: ['recurse'] },
      follow: { type: 'boolean', default: true },
      recalculate_mask: { type: 'string', enum: ['default', 'mask', 'no_mask'], default: 'default' },
      use_nfsv4_acls: { type: 'boolean', default: false, description: 'Refused where it is true' },
    },
  },
  probe: (args, host) => ({ seen: accessList(at(args.path, host), wordsOf(args), optionsOf(args)) }),
  plan(args, { seen }, host: HostInfo): Plan {
    const wrong = wrongIn(args)
    if (wrong !== undefined) return refuse(wrong)
    if (args.use_nfsv4_acls) return refuse('setfacl of Linux knows no NFSv4 ACLs', 'use nfs4_setfacl with command')
    if (seen === 'no tools') return refuse(`${host.name} has no getfacl and setfacl`, 'install acl')
    if (seen === 'absent') return refuse('Path not found or not accessible.')
    const acl = [...seen.lines]
    if (args.state === 'query') return ok({ acl, msg: 'current acl' })
    const path = at(args.path, host)
    const [, entry = ''] = wordsOf(args)
    const result = { acl, msg: `${entry} is ${args.state}` }
    if (seen.fault !== undefined) return refuse(seen.fault)
    const by = run(sh`setfacl ${optionsOf(args).set} ${wordsOf(args)} ${path}`)
    return change(
      seen.changes ? [{ what: path, from: 'other entries', to: result.msg, by }] : [],
      [`path:${path}`],
      result,
    )
  },
})
