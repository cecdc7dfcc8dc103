import { closeSync, lstatSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs'
import { homedir } from 'node:os'
import type { Value } from '../../base/value.ts'
import { isVaulted } from '../../vault/envelope.ts'
import { failure } from '../errors.ts'
import { soft } from '../python/arguments.ts'
import { native, type Tests } from '../python/callable.ts'

/** What is at a path on the controller; null when nothing is. */
function at(path: string, look: (path: string) => Stats = statSync): Stats | null {
  try {
    return look(path.replace(/^~(?=\/|$)/, homedir()))
  } catch {
    // Absence and refusal are the same answer here, as in Python's os.path.
    return null
  }
}

const about = (test: (path: string) => boolean) => native('', value => test(soft(value)), { impure: true })

const isFile = about(path => at(path)?.isFile() ?? false)
const isDirectory = about(path => at(path)?.isDirectory() ?? false)
const isLink = about(path => at(path, lstatSync)?.isSymbolicLink() ?? false)
const exists = about(path => at(path) !== null)
const linkExists = about(path => at(path, lstatSync) !== null)

/** A directory on another device than its parent. */
function mounted(path: string): boolean {
  const here = at(path)
  if (!here?.isDirectory()) return false
  const real = realpathSync(path)
  const parent = at(`${real}/..`)
  return real === '/' || (parent !== null && (parent.dev !== here.dev || parent.ino === here.ino))
}
const isMount = about(mounted)

const sameFile = native(
  'other',
  (value, args) => {
    const [left, right] = [at(soft(value)), at(soft(args.value('other')))]
    return left !== null && right !== null && left.ino === right.ino && left.dev === right.dev
  },
  { impure: true },
)

/** A file that begins as vaults do. */
function isVaultedFile(value: Value): boolean {
  const path = soft(value).replace(/^~(?=\/|$)/, homedir())
  try {
    const file = openSync(path, 'r')
    const head = Buffer.alloc(HEAD)
    try {
      readSync(file, head, 0, HEAD, 0)
    } finally {
      closeSync(file)
    }
    return isVaulted(head)
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw failure(`cannot test whether ${path} is a vault: ${error.message}`)
  }
}

/** Bytes that suffice to know a vault. */
const HEAD = 64

/** Files on the controller. */
export const FILE_TESTS: Tests = {
  file: isFile,
  is_file: isFile,
  directory: isDirectory,
  is_dir: isDirectory,
  link: isLink,
  is_link: isLink,
  exists,
  link_exists: linkExists,
  mount: isMount,
  is_mount: isMount,
  abs: native('', value => soft(value).startsWith('/')),
  is_abs: native('', value => soft(value).startsWith('/')),
  vaulted_file: native('', isVaultedFile, { impure: true }),
  same_file: sameFile,
  is_same_file: sameFile,
}
