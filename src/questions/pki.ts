import { Secret } from '../base/secret.ts'
import { ask, type ControllerQuestion, type TargetQuestion } from '../kit/question.ts'
import { type AuthorityState, readAuthority } from '../pki/ca-store.ts'
import { sh } from '../shell/script.ts'
import { absentOr } from './files.ts'

/** The CA in a directory of the controller, judged as of now, and that moment: plans may not look at a clock. */
export const authority = (
  dir: string,
  external = false,
): ControllerQuestion<{ readonly found: AuthorityState; readonly now: Date }> => ({
  of: 'controller',
  key: `authority ${external} ${dir}`,
  reads: [`controller:${dir}`],
  ask: async () => {
    const now = new Date()
    return { found: await readAuthority(dir, { now, external }), now }
  },
})

/** A private key on the target, undefined when there is none. It is kept out of every trace and never printed. */
export const privateKey = (path: string): TargetQuestion<Secret | undefined> =>
  ask(
    sh`LC_ALL=C cat -- ${path}`,
    [`path:${path}`],
    answer => (answer.ok ? new Secret(answer.stdout, `private key ${path}`) : absentOr(path, answer)),
    { secret: true },
  )

/** A file of PEM on the target, undefined when there is none; a secret where a private key stands in it. */
export const pem = (path: string): TargetQuestion<string | Secret | undefined> => {
  const question = privateKey(path)
  return {
    ...question,
    read: answer => (answer.ok && !/PRIVATE KEY/.test(answer.stdout) ? answer.stdout : question.read(answer)),
  }
}
