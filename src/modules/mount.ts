import { posix } from 'node:path'
import { defineModule } from '../kit/module.ts'
import { act, change, type Edit, type Plan, refuse } from '../kit/plan.ts'
import { at, entry, text } from '../questions/files.ts'
import { mounted } from '../questions/mounts.ts'
import { nothing, type Script, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { type Fstab, withMount, withoutMount } from './shared/fstab.ts'
import { restored } from './shared/restore.ts'

const FSTAB = '/etc/fstab'

/** A file system is mounted somewhere, now and after a reboot. */
export default defineModule({
  name: 'mount',
  collection: 'ansible.posix',
  summary: 'A file system is mounted, and has its line in fstab, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'state'],
    properties: {
      path: {
        type: 'string',
        path: true,
        minLength: 1,
        aliases: ['name'],
        description: 'Where it is seen; none for swap',
      },
      state: {
        type: 'string',
        enum: ['absent', 'absent_from_fstab', 'ephemeral', 'mounted', 'present', 'remounted', 'unmounted'],
      },
      src: { type: 'string', description: 'The device, share or name; with mounted, present and ephemeral' },
      fstype: { type: 'string', description: 'The kind of file system; with mounted, present and ephemeral' },
      opts: { type: 'string', description: 'Options, separated by commas; defaults when absent' },
      dump: { type: 'string', default: '0' },
      passno: { type: 'string', default: '0' },
      boot: { type: 'boolean', default: true, description: 'Whether it is mounted at boot; false adds noauto' },
      fstab: { type: 'string', path: true, description: 'Another file than /etc/fstab' },
      backup: { type: 'boolean', default: false, description: 'Keep the old fstab beside the new one' },
      opts_no_log: { type: 'boolean', refused: 'put secrets of a share into a file that credentials= names' },
    },
  },
  probe: ({ path, fstab }, host) => ({
    table: text(at(fstab ?? FSTAB, host)),
    folder: entry(posix.dirname(at(fstab ?? FSTAB, host)), true),
    mounts: mounted,
    place: entry(at(path, host), true),
  }),
  plan(args, { table, folder, mounts, place }, host): Plan {
    const { state, src, fstype } = args
    const path = at(args.path, host)
    const needs = state === 'mounted' || state === 'present' || state === 'ephemeral'
    if (needs && (src === undefined || fstype === undefined))
      return refuse(`state is ${state} but all of the following are missing: src, fstype`, 'give both')
    const wanted = lineFor(args, path)
    const { opts, dump, passno } = wanted
    const file = at(args.fstab ?? FSTAB, host)
    const result = { name: path, src, fstype, opts, dump, passno, fstab: file, boot: wanted.boot, backup_file: '' }
    const before = table ?? ''
    const gone = state === 'absent' || state === 'absent_from_fstab'
    const after = gone ? withoutMount(before, path, src) : withMount(before, wanted)
    const inTable =
      state === 'unmounted' || state === 'ephemeral' ? [] : tableEdit(file, before, after, args.backup, folder)
    const there = mounts.get(path)
    const mounting = sh`mount ${args.fstab === undefined ? [] : ['-T', file]} -- ${path}`
    const options = args.opts === undefined ? [] : ['-o', args.opts]
    const changed = (edits: readonly Edit[]) => change(edits, [`path:${path}`, `path:${file}`, 'path:/proc'], result)
    switch (state) {
      case 'present':
      case 'absent_from_fstab':
        return changed(inTable)
      case 'absent':
        // What is not in fstab is not ours: a mere directory of that name stays.
        if (inTable.length === 0) return changed([])
        return changed([
          ...inTable,
          ...(there ? [unmounting(path)] : []),
          ...(place ? [{ what: path, from: 'directory', to: 'absent', by: run(sh`rmdir -- ${path}`) }] : []),
        ])
      case 'unmounted':
        return changed(there ? [unmounting(path)] : [])
      case 'remounted': {
        const again = sh`mount -o ${['remount', ...(args.opts === undefined ? [] : [args.opts])].join(',')} -- ${path}`
        const script = args.opts === undefined ? sh`${again} || { umount -- ${path} && ${mounting}; }` : again
        return act(`remount ${path}`, run(script), outcome => ended(outcome, result), { dry: 'pretend' })
      }
      case 'ephemeral':
        if (there === undefined)
          return changed([mountingAt(path, place, sh`mount -t ${fstype ?? ''} ${options} -- ${src ?? ''} ${path}`)])
        if (there.source !== src)
          return refuse(`${path} is mounted already, from ${there.source}`, 'unmount it first, or take another path')
        return act(
          `remount ${path}`,
          run(sh`mount -o ${['remount', opts].join(',')} -- ${path}`),
          outcome => ended(outcome, result),
          { dry: 'pretend' },
        )
      case 'mounted': {
        const undo = inTable.length === 0 ? nothing : sh`; ${restored(file, before)}`
        if (there === undefined) return changed([...inTable, mountingAt(path, place, mounting, undo)])
        const again = run(sh`mount -o remount -- ${path} || { umount -- ${path} && ${mounting}; }`)
        return changed(
          inTable.length === 0 ? [] : [...inTable, { what: path, from: 'mounted', to: 'remounted', by: again }],
        )
      }
    }
  },
})

interface Wish {
  readonly src?: string
  readonly fstype?: string
  readonly opts?: string
  readonly dump: string
  readonly passno: string
  readonly boot: boolean
}

function lineFor({ src = '', fstype = '', opts, dump, passno, boot }: Wish, path: string): Fstab & { boot: string } {
  const given = (opts ?? 'defaults').split(',')
  const auto = boot || given.includes('noauto')
  const line = [...given, ...(auto || given.includes('defaults') ? [] : ['noauto'])].join(',')
  return { src, path, fstype, opts: line, dump, passno, boot: auto ? 'yes' : 'no' }
}

const tableEdit = (file: string, before: string, after: string, backup: boolean, folder: unknown): Edit[] =>
  before === after
    ? []
    : [
        ...(folder === undefined
          ? [
              {
                what: posix.dirname(file),
                from: 'absent',
                to: 'directory',
                by: run(sh`mkdir -p -- ${posix.dirname(file)}`),
              },
            ]
          : []),
        {
          what: file,
          from: before === '' ? 'empty' : 'text',
          to: 'text',
          by: { kind: 'put', path: file, content: { text: after }, ...(backup ? { backup: true } : {}) },
          texts: { before, after },
        },
      ]

/** What cannot be mounted leaves neither directories nor a line behind, on which the next start would stumble. */
const mountingAt = (path: string, place: unknown, mount: Script, undo: Script = nothing): Edit => ({
  what: path,
  from: 'not mounted',
  to: 'mounted',
  by: run(
    place === undefined
      ? sh`p=${path}; while [ ! -e "$p" ]; do n=$p p=$(dirname -- "$p"); done; mkdir -p -- ${path} && ${mount} || { s=$?; p=${path}
while rmdir -- "$p" && [ "$p" != "$n" ]; do p=$(dirname -- "$p"); done${undo}; exit "$s"; }`
      : sh`${mount} || { s=$?${undo}; exit "$s"; }`,
  ),
})

const unmounting = (path: string): Edit => ({
  what: path,
  from: 'mounted',
  to: 'not mounted',
  by: run(sh`umount -- ${path}`),
})
