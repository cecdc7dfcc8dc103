import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises'
import { type ControllerQuestion, CouldNotTell } from '../kit/question.ts'
import { FILTER_FILE, type Item, type Looking, MOST, type Side, STAGE } from './sides.ts'

/** A path of the controller, byte by byte: `root` is text, what is below it a byte string. */
export const bytePath = (root: string, below: string): Buffer =>
  below === '' ? Buffer.from(root) : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(below, 'latin1')])

/** What stands at one end, on the controller. Nothing there is an answer, too. */
export const localSide = (looking: Looking): ControllerQuestion<Side> => ({
  of: 'controller',
  key: `side ${JSON.stringify(looking)}`,
  reads: [`controller:${looking.name === '' ? looking.root : `${looking.root}/${looking.name}`}`],
  dear: true,
  ask: async ({ signal }) => {
    try {
      return {
        ...{ root: await rootOf(looking.root), items: await itemsOf(looking, signal) },
        ...{ uid: process.getuid?.() ?? 0, gids: process.getgroups?.() ?? [], umask: process.umask() },
        ...{ users: await namesOf('/etc/passwd'), groups: await namesOf('/etc/group') },
      }
    } catch (error) {
      if (signal.aborted || !(error instanceof Error) || !('code' in error)) throw error
      throw new CouldNotTell(`cannot look through ${looking.root} of the controller: ${error.message}`)
    }
  },
})

/** Nothing where nothing is; other errors are thrown. */
async function orNothing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String(error.code)))
      return undefined
    throw error
  }
}

async function rootOf(root: string): Promise<Item | undefined> {
  const seen = await orNothing(() => stat(root))
  return seen && itemOf('', seen)
}

const itemOf = (path: string, seen: Stats): Item => ({
  path,
  type: seen.isFile() ? 'file' : seen.isDirectory() ? 'directory' : seen.isSymbolicLink() ? 'link' : 'other',
  mode: seen.mode & 0o7777,
  ...{ uid: seen.uid, gid: seen.gid, size: seen.size, mtime: Math.floor(seen.mtimeMs / 1000) },
})

async function itemsOf(looking: Looking, signal: AbortSignal): Promise<Map<string, Item>> {
  const { root, levels, follow, sums } = looking
  const items = new Map<string, Item>()
  const add = async (path: string, depth: number): Promise<void> => {
    signal.throwIfAborted()
    const at = bytePath(root, path)
    const led = follow === 'all' || (follow === 'start' && depth === 0)
    const seen = (led ? await orNothing(() => stat(at)) : undefined) ?? (await orNothing(() => lstat(at)))
    if (seen === undefined) return
    const item = itemOf(path, seen)
    items.set(path, { ...item, ...(await contentOf(item, at, sums)) })
    if (items.size > MOST)
      throw new CouldNotTell(`there are more than ${MOST} entries in ${root}: name a narrower directory`)
    if (item.type !== 'directory' || depth >= levels) return
    for (const name of await readdir(at, { encoding: 'latin1' }))
      if (name !== STAGE) await add(path === '' ? name : `${path}/${name}`, depth + 1)
  }
  const held = looking.name !== '' && (await rootOf(root))
  if (held && held.type !== 'directory') await add('', 1)
  else await add(Buffer.from(looking.name).toString('latin1'), 0)
  return items
}

/** What is in a link or a file, as far as it is asked for. */
async function contentOf({ path, type }: Item, at: Buffer, sums: boolean): Promise<Partial<Item>> {
  if (type === 'link') return { target: await readlink(at, { encoding: 'latin1' }) }
  if (type !== 'file') return {}
  const filter = path.split('/').at(-1) === FILTER_FILE ? { filter: (await readFile(at, 'latin1')).split('\n') } : {}
  if (!sums) return filter
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(at, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return { ...filter, sum: hash.digest('hex') }
}

/** Names by their numbers; the first one counts. */
async function namesOf(database: string): Promise<Map<number, string>> {
  const names = new Map<number, string>()
  for (const line of (await orNothing(() => readFile(database, 'latin1')))?.split('\n') ?? []) {
    const [name = '', , number = ''] = line.split(':')
    if (/^\d+$/.test(number) && !names.has(Number(number))) names.set(Number(number), name)
  }
  return names
}

/** The lines of files of the controller, as byte strings. */
export const linesOf = (files: readonly string[]): ControllerQuestion<ReadonlyMap<string, readonly string[]>> => ({
  of: 'controller',
  key: `lines ${JSON.stringify(files)}`,
  reads: files.map(file => `controller:${file}`),
  ask: async () => {
    const lines = new Map<string, readonly string[]>()
    for (const file of files) {
      const text = await orNothing(() => readFile(file, 'latin1'))
      if (text === undefined) throw new CouldNotTell(`there is no file ${file} on the controller`)
      lines.set(file, text.split('\n'))
    }
    return lines
  },
})
