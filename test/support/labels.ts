import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { putFragment } from '../../src/effects/put.ts'
import type { HostInfo } from '../../src/kit/host.ts'
import type { Module } from '../../src/kit/module.ts'
import type { Plan } from '../../src/kit/plan.ts'
import { Script } from '../../src/shell/script.ts'
import { planBy } from './converge.ts'
import { command, run, type SHELLS } from './shell.ts'

type Shell = (typeof SHELLS)[number]

/** A label is kept by inode, so that it goes along when a file is renamed, and what is made anew has what a directory hands down. */
const OF = `of() { i=$(/usr/bin/stat $1 -c %i -- "$2") && { cat "$LABELS/$i" 2>/dev/null || echo system_u:object_r:inherited_t:s0; }; }`

const TOOLS: Readonly<Record<string, string>> = {
  stat: `${OF}
l= s=0
while :; do case $1 in -L) l=-L;; -c) f=$2; shift;; --) shift; break;; *) break;; esac; shift; done
for p; do
  /usr/bin/stat $l -c "$(printf %s "$f" | sed "s|%C|$(of "$l" "$p" 2>/dev/null)|")" -- "$p" || s=1
done
exit $s`,
  chcon: `${OF}
h=-L
while :; do case $1 in -h) h=;; -[urtl]) eval "x\${1#-}=\\$2"; shift;; --) shift; break;; *) break;; esac; shift; done
[ -n "$xu$xr$xt$xl" ] || { c=$1; shift; }
for p; do
  o=$(of "$h" "$p") || exit 1
  IFS=: read -r u r t l <<X
$o
X
  i=$(/usr/bin/stat $h -c %i -- "$p") && echo "\${c:-\${xu:-$u}:\${xr:-$r}:\${xt:-$t}:\${xl:-$l}}" >"$LABELS/$i" && echo "$p" >>"$LABELS/calls" || exit 1
done`,
  matchpathcon: `[ "$1" = -n ] && shift; [ "$1" = -- ] && shift
case $1 in *none*) echo '<<none>>';; *) echo system_u:object_r:policy_t:s0;; esac`,
}

/** What a restorecon does that looks at paths: the one tool where there is no matchpathcon. */
const RESTORECON = `exec chcon system_u:object_r:policy_t:s0 "$@"`

const MADE: string[] = []
process.on('exit', () => {
  for (const root of MADE) rmSync(root, { recursive: true, force: true })
})

/** A host on which SELinux is on, made of stand-ins: nothing of it is known to a kernel. */
export class LabelledHost {
  readonly root = mkdtempSync(join(tmpdir(), 'labels-'))
  readonly #shell: Shell

  constructor(shell: Shell, without: readonly string[] = []) {
    this.#shell = shell
    for (const folder of ['bin', 'labels', 'selinux', 'files']) mkdirSync(join(this.root, folder))
    writeFileSync(join(this.root, 'selinux/enforce'), '1')
    writeFileSync(join(this.root, 'selinux/mls'), '1')
    const tools = without.includes('matchpathcon') ? { ...TOOLS, restorecon: RESTORECON } : TOOLS
    for (const [name, text] of Object.entries(tools).filter(([name]) => !without.includes(name))) {
      writeFileSync(join(this.root, 'bin', name), `#!/bin/sh\n${text}\n`)
      chmodSync(join(this.root, 'bin', name), 0o755)
    }
    MADE.push(this.root)
  }

  /** Runs shell text that sees SELinux where this host has it. */
  run(script: Script) {
    const { path } = command(this.#shell)
    const wire = script.wire.replaceAll('/sys/fs/selinux', join(this.root, 'selinux'))
    return run(new Script(wire), this.#shell, {
      env: { PATH: `${join(this.root, 'bin')}:${path}`, LABELS: join(this.root, 'labels') },
    })
  }

  plan(module: Module, given: Readonly<Record<string, unknown>>, host: HostInfo): Promise<Plan> {
    return planBy(module, given, host, script => this.run(script))
  }

  /** Makes a change; throws what went wrong. */
  make(plan: Plan): void {
    if (plan.kind !== 'change') throw new Error(`nothing to make: ${JSON.stringify(plan)}`)
    for (const effect of new Set(plan.edits.map(edit => edit.by))) {
      const script =
        effect.kind === 'run' ? effect.script : effect.kind === 'put' ? putFragment(effect)?.script : undefined
      if (script === undefined) throw new Error(`this test does not make ${effect.kind}`)
      const answer = this.run(script)
      if (!answer.ok) throw new Error(answer.stderr)
    }
  }
}
