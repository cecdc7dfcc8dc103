import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import rpmKey from '../../src/modules/rpm_key.ts'
import { brief, make, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/rpm_key')

const FILE = fileURLToPath(new URL('../differential/modules/files/apt-key.asc', import.meta.url))
const bytes = readFileSync(FILE)
/** Of the key in that file. */
const PRINT = '65E21201A536BFB07DC167BE104E36B336DB52FD'
const SHORT = '36DB52FD'
const OURS = { name: 'gpg-pubkey-36db52fd-5e0be100', id: SHORT }
const OTHER = { name: 'gpg-pubkey-0badcafe-5e0be100', id: '0BADCAFE' }
const added = ['key 104E36B336DB52FD: absent -> trusted']

const CASES: Record<string, [wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: string[]]> = {
  'a key of a file is imported': [{ key: '/k' }, { kept: bytes }, added],
  'a key of the web is imported': [{ key: 'https://example.org/k' }, { web: bytes }, added],
  'a key that is there stays': [{ key: '/k' }, { kept: bytes, keys: [OTHER, OURS] }, []],
  'a newer rpm names keys by all of their digits': [
    { key: '/k' },
    { kept: bytes, keys: [{ name: `gpg-pubkey-${PRINT}`, id: PRINT }] },
    [],
  ],
  'a key is named by its digits': [{ key: '0x36db52fd' }, { keys: [OURS] }, []],
  'a key is named by more of its digits': [
    { key: PRINT, state: 'absent' },
    { keys: [OURS] },
    [`key 104E36B336DB52FD: trusted -> absent`],
  ],
  'a key goes': [{ key: SHORT, state: 'absent' }, { keys: [OURS, OTHER] }, [`key ${SHORT}: trusted -> absent`]],
  'a key of a file goes': [
    { key: '/k', state: 'absent' },
    { kept: bytes, keys: [OURS] },
    ['key 104E36B336DB52FD: trusted -> absent'],
  ],
  'what is not there is gone': [{ key: SHORT, state: 'absent' }, { keys: [OTHER] }, []],
  'digits alone import nothing': [{ key: SHORT }, {}, ['refuse: When importing a key, a valid file must be given']],
  'a fingerprint may have blanks and small letters': [
    { key: '/k', fingerprint: '65e2 1201 a536 bfb0 7dc1  67be 104e 36b3 36db 52fd' },
    { kept: bytes },
    added,
  ],
  'another fingerprint imports nothing': [
    { key: '/k', fingerprint: 'AB' },
    { kept: bytes },
    [`refuse: The specified fingerprint, 'AB', does not match the key fingerprint '${PRINT}'`],
  ],
  'no file': [{ key: '/none' }, {}, ['refuse: Not a valid key /none']],
  'a file that is no key': [{ key: '/k' }, { kept: Buffer.from('<html>') }, ['refuse: Not a public key: /k']],
  'another protocol': [{ key: 'ftp://example.org/k' }, {}, ['refuse: ftp://example.org/k is no URL of a web server']],
  'a server that proves nothing': [{ key: 'https://example.org/k', validate_certs: false }, { web: bytes }, added],
  'a host without rpm': [{ key: '/k' }, { kept: bytes, keys: undefined }, [`refuse: ${debian.name} has no rpm`]],
}

for (const [title, [wish, seen, wanted]] of Object.entries(CASES))
  test(title, () =>
    assert.equal(brief(planWith(rpmKey, wish, { keys: [], web: undefined, kept: undefined, ...seen }, debian)), wanted),
  )

/** An rpm that keeps its keys in a file, one name a line. */
const rpm = (keys: string): string => `#!/bin/sh
case "$1" in
--version) echo RPM version 4.18;;
-q) [ -s ${keys} ] || { echo 'package gpg-pubkey is not installed'; exit 1; }; sed 's/gpg-pubkey-\\([^-]*\\).*/& \\1/' ${keys};;
--import) grep -q 'BEGIN PGP PUBLIC' "$2" && echo gpg-pubkey-36db52fd-5e0be100 >>${keys};;
--erase) shift 3; for n; do sed -i "/^$n$/d" ${keys}; done;;
esac
`

// BusyBox takes its own rpm, which keeps no packages.
for (const shell of SHELLS.filter(([name]) => name !== 'busybox'))
  test(`${shell[0]}: a key comes and goes`, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'rpm-'))
    const path = process.env['PATH']
    try {
      writeFileSync(join(dir, 'rpm'), rpm(join(dir, 'keys')), { mode: 0o755 })
      process.env['PATH'] = `${dir}:${path}`
      for (const [wish, wanted] of [
        [{ key: FILE }, added],
        [{ key: SHORT, state: 'absent' }, [`key ${SHORT}: trusted -> absent`]],
      ] as const) {
        const plan = await planHere(rpmKey, wish, debian, shell)
        assert.equal(brief(plan), wanted)
        await make(plan, shell)
        assert.equal(brief(await planHere(rpmKey, wish, debian, shell)), [])
      }
    } finally {
      process.env['PATH'] = path
      rmSync(dir, { recursive: true })
    }
  })

test.run()
