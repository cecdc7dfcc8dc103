import { defineModule } from '../kit/module.ts'
import { change, type Edit } from '../kit/plan.ts'
import { SOURCES_PARTS } from '../questions/apt-sources.ts'
import { hash } from '../questions/controller.ts'
import { bytes, entry } from '../questions/files.ts'
import { sh } from '../shell/script.ts'
import { notDebian } from './shared/apt.ts'
import { run } from './shared/attributes.ts'
import { isUrl, served } from './shared/http.ts'
import { MODE_PATTERN } from './shared/mode.ts'
import { ofText, placing } from './shared/place.ts'

const YES = { type: 'boolean' } as const
const WORDS = { type: 'array', items: { type: 'string' } } as const
const KEYRINGS = '/etc/apt/keyrings'

/** A source of packages of Debian and its kin, as a file of fields. */
export default defineModule({
  name: 'deb822_repository',
  summary: 'A source of packages stands in a .sources file of apt, with its key, or does not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, description: 'Name of the source, from which the file gets its name' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      mode: { type: 'string', pattern: MODE_PATTERN, default: '0644' },
      types: { type: 'array', items: { type: 'string', enum: ['deb', 'deb-src'] }, default: ['deb'] },
      uris: { ...WORDS, description: 'URLs of the archive' },
      suites: WORDS,
      components: WORDS,
      architectures: WORDS,
      signed_by: {
        type: 'string',
        description: 'A key: path of the target, URL, fingerprint, or the armoured key itself',
      },
      enabled: YES,
      trusted: YES,
      allow_downgrade_to_insecure: YES,
      allow_insecure: YES,
      allow_weak: YES,
      by_hash: YES,
      check_date: YES,
      check_valid_until: YES,
      date_max_future: { type: 'integer' },
      exclude: WORDS,
      include: WORDS,
      inrelease_path: { type: 'string' },
      languages: WORDS,
      pdiffs: YES,
      targets: WORDS,
      install_python_debian: { type: 'boolean', description: 'Accepted; Python is not needed' },
    },
  },
  probe({ name, state, signed_by: key }) {
    const { file, armoured, binary } = pathsOf(name)
    return {
      entry: entry(file, true),
      bytes: bytes(file),
      armoured: bytes(armoured),
      binary: bytes(binary),
      key: served(state === 'present' && isUrl(key) ? key : undefined),
    }
  },
  plan(args, seen, host) {
    const { name, state, mode } = args
    const { file, armoured, binary } = pathsOf(name)
    const touches = [file, armoured, binary].map(path => `path:${path}`)
    if (host.family !== 'debian') return notDebian('deb822_repository', host)
    if (state === 'absent') {
      const there: [string, unknown][] = [
        [file, seen.entry],
        [armoured, seen.armoured],
        [binary, seen.binary],
      ]
      const gone = there.filter(([, what]) => what !== undefined)
      return change(
        gone.map(([path]): Edit => ({ what: path, from: 'file', to: 'absent', by: run(sh`rm -f -- ${path}`) })),
        touches,
        { dest: file, repo: null, key_filename: null },
      )
    }
    const keyFile = seen.key && (/^-----BEGIN/m.test(seen.key.toString('latin1')) ? armoured : binary)
    const text = textOf({ ...args, signed_by: keyFile ?? args.signed_by })
    const now = keyFile === armoured ? seen.armoured : seen.binary
    const key = seen.key && keyFile !== undefined && !now?.equals(seen.key) ? [keyEdit(keyFile, seen.key, now)] : []
    const landing = {
      directory: false,
      entry: seen.entry,
      sha256: seen.bytes && hash('sha256', seen.bytes),
      before: seen.bytes,
    }
    const placed = placing({ path: file, ...ofText(text), wanted: { mode } }, landing, NOBODY)
    return change([...key, ...placed], touches, { dest: file, repo: text, key_filename: keyFile ?? null })
  },
})

const NOBODY = { uid: undefined, gid: undefined }

function pathsOf(name: string): { file: string; armoured: string; binary: string } {
  const slug = name
    .toLowerCase()
    .replaceAll(/[_\s]+/g, '-')
    .replaceAll(/[^a-z0-9-]/g, '')
  return {
    file: `${SOURCES_PARTS}/${slug}.sources`,
    armoured: `${KEYRINGS}/${slug}.asc`,
    binary: `${KEYRINGS}/${slug}.gpg`,
  }
}

function keyEdit(path: string, key: Buffer, now: Buffer | undefined): Edit {
  return {
    what: path,
    from: now === undefined ? 'absent' : 'another key',
    to: `sha256:${hash('sha256', key).slice(0, 12)}`,
    by: { kind: 'put', path, content: { bytes: key }, mode: '0644' },
  }
}

/** Fields that are none of the file's. */
const OTHERS: ReadonlySet<string> = new Set(['state', 'mode', 'install_python_debian'])

/** The fields in the order of their parameters' names; that of the source stands under a name of its own. */
function textOf(args: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(args).filter(name => !OTHERS.has(name) && args[name] !== undefined)
  return names
    .sort()
    .map(name => `${fieldOf(name)}: ${shown(args[name])}\n`)
    .join('')
}

const fieldOf = (name: string): string =>
  name === 'name'
    ? 'X-Repolib-Name'
    : name === 'uris'
      ? 'URIs'
      : name.replaceAll(
          /(?:^|_)([a-z])/g,
          (whole, letter: string) => (whole.startsWith('_') ? '-' : '') + letter.toUpperCase(),
        )

/** Yes or no, words, or text; lines after the first are indented, and empty ones hold a dot. */
function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.join(' ')
  const text = String(value)
  if (!text.includes('\n')) return text
  const lines = text.trim().split('\n')
  return `\n${lines.map(line => ` ${line.trim() || '.'}`).join('\n')}`
}
