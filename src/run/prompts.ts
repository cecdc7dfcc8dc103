import { InputError } from '../base/diagnostic.ts'
import { Unsafe, type Value } from '../base/value.ts'
import { evaluate } from '../jinja/engine.ts'
import { toText } from '../jinja/python/text.ts'
import type { Play, Prompt } from '../playbook/ast.ts'
import type { RunContext } from './context.ts'
import { renderedOf, type Speech } from './language.ts'
import { frameOf } from './play-frame.ts'

/**
 * The answers to a play's `vars_prompt`. What `-e` gives is not asked for; without a terminal the defaults count.
 * @throws InputError when there is no terminal and no default
 */
export async function promptsOf(run: RunContext, play: Play): Promise<ReadonlyMap<string, Value>> {
  const answers = new Map<string, Value>()
  if (play.prompts.length === 0) return answers
  const speech: Speech = { scope: run.store.scope('localhost', { play: frameOf(play) }), options: {} }
  for (const prompt of play.prompts) {
    if (run.store.isExtra(prompt.name)) continue
    const typed = run.ports.ask ? await typedAnswer(run, prompt, speech) : ''
    const given = typed === '' ? defaultOf(prompt, speech) : typed
    if (given === undefined && !run.ports.ask) throw noTerminal(prompt)
    const plain = toText(given ?? '')
    const text = prompt.encrypt === undefined ? plain : toText(encrypted(plain, prompt, speech))
    answers.set(prompt.name, prompt.unsafe ? new Unsafe(text) : text)
  }
  return answers
}

const defaultOf = ({ default: node }: Prompt, speech: Speech): Value | undefined => {
  const value = renderedOf(node, speech)
  return value === null ? undefined : value
}

/** What somebody types; twice the same where it is to be confirmed. */
async function typedAnswer(run: RunContext, prompt: Prompt, speech: Speech): Promise<string> {
  const { ask } = run.ports
  if (!ask) return ''
  const said = prompt.text === undefined ? undefined : toText(renderedOf(prompt.text, speech) ?? null)
  const usual = defaultOf(prompt, speech)
  const asked = said ?? prompt.name
  const question = usual === undefined ? `${asked}: ` : `${asked} [${toText(usual)}]: `
  for (;;) {
    const first = await ask(question, !prompt.hidden, run.signal)
    if (!prompt.confirm) return first
    if ((await ask(`confirm ${question}`, !prompt.hidden, run.signal)) === first) return first
    run.emit({ type: 'warning', msg: '***** VALUES ENTERED DO NOT MATCH ****; please enter them again' })
  }
}

/** The text as a crypt string, made by the filter that templates use too. */
function encrypted(text: string, { encrypt = '', salt, saltSize, span }: Prompt, { scope }: Speech): Value {
  const given = new Map<string, Value>([
    ['value', text],
    ['kind', encrypt.replace(/_crypt$/, '')],
    ['salt', salt ?? null],
    ['size', saltSize ?? null],
  ])
  const names = {
    get: (name: string) => (given.has(name) ? given.get(name) : scope.get(name)),
    names: () => given.keys(),
  }
  return evaluate('value | password_hash(kind, salt=salt, salt_size=size)', names, { span })
}

const noTerminal = ({ name, span }: Prompt): InputError =>
  new InputError([
    {
      code: 'prompt-unanswered',
      severity: 'error',
      message: `there is no terminal to ask for '${name}', and it has no default`,
      span,
      remedy: `give it with -e ${name}=VALUE`,
    },
  ])
