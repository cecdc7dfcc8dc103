import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { Secret } from '../../src/base/secret.ts'
import { putFragment } from '../../src/effects/put.ts'
import type { Effect, Outcome } from '../../src/kit/effect.ts'
import type { HostInfo } from '../../src/kit/host.ts'
import type { Module } from '../../src/kit/module.ts'
import type { Plan } from '../../src/kit/plan.ts'
import type { Answer } from '../../src/shell/answer.ts'
import type { Script } from '../../src/shell/script.ts'
import { held } from './returns.ts'
import { run, type SHELLS } from './shell.ts'

type Shell = (typeof SHELLS)[number]

/** Arguments with the module's defaults put in, as the engine hands them over. */
export const withDefaults = (module: Module, given: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(module.args.properties).flatMap(([name, property]) =>
      'default' in property ? [[name, property.default]] : [],
    ),
  ),
  ...given,
})

/** Asks a module's questions, those to the target by `answer`, and plans. */
export async function planBy(
  module: Module,
  given: Readonly<Record<string, unknown>>,
  host: HostInfo,
  answer: (script: Script) => Answer,
): Promise<Plan> {
  const args = withDefaults(module, given)
  const answers: Record<string, unknown> = {}
  for (const [name, question] of Object.entries(module.probe(args, host))) {
    answers[name] =
      question.of === 'target'
        ? question.read(answer(question.script))
        : await question.ask({
            host: host.name,
            signal: new AbortController().signal,
            connect: async () => Promise.reject(new Error('no network in this test')),
            progress: () => undefined,
          })
  }
  return held(module, module.plan(args, answers, host))
}

/** Asks a module's questions of this machine through a shell, and plans. */
export const planHere = (
  module: Module,
  given: Readonly<Record<string, unknown>>,
  host: HostInfo,
  shell: Shell,
): Promise<Plan> => planBy(module, given, host, script => run(script, shell))

/** Plans with answers at hand. Throws when the result has fields that the module's documentation does not name. */
export const planWith = (
  module: Module,
  given: Readonly<Record<string, unknown>>,
  answers: Readonly<Record<string, unknown>>,
  host: HostInfo,
): Plan => held(module, module.plan(withDefaults(module, given), answers, host))

/** A plan as lines to compare: edits as `what: from -> to`, or its kind and reason. */
export const brief = (plan: Plan): string[] => {
  if (plan.kind === 'change') return plan.edits.map(edit => `${edit.what}: ${edit.from} -> ${edit.to}`)
  if (plan.kind === 'refuse') return [`refuse: ${plan.reason}`]
  return plan.kind === 'act' ? [`act: ${plan.what}`] : []
}

/** Makes the effects of a plan on this machine; only shell text and simple files. */
export function make(plan: Plan, shell: Shell): Outcome[] {
  const effects =
    plan.kind === 'change' ? [...new Set(plan.edits.map(edit => edit.by))] : plan.kind === 'act' ? [plan.by] : []
  return effects.map(effect => {
    const outcome = one(effect, shell)
    if (plan.kind === 'change' && outcome.code !== 0) throw new Error(`${JSON.stringify(effect)}: ${outcome.stderr}`)
    return outcome
  })
}

function one(effect: Effect, shell: Shell): Outcome {
  if (effect.kind === 'run') {
    const { stdin } = effect
    const answer = run(
      effect.script,
      shell,
      stdin === undefined ? {} : { stdin: stdin instanceof Secret ? stdin.reveal() : stdin },
    )
    return { code: answer.code, stdout: answer.stdout, stderr: answer.stderr }
  }
  if (effect.kind !== 'put') throw new Error(`this test does not make ${effect.kind}`)
  const fragment = 'made' in effect.content ? putFragment(effect) : null
  if (fragment) {
    const answer = run(fragment.script, shell)
    return { code: answer.code, stdout: answer.stdout, stderr: answer.stderr }
  }
  const { content, path } = effect
  const data =
    'text' in content
      ? String(content.text)
      : 'bytes' in content
        ? content.bytes
        : 'file' in content
          ? readFileSync(content.file)
          : ''
  const old = statSync(path, { throwIfNoEntry: false })
  writeFileSync(path, data)
  if (effect.mode !== undefined) chmodSync(path, Number.parseInt(effect.mode, 8))
  else if (old === undefined) chmodSync(path, 0o644)
  if (effect.owner !== undefined || effect.group !== undefined)
    chownSync(path, Number(effect.owner ?? 0), Number(effect.group ?? 0))
  return { code: 0, stdout: '', stderr: '' }
}

/** Plans, makes, plans again: the lines of the first plan. Throws when the second still wants something. */
export async function converge(
  module: Module,
  given: Readonly<Record<string, unknown>>,
  host: HostInfo,
  shell: Shell,
): Promise<string[]> {
  const plan = await planHere(module, given, host, shell)
  make(plan, shell)
  if (plan.kind !== 'change') return brief(plan)
  const after = await planHere(module, given, host, shell)
  if (after.kind !== 'ok') throw new Error(`still not true: ${brief(after).join('; ')}`)
  return brief(plan)
}
