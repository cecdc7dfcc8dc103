import { defineModule } from '../kit/module.ts'
import { change, type Plan, refuse, warned } from '../kit/plan.ts'
import { known } from '../questions/known.ts'
import { linesOf, localSide } from '../questions/local-side.ts'
import { sideOf } from '../questions/sides.ts'
import { commandOf, endsOf, filesOf, looksOf, wayOf } from './shared/sync-ends.ts'
import { NotHonoured, optionFault, syncOptions } from './shared/sync-options.ts'
import { synchronization } from './shared/sync-plan.ts'

const OURS = 'everything travels through the connection that is there already'
const SAME = 'Of no effect: everything travels through the connection that is there already'

/** A tree of the controller is on the target, or the other way round, or one of the target somewhere else there. */
export default defineModule({
  name: 'synchronize',
  collection: 'ansible.posix',
  summary: 'A directory is as another one is, with only what differs being sent',
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['src', 'dest'],
    properties: {
      src: {
        type: 'string',
        minLength: 1,
        controller: 'files',
        controllerIf: { mode: 'push', delegated: 'no' },
        description: 'What is sent; with a final slash what is in it. With mode: pull a path of the target',
      },
      dest: {
        type: 'string',
        minLength: 1,
        controller: 'playbook',
        controllerIf: { mode: 'pull', delegated: 'no' },
        description: 'Where it goes; with mode: pull a path of the controller',
      },
      mode: { type: 'string', enum: ['push', 'pull'], default: 'push' },
      archive: {
        type: 'boolean',
        default: true,
        description: 'Turns on recursive, links, perms, times, owner and group',
      },
      checksum: { type: 'boolean', default: false, description: 'Compare digests, and not sizes and times' },
      copy_links: { type: 'boolean', default: false, description: 'Send what links lead to' },
      delete: { type: 'boolean', default: false, description: 'Take away what src has not, once all is there' },
      dirs: { type: 'boolean', default: false, description: 'Without recursive: directories, and not what is in them' },
      existing_only: { type: 'boolean', default: false, description: 'Make nothing new' },
      recursive: { type: 'boolean', description: 'As archive unless given' },
      links: { type: 'boolean', description: 'Links as links; as archive unless given' },
      perms: { type: 'boolean', description: 'Keep modes; as archive unless given' },
      times: { type: 'boolean', description: 'Keep times; as archive unless given' },
      owner: { type: 'boolean', description: 'Keep owners, by name, where root writes; as archive unless given' },
      group: { type: 'boolean', description: 'Keep groups, by name; as archive unless given' },
      delay_updates: {
        type: 'boolean',
        default: true,
        description:
          'All contents arrive before the first one takes its name, always; with true .rsync-filter files are read',
      },
      rsync_opts: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        judge: optionFault,
        description: 'Options of rsync; those that say what is there in the end are honoured or refused by name',
      },
      compress: { type: 'boolean', default: true, description: SAME },
      partial: { type: 'boolean', default: false, description: 'Of no effect: what did not arrive whole is not kept' },
      rsync_timeout: { type: 'integer', default: 0, description: SAME },
      set_remote_user: { type: 'boolean', default: true, description: SAME },
      ssh_connection_multiplexing: { type: 'boolean', default: false, description: SAME },
      use_ssh_args: { type: 'boolean', default: false, description: SAME },
      verify_host: {
        type: 'boolean',
        default: false,
        description: 'Of no effect: the keys of hosts are always verified',
      },
      dest_port: { type: 'integer', refused: `${OURS}; its port is ansible_port` },
      private_key: { type: 'string', refused: `${OURS}; its key is ansible_ssh_private_key_file` },
      ssh_args: { type: 'string', refused: `${OURS}; its options are ansible_ssh_common_args` },
      rsync_path: { type: 'string', refused: 'no rsync runs on the target; who writes there is told by become' },
      link_dest: { type: 'array', items: { type: 'string' }, refused: 'hard links to a third tree are not made' },
      delegated: { type: 'string', enum: ['no', 'itself', 'elsewhere'], default: 'no', delegation: true },
    },
  },
  probe(args, host) {
    const { source, goal } = looksOf(args, host)
    const far = wayOf(args) === 'within'
    return {
      from: wayOf(args) === 'push' ? localSide(source) : sideOf(source),
      to: wayOf(args) === 'pull' ? localSide(goal) : sideOf(goal),
      patterns: far ? known<ReadonlyMap<string, readonly string[]>>(new Map()) : linesOf(filesOf(args)),
    }
  },
  plan(args, { from, to, patterns }, host): Plan {
    const result = { cmd: commandOf(args), rc: 0 }
    try {
      const ends = endsOf(args, host, from)
      const options = syncOptions(args, patterns)
      const { mirror, differences, lines, warnings } = synchronization(options, ends, from, to)
      const told = { msg: lines.map(line => `${line}\n`).join(''), stdout_lines: [...lines] }
      const dest = `${ends.way === 'pull' ? 'controller' : 'path'}:${ends.dest}`
      const edits = differences.map(difference => ({ ...difference, by: mirror }))
      return warned(change(edits, [dest], result, told), warnings)
    } catch (error) {
      if (error instanceof NotHonoured) return refuse(error.message, error.remedy, { ...result, rc: 1 })
      throw error
    }
  },
})
