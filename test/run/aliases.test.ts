import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Aliases } from '../../src/run/aliases.ts'
import { Answer } from '../../src/shell/answer.ts'
import { type Played, play } from '../support/play.ts'
import { run as inShell, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'
import { Sshd, whyNoSshd } from '../transport/sshd.ts'

const test = suite('run/aliases')

/** Runs tasks with `d`, a directory with `real/` in it, and `link`, which leads there. */
async function run(tasks: string, check: (played: Played, d: string) => void) {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-aliases-'))
  try {
    mkdirSync(join(dir, 'real'))
    symlinkSync('real', join(dir, 'link'))
    writeFileSync(join(dir, 'real/there'), 'there')
    symlinkSync('there', join(dir, 'real/other'))
    check(
      await play(
        `- hosts: all\n  gather_facts: false\n  vars: {d: DIR}\n  tasks:\n${tasks.replaceAll(/^/gm, '    ')}\n`,
        {
          dir,
        },
      ),
      dir,
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const text = (d: string, name: string): string => readFileSync(join(d, name), 'utf8')

test('what was changed by one name is seen by the other', () =>
  run(
    `- copy: {dest: "{{ d }}/real/f", content: one}
- copy: {dest: "{{ d }}/link/f", content: two}
- copy: {dest: "{{ d }}/real/f", content: one}
- copy: {dest: "{{ d }}/link/f", content: one}`,
    ({ results }, d) => {
      assert.equal(
        results.map(one => one.split(' ')[1]),
        ['changed', 'changed', 'changed', 'ok'],
      )
      assert.is(text(d, 'real/f'), 'one')
    },
  ))

test('so it is in a loop, and where the file itself is the link', () =>
  run(
    `- name: lines
  lineinfile: {path: "{{ d }}/{{ item }}", line: x, insertafter: BOF}
  loop: [real/there, real/other, link/other, link/there]
- copy: {dest: "{{ d }}/real/other", content: two}
- copy: {dest: "{{ d }}/link/there", content: there}`,
    ({ result }, d) => {
      assert.equal(
        (result('lines').result['results'] as { changed: boolean }[]).map(one => one.changed),
        [true, false, false, false],
      )
      assert.is(text(d, 'real/there'), 'there')
    },
  ))

test('so it is with a link that the play makes', () =>
  run(
    `- stat: {path: "{{ d }}/new/f"}
- file: {path: "{{ d }}/new", src: real, state: link}
- copy: {dest: "{{ d }}/real/f", content: one}
- copy: {dest: "{{ d }}/new/f", content: two}
- stat: {path: "{{ d }}/real/f", checksum_algorithm: sha256}
- copy: {dest: "{{ d }}/real/f", content: one}`,
    (_played, d) => assert.is(text(d, 'real/f'), 'one'),
  ))

test('where there are no links, a change of one file leaves the answers of others alone', () =>
  run(
    `- copy: {dest: "{{ d }}/a", content: x}
- copy: {dest: "{{ d }}/b", content: x}
- copy: {dest: "{{ d }}/c", content: x}`,
    ({ stats }) => assert.is(stats['one']?.trips, 6, 'first words, one look, the lock, and a trip for each change'),
  ))

test('what was changed on the controller as a host is seen where its files are the sources', () =>
  run(
    `- copy: {dest: "{{ d }}/a", content: one}
- copy: {src: "{{ d }}/a", dest: "{{ d }}/b"}
- copy: {src: "{{ d }}/a", dest: "{{ d }}/b"}
- copy: {dest: "{{ d }}/a", content: two}
- copy: {src: "{{ d }}/a", dest: "{{ d }}/b"}
- file: {path: "{{ d }}/a", state: absent}
- copy: {src: "{{ d }}/a", dest: "{{ d }}/c"}
  ignore_errors: true
- copy: {dest: "{{ d }}/a", content: three}
- copy: {src: "{{ d }}/a", dest: "{{ d }}/c"}`,
    ({ results }, d) => {
      assert.equal(
        results.map(one => one.split(' ')[1]).join(' '),
        'changed changed ok changed changed changed ignored changed changed',
      )
      assert.equal([text(d, 'b'), text(d, 'c')], ['two', 'three'])
    },
  ))

const missing = whyNoSshd()
if (missing !== null) test.skip('a host by two names', missing)
else
  test('what was changed on a host by one of its names is seen by the other', async () => {
    const sshd = await Sshd.start()
    const dir = mkdtempSync(join(tmpdir(), 'regplay-aliases-'))
    try {
      const same =
        `ansible_host=127.0.0.1 ansible_port=${sshd.port} ansible_user=root ansible_ssh_private_key_file=${sshd.keyFile} ` +
        `ansible_ssh_common_args="-o UserKnownHostsFile=${sshd.knownHosts} -o GlobalKnownHostsFile=/dev/null"\n`
      const playOn = (host: string, content: string): string =>
        `- {hosts: ${host}, gather_facts: false, tasks: [{copy: {dest: DIR/f, content: ${content}}}]}\n`
      const text = playOn('one', 'one') + playOn('two', 'two') + playOn('one', 'one')
      const { results } = await play(text, { dir, hosts: `one ${same}two ${same}` })
      assert.equal(results, ['one changed copy', 'two changed copy', 'one changed copy'])
      assert.is(readFileSync(join(dir, 'f'), 'utf8'), 'one')
    } finally {
      sshd.stop()
      rmSync(dir, { recursive: true, force: true })
    }
  }, 40_000)

for (const shell of SHELLS)
  test(`${shell[0]}: links are told by their places`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'regplay-aliases-'))
    try {
      symlinkSync('nowhere', join(dir, "o'n e"))
      const aliases = new Aliases()
      const reads = ["o'n e/f", 'two', 'none/at/all'].map(name => `path:${dir}/${name}`)
      const asked = aliases.asking(reads)
      if (!asked) throw new Error('nothing is asked')
      aliases.learn(asked, inShell(asked.script, shell))
      assert.equal(
        [...reads, `path:${dir}/o'n e`, `path:${dir}`].map(read => aliases.many(read)),
        [true, false, false, true, false],
      )
      assert.is(aliases.asking(reads), undefined)
      aliases.forget([`path:${dir}/two`])
      assert.equal(aliases.asking(reads)?.paths, [`${dir}/two`])
      assert.ok(aliases.many(reads[0] ?? ''))
      aliases.learn({ ...asked, paths: ['/not/asked'] }, new Answer(2))
      assert.ok(aliases.asking(['path:/not/asked']))
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

test.run()
