import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { REAL_PATH } from '../shell/real-path.ts'
import { raw, sh } from '../shell/script.ts'
import { type Algorithm, absentOr, digester } from './files.ts'

/** Everything that `stat` tells of a path. */
export interface Status {
  /** st_mode with the type bits. */
  readonly bits: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly inode: number
  readonly device: number
  readonly links: number
  readonly atime: number
  readonly mtime: number
  readonly ctime: number
  readonly blocks: number
  readonly blockSize: number
  /** st_rdev as Linux packs it. */
  readonly deviceType: number
  readonly owner: string
  readonly group: string
  readonly readable: boolean
  readonly writable: boolean
  readonly executable: boolean
  readonly checksum?: string
  readonly mime?: string
  readonly attributes?: string
  /** What a link holds, and the path that it leads to. */
  readonly target?: string
  readonly source?: string
}

export interface StatusWish {
  readonly follow: boolean
  readonly checksum: Algorithm | undefined
  readonly mime: boolean
  readonly attributes: boolean
}

/** All that `stat` can tell of a path, undefined when nothing is there. */
export function status(path: string, wish: StatusWish): TargetQuestion<Status | undefined> {
  const flag = raw(wish.follow ? '-L' : '')
  const sum =
    wish.checksum === undefined
      ? sh`echo`
      : sh`{ [ -f ${path} ] && ${wish.follow ? raw('') : sh`[ ! -L ${path} ] && `}[ -r ${path} ] && ${digester(wish.checksum)} <${path} | cut -d' ' -f1 | grep . || echo; }`
  const mime = wish.mime ? sh`{ file -b --mime-type --mime-encoding -- ${path} 2>/dev/null || echo; }` : sh`echo`
  const attributes = wish.attributes
    ? sh`{ lsattr -vd -- ${path} 2>/dev/null | cut -c1-60 | grep . || echo; }`
    : sh`echo`
  const may = sh`for o in r w x; do [ -$o ${path} ] && printf $o || printf -; done; echo`
  return ask(
    sh`LC_ALL=C stat ${flag} -c ${'%f %u %g %s %i %d %h %X %Y %Z %b %o %t %T %U:%G'} -- ${path} || exit; ${may}; ${sum}; ${mime}; ${attributes}; if [ -L ${path} ]; then ${REAL_PATH}
real_path ${path}; printf '\\000'; readlink -n -- ${path}; fi`,
    [`path:${path}`],
    answer => {
      const lines = answer.stdout.split('\n')
      const [line = '', may = '', checksum = '', mime = '', attributes = ''] = lines
      const [source = '', target] = lines.slice(5).join('\n').split('\0')
      // As Ansible's stat: what stands below a file is a mistake, not just absent.
      if (answer.stderr.includes('Not a directory')) throw new CouldNotTell(`cannot look at ${path}: Not a directory`)
      if (line === '') return absentOr(path, answer)
      const words = line.split(' ')
      const [bits = '', ...rest] = words
      const [uid, gid, size, inode, device, links, atime, mtime, ctime, blocks, blockSize] = rest.map(Number)
      const [owner = '', group = ''] = words.slice(14).join(' ').split(':')
      if (blockSize === undefined || Number.isNaN(blockSize))
        throw new CouldNotTell(`cannot read what stat said of ${path}`)
      return {
        bits: Number.parseInt(bits, 16),
        ...({ uid, gid, size, inode, device, links, atime, mtime, ctime, blocks, blockSize } as Record<
          Numbers,
          number
        >),
        deviceType: packed(Number.parseInt(words[12] ?? '0', 16), Number.parseInt(words[13] ?? '0', 16)),
        owner,
        group,
        readable: may[0] === 'r',
        writable: may[1] === 'w',
        executable: may[2] === 'x',
        ...(checksum === '' ? {} : { checksum }),
        ...(mime === '' ? {} : { mime }),
        ...(attributes === '' ? {} : { attributes }),
        ...(target === undefined ? {} : { source, target }),
      }
    },
  )
}

/** Major and minor number as the kernel packs them. */
const packed = (major: number, minor: number): number => (major << 8) | (minor & 0xff) | ((minor & ~0xff) << 12)

type Numbers =
  | 'uid'
  | 'gid'
  | 'size'
  | 'inode'
  | 'device'
  | 'links'
  | 'atime'
  | 'mtime'
  | 'ctime'
  | 'blocks'
  | 'blockSize'
