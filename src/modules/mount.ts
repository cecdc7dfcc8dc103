import { defineModule } from '../kit/module.ts'
import { act, change, type Edit, type Plan, refuse } from '../kit/plan.ts'
import { at, entry, text } from '../questions/files.ts'
import { mounted } from '../questions/mounts.ts'
import { type Script, sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { type Fstab, withMount, withoutMount } from './shared/fstab.ts'

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
    mounts: mounted,
    place: entry(at(path, host), true),
  }),
  plan(args, { table, mounts, place }, host): Plan {
    const { state, src, fstype } = args
    const path = at(args.path, host)
    const needs = state === 'mounted' || state === 'present' || state === 'ephemeral'
    if (needs && (src === undefined || fstype === undefined))
      return refuse(`state is ${state} but all of the following are missing: src, fstype`, 'give both')
    const wanted = lineFor(args, path)
    const { opts, dump, passno } = wanted
    const file = at(args.fstab ?? FSTAB, host)
    const result = { name: path, src: src ?? null, fstype: fstype ?? null, opts, dump, passno, fstab: file }
    const before = table ?? ''
    const gone = state === 'absent' || state === 'absent_from_fstab'
    const after = gone ? withoutMount(before, path, src) : withMount(before, wanted)
    const inTable = state === 'unmounted' || state === 'ephemeral' ? [] : tableEdit(file, before, after, args.backup)
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
        return act(`remount ${path}`, run(sh`mount -o ${['remount', opts].join(',')} -- ${path}`), outcome =>
          ended(outcome, result),
        )
      case 'mounted': {
        if (there === undefined) return changed([...inTable, mountingAt(path, place, mounting)])
        const again = run(sh`mount -o remount -- ${path} || { umount -- ${path} && ${mounting}; }`)
        return changed(inTable.flatMap(line => [line, { what: path, from: 'mounted', to: 'remounted', by: again }]))
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

function lineFor({ src = '', fstype = '', opts, dump, passno, boot }: Wish, path: string): Fstab {
  const given = (opts ?? 'defaults').split(',')
  const auto = boot || given.includes('noauto') || given.includes('defaults')
  return { src, path, fstype, opts: [...given, ...(auto ? [] : ['noauto'])].join(','), dump, passno }
}

const tableEdit = (file: string, before: string, after: string, backup: boolean): Edit[] =>
  before === after
    ? []
    : [
        {
          what: file,
          from: before === '' ? 'empty' : 'text',
          to: 'text',
          by: { kind: 'put', path: file, content: { text: after }, ...(backup ? { backup: true } : {}) },
          texts: { before, after },
        },
      ]

const mountingAt = (path: string, place: unknown, mount: Script): Edit => ({
  what: path,
  from: 'not mounted',
  to: 'mounted',
  by: run(sh`${place === undefined ? sh`mkdir -p -- ${path} && ` : sh``}${mount}`),
})

const unmounting = (path: string): Edit => ({
  what: path,
  from: 'mounted',
  to: 'not mounted',
  by: run(sh`umount -- ${path}`),
})
