import { dict, float, fromJson, type Value } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok } from '../kit/plan.ts'
import { at } from '../questions/files.ts'
import { type Status, status } from '../questions/status.ts'
import { KINDS, modeFields } from './shared/stat-fields.ts'

/** What stands at a path. */
export default defineModule({
  name: 'stat',
  summary: 'Tells what stands at a path of the target',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: { type: 'string', path: true, minLength: 1, aliases: ['dest', 'name'] },
      follow: { type: 'boolean', default: false },
      get_checksum: { type: 'boolean', default: true },
      checksum_algorithm: {
        type: 'string',
        enum: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
        default: 'sha1',
        aliases: ['checksum', 'checksum_algo'],
      },
      get_mime: { type: 'boolean', default: true, aliases: ['mime', 'mime_type', 'mime-type'] },
      get_attributes: { type: 'boolean', default: true, aliases: ['attr', 'attributes'] },
    },
  },
  probe(args, host) {
    const checksum = args.get_checksum ? args.checksum_algorithm : undefined
    const wish = { follow: args.follow, checksum, mime: args.get_mime, attributes: args.get_attributes }
    return { seen: status(at(args.path, host), wish) }
  },
  plan(args, { seen }, host) {
    const path = at(args.path, host)
    return ok({ stat: seen === undefined ? dict({ exists: false }) : dict(fieldsOf(path, seen, args)) })
  },
})

function fieldsOf(
  path: string,
  seen: Status,
  args: { get_mime: boolean; get_attributes: boolean },
): Record<string, Value> {
  // Of a link that leads nowhere `file` tells a type and no charset, which Ansible does not take for an answer.
  const [, mimetype = 'unknown', charset = 'unknown'] = /^(.*); charset=(.*)$/.exec(seen.mime ?? '') ?? []
  const [version = null, flags = ''] = seen.attributes?.trim().split(/\s+/) ?? []
  return {
    exists: true,
    path,
    ...modeFields(seen.bits),
    uid: seen.uid,
    gid: seen.gid,
    size: seen.size,
    inode: seen.inode,
    dev: seen.device,
    nlink: seen.links,
    atime: float(seen.atime),
    mtime: float(seen.mtime),
    ctime: float(seen.ctime),
    device_type: seen.deviceType,
    blocks: seen.blocks,
    block_size: seen.blockSize,
    readable: seen.readable,
    writeable: seen.writable,
    executable: seen.executable,
    ...(seen.owner === 'UNKNOWN' ? {} : { pw_name: seen.owner }),
    ...(seen.group === 'UNKNOWN' ? {} : { gr_name: seen.group }),
    ...(seen.bits >> 12 === KINDS.islnk ? { lnk_source: seen.source ?? '', lnk_target: seen.target ?? '' } : {}),
    ...(seen.checksum === undefined ? {} : { checksum: seen.checksum }),
    ...(args.get_mime ? { mimetype, charset } : {}),
    ...(args.get_attributes
      ? { version, attr_flags: flags.replaceAll('-', ''), attributes: fromJson(attributesOf(flags)) }
      : {}),
  }
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
}

const attributesOf = (flags: string): string[] => [...flags].flatMap(flag => ATTRIBUTES[flag] ?? [])
