import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** A link that goes along with another one. */
export interface Subcommand {
  readonly name: string
  readonly path: string
  readonly link: string
}

/** What a name may lead to, and leads to. */
export interface Alternatives {
  /** There is no `update-alternatives`. */
  readonly missing: boolean
  readonly manual: boolean
  /** Where the link leads now. */
  readonly current: string | undefined
  readonly link: string | undefined
  readonly choices: ReadonlyMap<string, { readonly priority: number; readonly subcommands: readonly Subcommand[] }>
  /** There is something at the path that is asked for. */
  readonly there: boolean
}

/** The alternatives of a name, none for a name that nobody knows; and whether there is something at a path. */
export const alternatives = (name: string, path: string): TargetQuestion<Alternatives> =>
  ask(
    sh`[ -e ${path} ] && echo yes || echo no; command -v update-alternatives >/dev/null || { echo missing; exit 0; }; LC_ALL=C update-alternatives --display ${name}; [ $? -le 2 ]`,
    [`path:/etc/alternatives/${name}`, `path:/var/lib/dpkg/alternatives/${name}`, `path:${path}`],
    answer => {
      if (!answer.ok) throw new CouldNotTell(`update-alternatives does not answer: ${answer.stderr.trim()}`)
      const [there, ...lines] = answer.stdout.split('\n')
      const said = lines.join('\n')
      const links = new Map(
        [...said.matchAll(/^\s*(?:slave|follower) (\S+) is (.*)$/gm)].map(([, key = '', to = '']) => [key, to]),
      )
      const choices = [
        ...said.matchAll(/^(\/.*)\s-\s(?:family\s\S+\s)?priority\s(-?\d+)((?:\s+(?:slave|follower).*)*)/gm),
      ]
      return {
        there: there === 'yes',
        missing: said === 'missing\n',
        manual: /\s-\s(?:status\sis\s)?manual(?:\smode|.)$/m.test(said),
        current: /^\s*link currently points to (.*)$/m.exec(said)?.[1],
        link: /^\s*link \w+ is (.*)$/m.exec(said)?.[1],
        choices: new Map(
          choices.map(([, choice = '', priority, rest = '']) => [
            choice,
            { priority: Number(priority), subcommands: subcommandsIn(rest, links) },
          ]),
        ),
      }
    },
  )

const subcommandsIn = (text: string, links: ReadonlyMap<string, string>): Subcommand[] =>
  [...text.matchAll(/^\s+(?:slave|follower) (.*): (.*)$/gm)]
    .filter(([, , path]) => path !== '(null)')
    .map(([, name = '', path = '']) => ({ name, path, link: links.get(name) ?? '' }))
