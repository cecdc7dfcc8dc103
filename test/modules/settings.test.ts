import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import iniFile from '../../src/modules/ini_file.ts'
import mount from '../../src/modules/mount.ts'
import pamLimits from '../../src/modules/pam_limits.ts'
import { withMount, withoutMount } from '../../src/modules/shared/fstab.ts'
import sysctl from '../../src/modules/sysctl.ts'
import timezone from '../../src/modules/timezone.ts'
import { mountsIn } from '../../src/questions/mounts.ts'
import { brief, converge, planHere, planWith } from '../support/converge.ts'
import { busybox, debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/settings')

const [dash] = SHELLS
if (dash === undefined) throw new Error('there is no shell')

/** The text that a module makes of a text, by doing it; undefined text for no file. */
async function edited(
  module: Parameters<typeof converge>[0],
  text: string | undefined,
  wish: (file: string) => Record<string, unknown>,
): Promise<{ lines: string[]; after: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'regplay-settings-'))
  try {
    const file = join(dir, 'x')
    if (text !== undefined) writeFileSync(file, text)
    const lines = await converge(module, wish(file), debian, dash as (typeof SHELLS)[number])
    return { lines, after: readFileSync(file, 'utf8') }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const INI = 'top = 1\n\n[a]\n# note\n;x = 3\nx=1\nx = 2\ny\n\n[b]\n  k = v  \n\n# tail\n[c]'

const OPTIONS: Record<string, [text: string | undefined, wish: Record<string, unknown>, after: string]> = {
  'the first line of an option is used, a commented one too, and the others go': [
    INI,
    { section: 'a', option: 'x', value: '9' },
    INI.replace(';x = 3\nx=1\nx = 2', 'x = 9').concat('\n'),
  ],
  'a commented line may stay': [
    ';x = 3\nx=1\n',
    { option: 'x', value: '9', modify_inactive_option: false },
    ';x = 3\nx = 9\n',
  ],
  'a new option goes to the end of its section, before blank lines and comments': [
    INI,
    { section: 'b', option: 'z', value: '1', no_extra_spaces: true },
    INI.replace('v  \n', 'v  \nz=1\n').concat('\n'),
  ],
  'several values stand beside each other': [
    'o = 1\n',
    { option: 'o', values: ['1', '2'], exclusive: false },
    'o = 1\no = 2\n',
  ],
  'a new section stands at the end, and a new file begins with an empty line': [
    undefined,
    { section: 's', option: 'o', value: 'p q' },
    '\n[s]\no = p q\n',
  ],
  'an option may stand alone': ['[m]\n', { section: 'm', option: 'skip', allow_no_value: true }, '[m]\nskip\n'],
  'an empty value is written where none is needed, too': [
    '[m]\n',
    { section: 'm', option: 'skip', value: '', allow_no_value: true },
    '[m]\nskip = \n',
  ],
  'an option without a value is as one with an empty value': [
    '[m]\nskip\n',
    { section: 'm', option: 'skip', value: '', allow_no_value: true },
    '[m]\nskip\n',
  ],
  'a commented line may be indented': ['[m]\n  # x = 1\n', { section: 'm', option: 'x', value: '2' }, '[m]\nx = 2\n'],
  'an option goes': ['[a]\n;x = 1\nx = 2\n', { section: 'a', option: 'x', state: 'absent' }, '[a]\n;x = 1\n'],
  'of its values one goes': [
    'x = 1\nx = 2\n',
    { option: 'x', value: '2', state: 'absent', exclusive: false },
    'x = 1\n',
  ],
  'a section goes': ['[a]\nx = 1\n[b]\ny = 1\n', { section: 'a', state: 'absent' }, '[b]\ny = 1\n'],
  'spaces may not matter': ['x=1\n', { option: 'x', value: '1', ignore_spaces: true }, 'x=1\n'],
}

for (const [title, [text, wish, after]] of Object.entries(OPTIONS))
  test(`ini_file: ${title}`, async () =>
    assert.is((await edited(iniFile, text, path => ({ ...wish, path }))).after, after))

test('ini_file: an option without a value is refused, unless it may have none', async () => {
  const plan = await planHere(iniFile, { path: '/nowhere/x', option: 'x' }, debian, dash)
  assert.match(brief(plan).join(), /must be defined/)
})

const LIMIT = { domain: '*', limit_type: 'soft', limit_item: 'nofile', value: '20' }
const LIMITS: Record<string, [text: string | undefined, wish: Record<string, unknown>, after: string]> = {
  'a new limit stands at the end': ['# c\n', LIMIT, '# c\n*\tsoft\tnofile\t20\n'],
  'a file is made': [undefined, { ...LIMIT, comment: 'hi' }, '*\tsoft\tnofile\t20\t#hi\n'],
  'a value changes, what was noted beside it stays': ['* soft nofile 5 # old\n', LIMIT, '*\tsoft\tnofile\t20\t# old\n'],
  'the greater counts': ['* soft nofile 50\n', { ...LIMIT, use_max: true }, '* soft nofile 50\n'],
  'no limit is the greatest': ['* soft nofile infinity\n', { ...LIMIT, use_min: true }, '*\tsoft\tnofile\t20\n'],
  'another spacing is the same': ['*   soft\tnofile 20\n', LIMIT, '*   soft\tnofile 20\n'],
}

for (const [title, [text, wish, after]] of Object.entries(LIMITS))
  test(`pam_limits: ${title}`, async () =>
    assert.is((await edited(pamLimits, text, dest => ({ ...wish, dest }))).after, after))

for (const [item, value] of [
  ['nice', '20'],
  ['nice', 'unlimited'],
  ['core', 'much'],
  ['core', '-2'],
])
  test(`pam_limits: ${item} ${value} is refused`, async () => {
    const wish = { ...LIMIT, limit_item: item, value, dest: '/nowhere/x' }
    assert.match(brief(await planHere(pamLimits, wish, debian, dash)).join(), /is invalid/)
  })

const KERNEL: Record<
  string,
  [wish: Record<string, unknown>, kept: string | undefined, live: string | undefined, wanted: string[]]
> = {
  'both have it': [{ value: '1' }, 'net.a.b = 1\n', '1', []],
  'tabs are spaces, yes is 1': [{ value: '4 5' }, 'net.a.b=4 5\n', '4\t5', []],
  'neither has it': [{ value: 'yes' }, undefined, '0', ['net.a.b in /etc/sysctl.conf: absent -> 1', 'net.a.b: 0 -> 1']],
  'the last line of the file counts': [
    { value: '1', reload: false },
    'net.a.b=1\nnet.a.b=2\n',
    undefined,
    ['net.a.b in /etc/sysctl.conf: 2 -> 1'],
  ],
  'only the file is asked for': [{ value: '1', reload: false }, '', '0', ['net.a.b in /etc/sysctl.conf: absent -> 1']],
  'the kernel does not know it': [
    { value: '1' },
    'net.a.b=1',
    undefined,
    ['refuse: the kernel of web1 knows no net.a.b'],
  ],
  'the kernel need not know it': [{ value: '1', ignoreerrors: true }, 'net.a.b=1', undefined, []],
  'it goes': [{ state: 'absent' }, '#x\nnet.a.b = 1\n', undefined, ['net.a.b in /etc/sysctl.conf: 1 -> absent']],
  'nothing is no value': [{ value: ' ' }, '', '1', ['refuse: value cannot be blank']],
}

for (const [title, [wish, kept, live, wanted]] of Object.entries(KERNEL))
  test(`sysctl: ${title}`, () =>
    assert.equal(brief(planWith(sysctl, { name: ' net.a.b ', ...wish }, { kept, live }, debian)), wanted))

test('sysctl: the lines of other settings stay as they are', async () => {
  const text = '# s\nvm.swappiness = 10\nnet.x=1\nnet.x=3\n;y = 2\n'
  const wish = (sysctl_file: string) => ({ name: 'net.x', value: '4', reload: false, sysctl_file })
  assert.is((await edited(sysctl, text, wish)).after, '# s\nvm.swappiness = 10\nnet.x=4\n;y = 2\n')
})

for (const shell of SHELLS)
  test(`${shell[0]}: what the kernel has is seen, by both ways to write a name`, async () => {
    for (const name of ['kernel.ostype', 'kernel/ostype']) {
      const plan = await planHere(sysctl, { name, value: 'Linux', sysctl_file: '/nowhere/x' }, debian, shell)
      assert.equal(brief(plan), [`${name} in /nowhere/x: absent -> Linux`])
    }
    const unknown = await planHere(sysctl, { name: 'kernel.no-such', value: '1' }, debian, shell)
    assert.match(brief(unknown).join(), /knows no kernel.no-such/)
  })

const ZONE: Record<string, [wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: string[]]> = {
  'is there already': [{ name: 'Etc/UTC' }, { link: '/usr/share/zoneinfo/Etc/UTC', kept: 'Etc/UTC\n' }, []],
  'differs in both places': [
    { name: 'Europe/Vienna' },
    { link: '../usr/share/zoneinfo/Etc/UTC', kept: 'Etc/UTC\n' },
    ['/etc/localtime: Etc/UTC -> Europe/Vienna', '/etc/timezone: Etc/UTC -> Europe/Vienna'],
  ],
  'is no link': [{ name: 'Etc/UTC' }, { link: '', kept: 'Etc/UTC' }, ['/etc/localtime: no link -> Etc/UTC']],
  'is not known': [
    { name: 'Mars/Base' },
    { link: '', there: false },
    ['refuse: given timezone "Mars/Base" is not available'],
  ],
  'the clock holds local time': [
    { hwclock: 'local' },
    { clock: '0.0 0 0.0\n0\nUTC\n' },
    ['hardware clock: UTC -> local'],
  ],
  'no file means UTC': [{ hwclock: 'UTC' }, { clock: undefined }, []],
}

for (const [title, [wish, seen, wanted]] of Object.entries(ZONE))
  test(`timezone: ${title}`, () =>
    assert.equal(brief(planWith(timezone, wish, { there: true, link: '', ...seen }, debian)), wanted))

test('timezone: outside of Debian the name is kept where it was kept before', () => {
  const seen = { there: true, link: '/usr/share/zoneinfo/Etc/UTC', kept: undefined }
  assert.equal(brief(planWith(timezone, { name: 'Etc/UTC' }, seen, busybox)), [])
})

const TABLE = '# f\nUUID=1  /  ext4 defaults 0 1\n\ntmpfs /t tmpfs rw\n/swap none swap defaults 0 0'
const T = { src: 'tmpfs', path: '/t', fstype: 'tmpfs', opts: 'rw', dump: '0', passno: '0' }

test('fstab: lines that say the same stay, others are written anew, signs that separate are written as numbers', () => {
  assert.is(withMount(TABLE, T), TABLE)
  assert.is(withMount(TABLE, { ...T, opts: 'ro' }), TABLE.replace('tmpfs /t tmpfs rw', 'tmpfs /t tmpfs ro 0 0'))
  assert.is(withMount('', { ...T, path: '/a b' }), 'tmpfs /a\\040b tmpfs rw 0 0\n')
  assert.is(withMount(TABLE, { ...T, src: '/s2', path: 'none', fstype: 'swap' }), `${TABLE}\n/s2 none swap rw 0 0\n`)
  assert.is(withoutMount(TABLE, '/t', undefined), TABLE.replace('tmpfs /t tmpfs rw\n', ''))
  assert.is(withoutMount(TABLE, 'none', '/other'), TABLE)
})

const THERE = mountsIn('36 35 98:0 / /t rw shared:1 - tmpfs tmpfs rw\n37 35 98:0 /x /a\\040b rw - ext4 /dev/sda rw\n')

test('what is mounted is read from mountinfo', () => {
  assert.equal(THERE.get('/a b'), { source: '/dev/sda', fstype: 'ext4', root: '/x' })
})

const FS = '/etc/fstab'
const MOUNTS: Record<string, [wish: Record<string, unknown>, place: boolean, wanted: string[]]> = {
  'present adds a line only': [{ path: '/n', state: 'present', src: 'a', fstype: 'b' }, false, [`${FS}: text -> text`]],
  'mounted adds a line, and mounts': [
    { path: '/n', state: 'mounted', src: 'a', fstype: 'b' },
    false,
    [`${FS}: text -> text`, '/n: not mounted -> mounted'],
  ],
  'mounted is content': [{ path: '/t', state: 'mounted', src: 'tmpfs', fstype: 'tmpfs', opts: 'rw' }, true, []],
  'mounted with other options is mounted anew': [
    { path: '/t', state: 'mounted', src: 'tmpfs', fstype: 'tmpfs', opts: 'ro' },
    true,
    [`${FS}: text -> text`, '/t: mounted -> remounted'],
  ],
  'noauto where it is not for boot': [
    { path: '/t', state: 'present', src: 'tmpfs', fstype: 'tmpfs', opts: 'rw', boot: false },
    true,
    [`${FS}: text -> text`],
  ],
  'unmounted leaves fstab alone': [{ path: '/t', state: 'unmounted' }, true, ['/t: mounted -> not mounted']],
  'absent goes altogether': [
    { path: '/t', state: 'absent' },
    true,
    [`${FS}: text -> text`, '/t: mounted -> not mounted', '/t: directory -> absent'],
  ],
  'a directory that is in no fstab stays': [{ path: '/other', state: 'absent' }, true, []],
  'absent_from_fstab stays mounted': [{ path: '/t', state: 'absent_from_fstab' }, true, [`${FS}: text -> text`]],
  'remounted acts': [{ path: '/t', state: 'remounted' }, true, ['act: remount /t']],
  'ephemeral mounts without a line': [
    { path: '/n', state: 'ephemeral', src: 'a', fstype: 'b' },
    false,
    ['/n: not mounted -> mounted'],
  ],
  'ephemeral does not hide another mount': [
    { path: '/t', state: 'ephemeral', src: 'a', fstype: 'b' },
    true,
    ['refuse: /t is mounted already, from tmpfs'],
  ],
  'what is to be mounted must be said': [
    { path: '/n', state: 'mounted', src: 'a' },
    false,
    ['refuse: state is mounted but all of the following are missing: src, fstype'],
  ],
}

for (const [title, [wish, place, wanted]] of Object.entries(MOUNTS))
  test(`mount: ${title}`, () => {
    const seen = { table: TABLE, mounts: THERE, folder: {}, place: place ? {} : undefined }
    assert.equal(brief(planWith(mount, wish, seen, debian)), wanted)
  })

test.run()
