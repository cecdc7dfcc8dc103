// Writes docs/settings.md from the table of settings: node --import tsx scripts/docs-settings.ts
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { OTHER_KEYS, OTHER_SECTIONS } from '../src/cli/config/known.ts'
import { REFUSED } from '../src/cli/config/refused.ts'
import type { Setting } from '../src/cli/config/setting.ts'
import { GROUPS } from '../src/cli/config/table.ts'

const PAGE = fileURLToPath(new URL('../docs/settings.md', import.meta.url))

const HEAD = `# Settings

Written by \`npm run docs\` from the table of settings; do not edit.

What Ansible reads from its environment variables and from \`ansible.cfg\` is read here by the same names, as far as it
means something. The file is the one that \`ANSIBLE_CONFIG\` names, else \`ansible.cfg\` here (passed over, with a warning, in a folder
where everybody may write), else \`~/.ansible.cfg\`, else \`/etc/ansible/ansible.cfg\`. The command line is stronger than a variable, and a
variable is stronger than the file. Of several names in one row the last counts. Paths in the file start in its folder; \`~\`,
\`$NAME\` and \`{{CWD}}\` are filled in.

A value that is none is an error, and nothing runs: a misspelt \`no\` must not switch a guard off. A key that nobody knows, and a variable
one slip away from one of these, give a warning. \`regplay config\` shows what holds, and where it was written.

`

const code = (text: string): string => `\`${text}\``
const cell = (text: string): string => text.replaceAll('|', '\\|')

const shown = (value: unknown): string =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
    ? ''
    : value === true
      ? 'yes'
      : value === false
        ? 'no'
        : code(String(value))

const keyOf = (name: string): string => {
  const [section, key] = name.split('.')
  return `${code(`[${section}]`)} ${code(key ?? '')}`
}

const table = (rows: readonly Setting<unknown>[]): string =>
  [
    '| Means | Variable | In ansible.cfg | Value | Default |',
    '|---|---|---|---|---|',
    ...rows.map(row => {
      const cells = [
        row.what,
        row.env.map(code).join(', '),
        row.ini.map(keyOf).join(', '),
        row.kind,
        shown(row.default),
      ]
      return `| ${cells.map(cell).join(' | ')} |`
    }),
  ].join('\n')

/** The whole page. The same table gives the same text. */
export function settingsPage(): string {
  const groups = Object.entries(GROUPS).map(
    ([title, rows]) => `## ${title}\n\n${table(Object.values(rows) as Setting<unknown>[])}\n`,
  )
  const keys = Object.entries(OTHER_KEYS).filter(([, names]) => names.length > 0)
  return [
    HEAD + groups.join('\n'),
    '## Looks\n\n`stdout_callback` may be `default`, `yaml` (results as YAML), `minimal` and `oneline` (results only), and `json`, which is `--json`:',
    '[events](events.md), a line each, and not the one document of Ansible. Any other is the default, with a warning.\n',
    '## Refused\n\nThese would give a playbook another meaning, or show what is to be hidden. A value that is not the default is refused.\n',
    `${table(Object.values(REFUSED) as Setting<unknown>[])}\n`,
    '## Accepted, and without meaning here\n\nThey steer Python, plugins, temporary files on hosts, or programs that regplay does not run.\n',
    ...keys.map(([section, names]) => `- ${code(`[${section}]`)} ${names.map(code).join(', ')}`),
    `- all of ${[...OTHER_SECTIONS].map(name => code(`[${name}]`)).join(', ')}`,
    '- their environment variables, and sections of plugins that nobody here knows\n',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, settingsPage())
