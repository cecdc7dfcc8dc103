import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { sh } from '../shell/script.ts'

/** What zypper notes of a repository: `alias`, `name`, `enabled`, `autorefresh`, `gpgcheck`, `priority` as its XML has them, and `url`. */
export type ZypperRepo = Readonly<Record<string, string>>

export interface ZypperRepos {
  readonly repos: readonly ZypperRepo[]
  /** What `$releasever` and `$basearch` stand for. */
  readonly releasever: string
  readonly basearch: string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const plain = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '')

/** Repositories of a list in XML, in their order. */
export const reposOf = (xml: string): ZypperRepo[] =>
  [...xml.matchAll(/<repo\s([^>]*)>([\s\S]*?)<\/repo>/g)].map(([, words = '', inside = '']) => ({
    ...Object.fromEntries(
      [...words.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value = '']) => [name, plain(value)]),
    ),
    url: plain(/<url[^>]*>([\s\S]*?)<\/url>/.exec(inside)?.[1]?.trim() ?? ''),
  }))

/** The repositories that zypper knows; undefined where there is no zypper. 6 is its status when there is none. */
export const zypperRepos: TargetQuestion<ZypperRepos | undefined> = ask(
  sh`command -v zypper >/dev/null || { echo missing; exit 0; }
LC_ALL=C rpm -q --qf '%{version} %{arch}\n' -f /etc/os-release 2>/dev/null || echo
LC_ALL=C zypper --quiet --non-interactive --xmlout repos || [ $? = 6 ]`,
  ['path:/etc/zypp'],
  answer => {
    if (answer.stdout === 'missing\n') return undefined
    if (!answer.ok)
      throw new CouldNotTell(`zypper does not tell its repositories: ${answer.stderr.trim() || answer.stdout.trim()}`)
    const [first = '', ...lines] = answer.stdout.split('\n')
    const [releasever = '', basearch = ''] = first.split(' ')
    return { repos: reposOf(lines.join('\n')), releasever, basearch }
  },
)
