import { fromJson, type Value } from '../base/value.ts'
import type { Http, Outcome } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act, ok, type Report, refuse } from '../kit/plan.ts'
import { at, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { obstacles } from './shared/command.ts'
import { credentials, FETCHING } from './shared/http.ts'

/** One request to a web service, as if from the target. */
export default defineModule({
  name: 'uri',
  summary: 'Speaks to a web service and judges its answer',
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    properties: {
      url: { type: 'string', pattern: '^https?://' },
      method: { type: 'string', default: 'GET' },
      body: { description: 'Text, or a value that body_format writes' },
      body_format: { type: 'string', enum: ['form-urlencoded', 'json', 'raw'], default: 'raw' },
      status_code: { type: 'array', items: { type: 'integer' }, default: [200] },
      return_content: { type: 'boolean', default: false },
      follow_redirects: { type: 'string', enum: ['all', 'no', 'none', 'safe', 'urllib2', 'yes'], default: 'safe' },
      timeout: { type: 'integer', minimum: 1, default: 30 },
      creates: { type: 'string', path: true },
      removes: { type: 'string', path: true },
      force: { type: 'boolean', default: false, aliases: ['thirsty'] },
      dest: { type: 'string', refused: 'use get_url to put an answer into a file' },
      src: { type: 'string', refused: 'give the body with lookup' },
      unix_socket: { type: 'string', refused: 'only TCP is spoken' },
      ca_path: { type: 'string', path: true, description: 'PEM file of the target with the authorities to trust' },
      ...FETCHING,
    },
  },
  probe: (args, host) => ({
    ...obstacles(args, host),
    ca: args.ca_path === undefined ? known<string | undefined>(undefined) : text(at(args.ca_path, host)),
  }),
  plan(args, { created, removable, ca }) {
    if (created) return ok({ msg: `skipped, since '${args.creates}' exists` })
    if (!removable) return ok({ msg: `skipped, since '${args.removes}' does not exist` })
    if (args.ca_path !== undefined && ca === undefined) return refuse(`there is no file ${args.ca_path} on the target`)
    const { type, body } = bodyOf(args)
    const headers = {
      'User-Agent': args.http_agent,
      ...(type === undefined ? {} : { 'Content-Type': type }),
      ...args.headers,
    }
    const method = args.method.toUpperCase()
    const safe = method === 'GET' || method === 'HEAD'
    const follow =
      ['all', 'yes'].includes(args.follow_redirects) || (safe && ['safe', 'urllib2'].includes(args.follow_redirects))
    const by: Http = {
      kind: 'http',
      url: args.url,
      method,
      headers,
      ...credentials(args),
      ...(body === undefined ? {} : { body }),
      ...(ca === undefined ? {} : { ca }),
      ...(args.validate_certs ? {} : { insecure: true }),
      redirects: follow ? 10 : 0,
      timeout: args.timeout,
    }
    return act(`${by.method} ${by.url}`, by, outcome => reportOf(outcome, args), {
      touches: safe ? [] : ['everything'],
    })
  },
})

/** The body and its type. Text stands as it is. */
function bodyOf({ body, body_format: format }: { body?: unknown; body_format: string }): {
  type?: string
  body?: string
} {
  if (body === undefined || body === null) return {}
  if (format === 'json')
    return { type: 'application/json', body: typeof body === 'string' ? body : JSON.stringify(body) }
  if (format === 'raw') return { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const type = 'application/x-www-form-urlencoded'
  if (typeof body === 'string') return { type, body }
  const pairs = Array.isArray(body) ? (body as [string, unknown][]) : Object.entries(body)
  const each = pairs.flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((one): [string, string] => [name, String(one)])
      : [[name, String(value)] as [string, string]],
  )
  return { type, body: new URLSearchParams(each).toString() }
}

function reportOf(
  outcome: Outcome,
  args: { url: string; status_code: readonly number[]; return_content: boolean },
): Report {
  const fields: Record<string, Value> = Object.fromEntries(outcome.fields ?? [])
  const { content_body: _, ...rest } = fields
  const text = outcome.stdout
  const status = Number(fields['status'] ?? -1)
  const type = String(fields['content_type'] ?? '')
  const cookies = cookiesOf(String(fields['set_cookie'] ?? ''))
  const json = /json/.test(type) ? jsonOf(text) : undefined
  const wrong =
    outcome.failed ??
    (args.status_code.includes(status)
      ? undefined
      : `Status code was ${status} and not [${args.status_code.join(', ')}]: ${String(fields['msg'] ?? '')}`)
  return {
    changed: false,
    ...(wrong === undefined ? {} : { failed: wrong }),
    result: {
      ...rest,
      url: args.url,
      status,
      cookies: new Map(cookies),
      cookies_string: cookies.map(([name, value]) => `${name}=${value}`).join('; '),
      ...(json === undefined ? {} : { json }),
      ...(args.return_content || wrong !== undefined ? { content: text } : {}),
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
    return fromJson(JSON.parse(text))
  } catch {
    return undefined
  }
}
