import * as assert from 'uvu/assert'
import zypperRepository from '../../src/modules/zypper_repository.ts'
import { reposOf } from '../../src/questions/zypper-repos.ts'
import { brief, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/zypper_repository')

const XML = `<?xml version='1.0'?>
<stream>
<repo-list>
<repo alias="tools" name="Tools &amp; more" type="rpm-md" priority="99" enabled="1" autorefresh="1" gpgcheck="1" repo_gpgcheck="1">
<url>https://example.org/tools/$releasever/</url>
</repo>
<repo alias="old" name="old" type="rpm-md" priority="90" enabled="0" autorefresh="0" gpgcheck="0">
<url>https://example.org/old?a=1&amp;b=2</url>
</repo>
</repo-list>
</stream>
`
const TOOLS = { name: 'tools', repo: 'https://example.org/tools/15.6' }
const FILE = '[extra]\nname=Extra\nbaseurl=https://example.org/extra\nenabled=1\nautorefresh=0\ngpgcheck=1\n'

test('the list of zypper is read', () =>
  assert.equal(
    reposOf(XML).map(({ alias, name, url }) => [alias, name, url]),
    [
      ['tools', 'Tools & more', 'https://example.org/tools/$releasever/'],
      ['old', 'old', 'https://example.org/old?a=1&b=2'],
    ],
  ))

const CASES: Record<string, [wish: Record<string, unknown>, wanted: string[], seen?: Record<string, unknown>]> = {
  'one that is there stays, whatever its slashes and variables': [TOOLS, []],
  'one that is there with its name': [{ ...TOOLS, description: 'Tools & more', priority: 99 }, []],
  'a new one': [{ name: 'new', repo: 'https://example.org/new' }, ['repository new: absent -> as wanted']],
  'another name': [{ ...TOOLS, description: 'Other' }, ['repository tools: tools -> as wanted']],
  'another priority': [{ ...TOOLS, priority: 1 }, ['repository tools: tools -> as wanted']],
  'one that is to be off': [{ ...TOOLS, enabled: false }, ['repository tools: tools -> as wanted']],
  'no refreshing': [{ ...TOOLS, autorefresh: false }, ['repository tools: tools -> as wanted']],
  'no keys': [{ ...TOOLS, disable_gpg_check: true }, ['repository tools: tools -> as wanted']],
  'another URL': [{ name: 'tools', repo: 'https://example.org/x' }, ['repository tools: tools -> as wanted']],
  'another alias for a URL': [
    { name: 'newer', repo: 'https://example.org/old?a=1&b=2' },
    ['repository newer: old -> as wanted'],
  ],
  'two that match': [
    { name: 'tools', repo: 'https://example.org/old?a=1&b=2' },
    [
      'refuse: More than one repo matched "tools": tools (https://example.org/tools/$releasever/), old (https://example.org/old?a=1&b=2)',
    ],
  ],
  'two that match, and make room': [
    { name: 'tools', repo: 'https://example.org/old?a=1&b=2', overwrite_multiple: true },
    ['repository tools: tools, old -> as wanted'],
  ],
  'one that goes by its alias': [{ name: 'old', state: 'absent' }, ['repository old: old -> absent']],
  'one that goes by its URL': [
    { repo: 'https://example.org/old?a=1&b=2', state: 'absent' },
    ['repository https://example.org/old?a=1&b=2: old -> absent'],
  ],
  'one that is gone': [{ name: 'none', state: 'absent' }, []],
  'a file': [{ repo: '/extra.repo' }, ['repository extra: absent -> as wanted'], { kept: FILE }],
  'a file of the web': [
    { repo: 'https://example.org/extra.repo' },
    ['repository extra: absent -> as wanted'],
    { web: Buffer.from(FILE) },
  ],
  'a file of two': [
    { repo: '/two.repo' },
    ['refuse: /two.repo: Invalid format, .repo file contains 2 repositories, expected 1'],
    { kept: `${FILE}[b]\nbaseurl=x\n` },
  ],
  'a file without a URL': [{ repo: '/x.repo' }, ['refuse: /x.repo: No baseurl found in .repo file'], { kept: '[x]\n' }],
  'no such file': [{ repo: '/x.repo' }, ['refuse: /x.repo: Error opening .repo file from provided path']],
  'a file with a name': [
    { repo: '/x.repo', name: 'x' },
    ["refuse: Incompatible option: 'name'. Do not use name when adding .repo files"],
    { kept: FILE },
  ],
  'no URL': [{ name: 'x' }, ['refuse: Module option state=present requires repo']],
  'no name': [{ repo: 'https://example.org/x' }, ['refuse: Name required when adding non-repo files.']],
  nothing: [{ state: 'absent' }, ['refuse: Alias or repo parameter required when state=absent']],
  'all of them': [{ repo: '*' }, ['refuse: repo=* can only be used with the runrefresh option.']],
  'all of them anew': [{ repo: '*', runrefresh: true }, ['act: refresh all repositories']],
  'one that is there, fetched anew': [{ ...TOOLS, runrefresh: true }, ['act: refresh tools']],
  'a new one, fetched': [{ name: 'new', repo: 'https://example.org/new', runrefresh: true }, ['act: add new']],
  'no zypper': [TOOLS, [`refuse: ${debian.name} has no zypper`], { seen: undefined }],
}

const plan = (wish: Record<string, unknown>, seen: Record<string, unknown> = {}) =>
  planWith(
    zypperRepository,
    wish,
    { seen: { repos: reposOf(XML), releasever: '15.6', basearch: 'x86_64' }, web: undefined, kept: undefined, ...seen },
    debian,
  )

for (const [title, [wish, wanted, seen]] of Object.entries(CASES))
  test(title, () => assert.equal(brief(plan(wish, seen)), wanted))

const COMMANDS: Record<string, [wish: Record<string, unknown>, wanted: string, seen?: Record<string, unknown>]> = {
  'all options': [
    { name: 'n', repo: 'https://e.org/n', description: 'A name', priority: 5, enabled: false, auto_import_keys: true },
    "zypper --quiet --non-interactive addrepo --check --name 'A name' --priority 5 --disable --gpgcheck --refresh -- https://e.org/n n && zypper --quiet --non-interactive --gpg-auto-import-keys refresh --force -r n",
  ],
  'what is otherwise goes first': [
    { ...TOOLS, disable_gpg_check: true, autorefresh: false },
    'zypper --quiet --non-interactive removerepo -- tools && zypper --quiet --non-interactive addrepo --check --no-gpgcheck -- https://example.org/tools/15.6 tools',
  ],
  'a file has its own alias, and the key that it names is trusted': [
    { repo: '/extra.repo' },
    'zypper --quiet --non-interactive addrepo --check --name Extra --gpgcheck -- /extra.repo && zypper --quiet --non-interactive --gpg-auto-import-keys refresh --force -r extra',
    { kept: `${FILE}gpgkey=https://e.org/k\n` },
  ],
}

for (const [title, [wish, wanted, seen]] of Object.entries(COMMANDS))
  test(`the command: ${title}`, () => {
    const made = plan(wish, seen)
    const by = made.kind === 'change' ? made.edits[0]?.by : undefined
    assert.is(by?.kind === 'run' ? by.script.wire : made.kind, wanted)
  })

test.run()
