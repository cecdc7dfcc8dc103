import type { Value } from '../base/value.ts'
import { readJson } from '../jinja/formats/json-read.ts'
import type { Http, Outcome } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act, ok, type Report, refuse } from '../kit/plan.ts'
import { type Local, local } from '../questions/controller.ts'
import { at, bytes, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import type { Ids } from '../questions/system.ts'
import { worn } from '../questions/worn.ts'
import { dressing, freshMode, OWNERSHIP, wantedOf } from './shared/attributes.ts'
import { bodyOf, FORM } from './shared/body.ts'
import { obstacles } from './shared/command.ts'
import { asking, FETCHING, proofs, unproven } from './shared/http.ts'

/** One request to a web service, as if from the target. */
export default defineModule({
  name: 'uri',
  summary: 'Speaks to a web service and judges its answer',
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    exclusive: [['body', 'src']],
    properties: {
      url: { type: 'string', pattern: '^https?://' },
      method: { type: 'string', default: 'GET' },
      body: { description: 'Text, or a value that body_format writes' },
      body_format: { type: 'string', enum: ['form-multipart', 'form-urlencoded', 'json', 'raw'], default: 'raw' },
      status_code: { type: 'array', items: { type: 'integer' }, default: [200] },
      return_content: { type: 'boolean', default: false },
      follow_redirects: { type: 'string', enum: ['all', 'no', 'none', 'safe', 'urllib2', 'yes'], default: 'safe' },
      timeout: { type: 'integer', minimum: 1, default: 30 },
      creates: { type: 'string', path: true },
      removes: { type: 'string', path: true },
      force: { type: 'boolean', default: false, aliases: ['thirsty'] },
      dest: {
        type: 'string',
        path: true,
        minLength: 1,
        description: 'A file of the target, or a directory, for the answer',
      },
      src: {
        type: 'string',
        minLength: 1,
        controller: 'files',
        controllerUnless: 'remote_src',
        description: 'A file that is the body',
      },
      remote_src: { type: 'boolean', default: false, description: 'src is a file of the target' },
      unix_socket: {
        type: 'string',
        refused: 'only who logs in could reach the socket; use command: curl --unix-socket',
      },
      ca_path: { type: 'string', path: true, description: 'PEM file of the target with the authorities to trust' },
      ...FETCHING,
      ...OWNERSHIP,
    },
  },
  probe: (args, host) => ({
    ...obstacles(args, host),
    ca: args.ca_path === undefined ? known<string | undefined>(undefined) : text(at(args.ca_path, host)),
    own: args.src === undefined || args.remote_src ? known<Local | undefined>(undefined) : local(args.src),
    theirs:
      args.src !== undefined && args.remote_src ? bytes(at(args.src, host)) : known<Buffer | undefined>(undefined),
    ...proofs(args, host),
    ids:
      args.dest === undefined
        ? known<Ids>({ uid: undefined, gid: undefined })
        : worn({ path: at(args.dest, host), follow: true }, { ...args, owner: undefined, group: undefined }),
  }),
  plan(args, { created, removable, ca, own, theirs, ids: numbers, ...proven }, host) {
    const { dest, src } = args
    if (!/^[A-Za-z]+$/.test(args.method))
      return refuse("Parameter 'method' needs to be a single word in uppercase, like GET or POST.")
    if (created) return ok({ stdout: `skipped, since '${args.creates}' exists` })
    if (!removable) return ok({ stdout: `skipped, since '${args.removes}' does not exist` })
    if (args.ca_path !== undefined && ca === undefined) return refuse(`there is no file ${args.ca_path} on the target`)
    const unfit = unproven(args, proven)
    if (unfit !== undefined) return unfit
    if (args.body_format === 'form-urlencoded' && Array.isArray(args.body) && !args.body.every(isPair))
      return refuse(
        'failed to parse body as form_urlencoded: an entry is no pair of a name and a value',
        'give a mapping, or a list of [name, value]',
        { status: -1, url: args.url },
      )
    const held = own?.kind === 'file' ? (own.opened ?? own.bytes) : theirs
    if (src !== undefined && held === undefined)
      return own?.kind === 'file'
        ? refuse(`${src} is larger than 100 KiB`, 'bring it with copy, and send it with command: curl')
        : refuse(`Unable to open source file ${src}`, 'give a file that is there')
    const { type, text: written, wrong } = bodyOf(args.body, args.body_format)
    if (wrong !== undefined) return refuse(wrong)
    const body = held ?? written
    const said = Object.keys(args.headers ?? {}).some(name => name.toLowerCase() === 'content-type')
    const ours = args.body_format === 'form-multipart' || !said
    const asked = asking(args.url, args, proven)
    const headers = {
      ...asked.headers,
      ...(type === undefined && body === undefined ? {} : ours ? { 'Content-Type': type ?? FORM } : {}),
    }
    const method = args.method.toUpperCase()
    const safe = method === 'GET' || method === 'HEAD'
    const follow =
      ['all', 'yes'].includes(args.follow_redirects) || (safe && ['safe', 'urllib2'].includes(args.follow_redirects))
    const by: Http = {
      ...asked,
      kind: 'http',
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(ca === undefined ? {} : { ca }),
      ...(args.status_code.includes(-1) ? { lenient: true } : {}),
      redirects: follow ? 10 : 0,
      timeout: args.timeout,
      ...(dest === undefined
        ? {}
        : {
            save: {
              path: at(dest, host),
              statuses: args.status_code,
              ...(args.mode === undefined ? {} : { mode: freshMode(args.mode, 'file') }),
              ...dressing(wantedOf(args, numbers)),
            },
          }),
    }
    return act(`${by.method} ${by.url}`, by, outcome => reportOf(outcome, args), {
      touches: safe ? (dest === undefined ? [] : [`path:${at(dest, host)}`]) : ['everything'],
    })
  },
})

