import { posix } from 'node:path'
import type { Secret } from '../base/secret.ts'
import type { Content, Put } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, type Plan, refuse } from '../kit/plan.ts'
import { publishedChecksum } from '../questions/checksum-list.ts'
import { type Algorithm, at, digest } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { landing } from '../questions/landing.ts'
import { ids } from '../questions/system.ts'
import { facts, freshMode, mend, OWNERSHIP, prospect } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { credentials, FETCHING } from './shared/http.ts'
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
    const [algorithm, value] = checksumOf(args.checksum)
    return {
      there: landing(dest, nameOf(args.url)),
      self: algorithm === undefined ? known(undefined) : digest(dest, algorithm),
      inside: algorithm === undefined ? known(undefined) : digest(posix.join(dest, nameOf(args.url)), algorithm),
      wanted: value?.includes('://') ? publishedChecksum(value, nameOf(args.url)) : known(value?.toLowerCase()),
      ids: ids(args.owner, args.group),
    }
  },
  plan(args, { there, self, inside, wanted, ids: numbers }, host): Plan {
    const { url, mode, owner, group } = args
    const path = pathOf(args.dest, at(args.dest, host), nameOf(url), there)
    const [algorithm] = checksumOf(args.checksum)
    const now = there.directory ? inside : self
    const seen = there.entry
    const result = { url, dest: path, src: url }
    if (seen !== undefined && seen.type !== 'file')
      return refuse(`${path} is a ${seen.type}, no file can be put there`, undefined, result)
    const attributes = { mode, owner, group }
    const same = seen !== undefined && (algorithm === undefined ? !args.force : now === wanted)
    if (same)
      return change(mend(path, seen, attributes, numbers), [`path:${path}`], {
        ...result,
        ...facts(seen),
        msg: 'file already exists',
      })
    const by: Put = {
      kind: 'put',
      path,
      content: contentOf(args),
      ...(mode === undefined ? {} : { mode: freshMode(mode, 'file') }),
      ...(owner === undefined ? {} : { owner }),
      ...(group === undefined ? {} : { group }),
      ...(args.backup && seen !== undefined ? { backup: true } : {}),
      ...(algorithm === undefined || wanted === undefined ? {} : { checksum: `${algorithm}:${wanted}` }),
    }
    const fields = { ...result, ...prospect(attributes, 'file'), msg: 'OK' }
    if (seen !== undefined && algorithm === undefined)
      return act(`fetch ${url}`, by, outcome => ended(outcome, fields), { touches: [`path:${path}`], dry: 'pretend' })
    return change(
      [{ what: path, from: seen === undefined ? 'absent' : `${algorithm}:${now?.slice(0, 12)}`, to: url, by }],
      [`path:${path}`],
      fields,
    )
  },
})

/** The last part of a URL's path as it is written, so that no %2F leads to another directory; `index.html` where there is none. */
const nameOf = (url: string): string =>
  url
    .replace(/[?#].*$/s, '')
    .replace(/^https?:\/\/[^/]*/, '')
    .split('/')
    .at(-1) || 'index.html'

const checksumOf = (text: string): [Algorithm, string] | [undefined, undefined] => {
  const [, algorithm, value] = /^(\w+):(.*)$/s.exec(text) ?? []
  return algorithm === undefined || value === undefined
    ? [undefined, undefined]
    : [algorithm as Algorithm, value.trim()]
}

const contentOf = (args: {
  url: string
  headers?: Readonly<Record<string, string>>
  url_username?: string
  url_password?: Secret
  http_agent: string
  validate_certs: boolean
  timeout: number
}): Content => ({
  url: args.url,
  via: 'target',
  headers: { 'User-Agent': args.http_agent, ...args.headers },
  ...credentials(args),
  ...(args.validate_certs ? {} : { insecure: true }),
  timeout: args.timeout,
})
