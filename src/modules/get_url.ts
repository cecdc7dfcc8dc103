import { posix } from 'node:path'
import type { Asking, Content, Fields, Outcome, Put } from '../kit/effect.ts'
import type { HostInfo } from '../kit/host.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, type Edit, type Plan, type Report, refuse } from '../kit/plan.ts'
import type { Question } from '../kit/question.ts'
import { listedChecksum, publishedChecksum } from '../questions/checksum-list.ts'
import { type Algorithm, at, digest, entry } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { landing } from '../questions/landing.ts'
import { worn } from '../questions/worn.ts'
import { join, nothing, type Script } from '../shell/script.ts'
import { dressing, facts, freshMode, mend, OWNERSHIP, prospect, wantedOf } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { asking, FETCHING, proofs, unproven } from './shared/http.ts'
import { pathOf } from './shared/place.ts'

/** A file of the target holds what a URL serves. */
export default defineModule({
  name: 'get_url',
  summary: 'A file holds what a URL serves, proven by its checksum',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['url', 'dest'],
    properties: {
      url: { type: 'string', pattern: '^https?://' },
      dest: { type: 'string', path: true, minLength: 1 },
      checksum: {
        type: 'string',
        default: '',
        pattern: '^$|^(md5|sha1|sha224|sha256|sha384|sha512):',
        description: 'ALGORITHM:HEX, or ALGORITHM:URL of a list',
      },
      force: {
        type: 'boolean',
        default: false,
        aliases: ['thirsty'],
        description: 'Fetch again even when the file is there',
      },
      backup: { type: 'boolean', default: false },
      tmp_dest: { type: 'string', path: true, description: 'Not needed: the part file stands beside dest' },
      sha256sum: { type: 'string', refused: 'write checksum: sha256:HEX' },
      timeout: { type: 'integer', minimum: 1, default: 10 },
      ...FETCHING,
      ...OWNERSHIP,
    },
  },
  probe(args, host) {
    const dest = at(args.dest, host)
    const name = nameOf(args.url)
    const { algorithm, value } = checksumOf(args.checksum)
    const digestAt = (path: string) => (algorithm === undefined ? known(undefined) : digest(path, algorithm))
    return {
      there: landing(dest, name),
      parent: entry(args.dest.endsWith('/') ? dest : posix.dirname(dest), true),
      self: digestAt(dest),
      inside: digestAt(posix.join(dest, name)),
      wanted:
        publishedAt(value, name, host, url => ({ ...asking(url, args, {}), timeout: args.timeout })) ?? known(value),
      ...proofs(args, host),
      ids: worn({ path: dest, name, follow: true }, args),
    }
  },
  plan(args, { there, parent, self, inside, wanted, ids: numbers, ...proven }, host): Plan {
    const { url } = args
    const path = pathOf(args.dest, at(args.dest, host), nameOf(url), there)
    const { algorithm } = checksumOf(args.checksum)
    const now = there.directory ? inside : self
    const seen = there.entry
    const none = { url, dest: path, checksum_src: null, checksum_dest: null, elapsed: 0 }
    const result = { url, dest: path, src: url }
    if (wanted !== undefined && !/^[0-9a-f]+$/.test(wanted))
      return refuse('The checksum format is invalid', 'give ALGORITHM:HEX, or ALGORITHM:URL of a list', none)
    if (seen !== undefined && seen.type !== 'file')
      return refuse(`${path} is a ${seen.type}, no file can be put there`, undefined, none)
    if (seen === undefined && parent?.type !== 'directory')
      return refuse(`Destination ${posix.dirname(path)} does not exist`, 'make the directory first', none)
    const unfit = unproven(args, proven)
    if (unfit !== undefined) return unfit
    const dress = wantedOf(args, numbers)
    const mending = seen === undefined ? [] : mend(path, seen, dress, numbers)
    const touches = [`path:${path}`]
    if (seen !== undefined && algorithm !== undefined && !args.force && now === wanted)
      return change(
        mending,
        touches,
        {
          ...none,
          ...facts(seen),
        },
        {
          msg: `file already exists${mending.length > 0 ? ' but file attributes changed' : ''}`,
        },
      )
    const by = (more: Trying = {}): Put => ({
      kind: 'put',
      path,
      content: { ...asking(url, args, proven), via: 'target', timeout: args.timeout, ...more },
      ...(dress.mode === undefined ? {} : { mode: freshMode(dress.mode, 'file') }),
      ...dressing(dress),
      ...(args.backup && seen !== undefined ? { backup: true } : {}),
      ...(algorithm === undefined || wanted === undefined ? {} : { checksum: `${algorithm}:${wanted}` }),
    })
    const fields = { ...result, ...prospect(dress, 'file') }
    if (algorithm !== undefined && !args.force) {
      const from = seen === undefined ? 'absent' : `${algorithm}:${now?.slice(0, 12)}`
      return change([{ what: path, from, to: url, by: by() }], touches, fields)
    }
    // What is there goes into a directory whatever the server says of its age, as with Ansible.
    const only = args.force || there.directory ? 'other' : 'newer'
    const kept = mending.length === 0 ? {} : { kept: join(mending.map(scriptOf), ' && ') }
    return act(`fetch ${url}`, by({ only, ...kept }), outcome => reportOf(outcome, fields, mending.length > 0), {
      touches,
      trial: by({ only, trial: true }),
    })
  },
})

/** It was changed when other bytes came, or when what is there had to be mended. */
function reportOf(outcome: Outcome, { src, ...fields }: Fields, mended: boolean): Report {
  const said: Fields = Object.fromEntries(outcome.fields ?? [])
  const unchanged = said['status_code'] === 304
  const same = unchanged || (said['checksum_src'] !== undefined && said['checksum_src'] === said['checksum_dest'])
  return ended(outcome, { ...(unchanged ? {} : { src }), ...fields, ...said }, mended || !same)
}

const scriptOf = ({ by }: Edit): Script => (by.kind === 'run' ? by.script : nothing)

/** The last part of a URL's path as it is written, so that no %2F leads to another directory; `index.html` where there is none. */
const nameOf = (url: string): string =>
  url
    .replace(/[?#].*$/s, '')
    .replace(/^https?:\/\/[^/]*/, '')
    .split('/')
    .at(-1) || 'index.html'

/** An algorithm and a digest in small letters, or the URL of a list. */
function checksumOf(text: string): { algorithm?: Algorithm; value?: string } {
  const [, algorithm, value = ''] = /^(\w+):(.*)$/s.exec(text) ?? []
  if (algorithm === undefined) return {}
  return {
    algorithm: algorithm as Algorithm,
    value: value.includes('://') ? value.trim() : value.replaceAll(/\W+/g, '').toLowerCase(),
  }
}

type Trying = Pick<Extract<Content, { url: string }>, 'only' | 'kept' | 'trial'>

/** The question for the digest in a list of the web or of the target; undefined where the value is no URL. */
function publishedAt(
  value: string | undefined,
  name: string,
  host: HostInfo,
  asked: (url: string) => Asking,
): Question<string> | undefined {
  if (!value?.includes('://')) return undefined
  return value.startsWith('file://')
    ? listedChecksum(at(value.slice('file://'.length), host), name)
    : publishedChecksum(asked(value), name)
}
