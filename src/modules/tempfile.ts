import { defineModule } from '../kit/module.ts'
import { act } from '../kit/plan.ts'
import { at, parse, statOf } from '../questions/files.ts'
import { raw, sh } from '../shell/script.ts'
import { facts, run } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'

/** A new file or directory that nobody else can read. */
export default defineModule({
  name: 'tempfile',
  summary: 'Makes an empty file or directory of a new name, for its owner alone',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      state: { type: 'string', enum: ['directory', 'file'], default: 'file' },
      path: {
        type: 'string',
        path: true,
        minLength: 1,
        description: 'The directory that it is made in; $TMPDIR or /tmp',
      },
      prefix: { type: 'string', pattern: '^[^/]*$', default: 'ansible.' },
      suffix: { type: 'string', pattern: '^[^/]*$', default: '' },
    },
  },
  probe: () => ({}),
  plan({ state, path, prefix, suffix }, _, host) {
    const into = path === undefined ? sh`"\${TMPDIR:-/tmp}"` : sh`${at(path, host)}`
    // mktemp of BusyBox knows no suffix: it tells a name, and what is made under it is made only if nothing is there.
    const make = state === 'directory' ? raw('mkdir -- "$p"') : raw('( set -C; : >"$p" )')
    const script = sh`umask 077; d=${into}; n=0
[ -d "$d" ] || { printf '%s is no directory\n' "$d" >&2; exit 1; }
until [ $n = 100 ]; do n=$((n+1)); p=$(mktemp -u "$d"/${prefix}XXXXXXXX) && p="$p"${suffix} && ${make} 2>/dev/null && break; p=; done
[ -n "$p" ] || { printf 'nothing can be made in %s\n' "$d" >&2; exit 1; }
${statOf(raw('"$p"'), '')}; printf %s "$p"`
    return act(
      `make a ${state}`,
      run(script),
      outcome => {
        const end = outcome.stdout.indexOf('\n')
        const made = outcome.stdout.slice(end + 1)
        return ended(
          outcome,
          outcome.code === 0 ? { path: made, ...facts(parse(outcome.stdout.slice(0, end), '')) } : {},
        )
      },
      { touches: [`path:${path === undefined ? '/tmp' : at(path, host)}`] },
    )
  },
})
