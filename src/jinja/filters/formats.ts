import { Unsafe, type Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { readJson } from '../formats/json-read.ts'
import { type JsonStyle, writeJson } from '../formats/json-write.ts'
import { readYaml } from '../formats/yaml-read.ts'
import { STYLE_SIGNS } from '../formats/yaml-style.ts'
import { writeYaml } from '../formats/yaml-write.ts'
import { integer, soft, text } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { items } from '../python/iterate.ts'
import { truthy } from '../python/text.ts'

/** Options that Ansible's own encoder takes for itself. */
const IGNORED: ReadonlySet<string> = new Set([
  'vault_to_text',
  'preprocess_unsafe',
  'cls',
  'default',
  'skipkeys',
  'allow_nan',
  'check_circular',
])

/** The style that options of Python's `json.dumps` ask for. */
function jsonStyle(args: Bound, run: Runtime, defaults: { indent: number | null; sortKeys: boolean }): JsonStyle {
  const given = (name: string, fallback: Value): Value => args.named.get(name) ?? fallback
  for (const name of args.named.keys()) {
    if (!['indent', 'sort_keys', 'ensure_ascii', 'separators'].includes(name) && !IGNORED.has(name)) {
      throw failure(`to_json has no option '${name}'`)
    }
  }
  const indent = args.named.has('indent')
    ? (args.named.get('indent') ?? null)
    : (args.optional('indent') ?? defaults.indent)
  const margin =
    indent === null
      ? null
      : typeof indent === 'string'
        ? indent
        : ' '.repeat(Math.min(100, Math.max(0, integer(indent))))
  const separators = args.named.get('separators')
  const [between = '', colon = ''] =
    separators === undefined ? [', ', ': '] : items(separators, run).map(part => text(part))
  return {
    indent: margin,
    sortKeys: truthy(given('sort_keys', args.optional('sort_keys') ?? defaults.sortKeys)),
    ascii: truthy(given('ensure_ascii', true)),
    separators: [between, colon],
  }
}

const HTML: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', "'": '\\u0027' }

function toHtmlJson(value: Value, args: Bound, run: Runtime): string {
  const json = writeJson(value, jsonStyle(args, run, { indent: null, sortKeys: true }), run)
  return json.replace(/[<>&']/g, letter => HTML[letter] ?? letter)
}

function toYaml(value: Value, args: Bound, run: Runtime, flow: boolean | null, indent: number): string {
  const given = (name: string, fallback: Value): Value => args.named.get(name) ?? args.optional(name) ?? fallback
  for (const name of args.named.keys()) if (!YAML_OPTIONS.has(name)) throw failure(`to_yaml has no option '${name}'`)
  const style = args.named.get('default_flow_style')
  const wanted = integer(given('indent', indent), 'indent')
  const width = args.named.get('width')
  const sign = args.named.get('default_style') ?? null
  if (sign !== null && !Object.hasOwn(STYLE_SIGNS, soft(sign)))
    throw failure(
      `to_yaml knows the styles ${Object.keys(STYLE_SIGNS).join(' ')} for default_style, not '${soft(sign)}'`,
    )
  return writeYaml(
    value,
    {
      indent: wanted > 1 && wanted < 10 ? wanted : 2,
      width: width === undefined || width === null ? 80 : Number(width) > wanted * 2 ? Number(width) : 80,
      flow: style === undefined || style === null ? flow : truthy(style),
      sortKeys: truthy(given('sort_keys', true)),
      unicode: truthy(given('allow_unicode', true)),
      scalars: sign === null ? undefined : STYLE_SIGNS[soft(sign)],
      canonical: truthy(given('canonical', false)),
      start: truthy(given('explicit_start', false)),
      end: truthy(given('explicit_end', false)),
    },
    run,
  )
}

const YAML_OPTIONS: ReadonlySet<string> = new Set([
  'indent',
  'width',
  'default_flow_style',
  'default_style',
  'canonical',
  'sort_keys',
  'allow_unicode',
  'explicit_start',
  'explicit_end',
  'vault_behavior',
])

/** The documents of a YAML text. What a key is that stands twice, the setting says, as for files. */
function documentsOf(value: Value, run: Runtime): Value[] {
  const mode = run.options.setting?.('DUPLICATE_YAML_DICT_KEY')
  return readYaml(text(value), fault => {
    if (mode === 'error') throw failure(fault)
    if (mode !== 'ignore') run.options.warn?.(`${fault} of a text; the last one counts`)
  })
}

function fromYaml(value: Value, _args: Bound, run: Runtime): Value {
  if (typeof value !== 'string' && !(value instanceof Unsafe)) return value
  const documents = documentsOf(value, run)
  if (documents.length > 1) throw failure('the text holds several YAML documents; use from_yaml_all')
  return documents[0] ?? null
}

/** JSON and YAML, to and from text. */
export const FORMAT_FILTERS: Filters = {
  to_json: native('**options', (value, args, run) =>
    writeJson(value, jsonStyle(args, run, { indent: null, sortKeys: false }), run),
  ),
  to_nice_json: native('indent=4, sort_keys=True, **options', (value, args, run) =>
    writeJson(value, jsonStyle(args, run, { indent: 4, sortKeys: true }), run),
  ),
  tojson: native('indent=?, **options', toHtmlJson),
  from_json: native('**options', value => readJson(text(value, 'the JSON object'))),
  to_yaml: native('**options', (value, args, run) => toYaml(value, args, run, null, 2)),
  to_nice_yaml: native('indent=4, **options', (value, args, run) => toYaml(value, args, run, false, 4)),
  from_yaml: native('', fromYaml),
  from_yaml_all: native('', (value, _args, run) =>
    value === null ? [] : typeof value === 'string' || value instanceof Unsafe ? documentsOf(value, run) : value,
  ),
}