const isPair = (entry: unknown): boolean => Array.isArray(entry) && entry.length === 2

function reportOf(
  outcome: Outcome,
  args: { url: string; status_code: readonly number[]; return_content: boolean },
): Report {
  const fields: Record<string, Value> = Object.fromEntries(outcome.fields ?? [])
  const { written, ...rest } = fields
  const text = outcome.stdout
  const status = Number(fields['status'] ?? -1)
  const type = String(fields['content_type'] ?? '')
  const cookies = cookiesOf(String(fields['set_cookie'] ?? ''))
  const json = /^[^;/]+\/(?:[^;]*\+)?(?:json|javascript)\s*(?:;|$)/i.test(type) ? jsonOf(text) : undefined
  const wellDone = status >= 200 && status < 300
  const wrong =
    outcome.failed ??
    (args.status_code.includes(status)
      ? undefined
      : `Status code was ${status} and not [${args.status_code.join(', ')}]: ${String(fields['msg'] ?? '')}`)
  return {
    changed: written === true,
    ...(wrong === undefined ? {} : { failed: wrong }),
    result: {
      url: args.url,
      ...rest,
      status,
      ...(typeof rest['location'] === 'string' ? { location: new URL(rest['location'], args.url).href } : {}),
      ...(wellDone
        ? {
            cookies: new Map(cookies),
            cookies_string: cookies.map(([name, value]) => `${name}=${value}`).join('; '),
          }
        : {}),
      // urllib has read the answer of what it takes for an error.
      ...(wellDone || status < 0 || wrong !== undefined || json !== undefined || args.return_content
        ? {}
        : { body: text }),
      ...(json === undefined ? {} : { json }),
      ...(args.return_content ? { content: text } : {}),
      ...(wrong === undefined ? {} : { msg: wrong }),
    },
  }
}

/** Names and values of the cookies in a header that several were joined into; a date in it holds a comma, too. */
const cookiesOf = (header: string): [string, string][] =>
  header
    .split(/,\s*(?=[^;,=\s]+=)/)
    .map(one => one.split(';', 1)[0] ?? '')
    .filter(pair => pair.includes('='))
    .map(pair => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()])

function jsonOf(text: string): Value | undefined {
  try {
    return readJson(text)
  } catch {
    return undefined
  }
}
