import { randomBytes } from 'node:crypto'
import { link, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Writes a file that must not be there yet: whole and on disk under another name, then given its own. An existing one stays. */
export async function placeNew(file: string, bytes: Buffer, mode: number): Promise<void> {
  const part = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.part`
  try {
    await writeWhole(part, bytes, mode)
    await link(part, file)
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException
    // Some file systems have no hard links; there two runs at once are not told apart.
    if (syscall === 'link' && (code === 'EPERM' || code === 'ENOTSUP')) await rename(part, file)
    else if (syscall !== 'link' || code !== 'EEXIST') throw cause
  } finally {
    await rm(part, { force: true })
  }
  await syncDirectory(dirname(file))
}

async function writeWhole(file: string, bytes: Buffer, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode)
  try {
    await handle.writeFile(bytes)
    await handle.chmod(mode)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Removes the part files of these names that runs left when they died; those of living processes stay. */
export async function removeLeftovers(dir: string, names: readonly string[]): Promise<void> {
  for (const name of await readdir(dir)) {
    const [, whole, pid] = /^(.+)\.(\d+)\.[0-9a-f]{8}\.part$/.exec(name) ?? []
    if (whole && names.includes(whole) && !alive(Number(pid))) await rm(join(dir, name), { force: true })
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
