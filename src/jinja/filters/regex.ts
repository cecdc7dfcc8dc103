import type { Value } from '../../base/value.ts'
import { failure } from '../errors.ts'
import { flagArgument, integerArgument, soft } from '../python/arguments.ts'
import { type Bound, type Filters, native, type Runtime } from '../python/callable.ts'
import { Tuple } from '../python/objects.ts'
import { sized } from '../python/operators.ts'
import { type Compiled, compilePattern, findAll } from '../regex/pattern.ts'
import { groupText, substitute } from '../regex/replace.ts'

const FLAGS = 'ignorecase=False, multiline=False'

/** The pattern that a filter or test is given. */
export const patternOf = (args: Bound, name: string): Compiled =>
  compilePattern(soft(args.value(name)), {
    ignoreCase: flagArgument(args, 'ignorecase'),
    multiline: flagArgument(args, 'multiline'),
  })

function replace(value: Value, args: Bound): string {
  const wanted = integerArgument(args, 'mandatory_count')
  const { text, times } = substitute(
    patternOf(args, 'pattern'),
    soft(args.value('replacement')),
    soft(value),
    integerArgument(args, 'count'),
  )
  if (wanted > 0 && times !== wanted)
    throw failure(`'${soft(args.value('pattern'))}' should match ${wanted} times, but matches ${times} times`)
  return sized(text)
}

/** The match, or the groups that are asked for as `\\1` or `\\g<name>`; None without a match. */
function search(value: Value, args: Bound): Value {
  const [pattern, ...wanted] = args.rest
  if (pattern === undefined) throw failure("regex_search() missing 1 required positional argument: 'regex'")
  for (const key of args.named.keys())
    if (key !== 'ignorecase' && key !== 'multiline') throw failure(`regex_search() has no argument '${key}'`)
  const flag = (name: string): boolean => args.named.get(name) === true
  const regex = compilePattern(soft(pattern), { ignoreCase: flag('ignorecase'), multiline: flag('multiline') })
  const match = regex.find(soft(value))
  const groups = wanted.map(group => {
    const name = /^\\(?:g<(\S+)>|(\d+))$/.exec(soft(group))
    if (!name) throw failure('regex_search: unknown argument; groups are written \\1 or \\g<name>')
    return name[1] ?? name[2] ?? ''
  })
  if (!match) return null
  return groups.length === 0 ? (match.groups[0] ?? '') : groups.map(name => groupText(match, name, regex))
}

function all(value: Value, args: Bound, run: Runtime): Value {
  const out: Value[] = []
  for (const { groups } of findAll(patternOf(args, 'regex'), soft(value))) {
    run.charge(1)
    const [whole = '', ...parts] = groups
    const [only] = parts
    if (parts.length === 0) out.push(whole)
    else out.push(parts.length === 1 ? (only ?? '') : new Tuple(parts.map(part => part ?? '')))
  }
  return out
}

/** Python's re.escape. */
const escaped = (text: string): string => text.replace(/[\s()[\]{}?*+\-|^$\\.&~#]/g, letter => `\\${letter}`)

/** What the basic expressions of grep and sed call special. */
const basicEscaped = (text: string): string => text.replace(/[\][.^$*\\]/g, letter => `\\${letter}`)

function escape_(value: Value, args: Bound): string {
  const kind = soft(args.value('re_type'))
  if (kind === 'python') return escaped(soft(value))
  if (kind === 'posix_basic') return basicEscaped(soft(value))
  if (kind === 'posix_extended') throw failure(`Regex type (${kind}) not yet implemented, as in Ansible`)
  throw failure(`Invalid regex type (${kind}); there are python and posix_basic`)
}

/** Regular expressions in Python's syntax. */
export const REGEX_FILTERS: Filters = {
  regex_replace: native(`pattern='', replacement='', ${FLAGS}, count=0, mandatory_count=0`, replace),
  regex_search: native('*args, **flags', search),
  regex_findall: native('regex, multiline=False, ignorecase=False', all),
  regex_escape: native("re_type='python'", escape_),
}
