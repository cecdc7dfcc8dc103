import { basename } from 'node:path'
import * as assert from 'uvu/assert'
import { BYTES, NAMES, oneLine, TEXTS } from './values.ts'

/** What a run left behind. */
export interface Left {
  /** The bytes of a file of the host. */
  read(path: string): Buffer
  /** Names in a directory of the host. */
  names(path: string): string[]
  link(path: string): string
  /** The bytes of a file of the controller. */
  brought(path: string): Buffer
  /** The result of the task of a name. */
  result(task: string): Readonly<Record<string, unknown>>
}

/** Tasks that give hostile values to a module, and what must have come of them. */
export interface Trial {
  readonly name: string
  /** The key of its values, the variable `kind` of its tasks. */
  readonly kind: string
  readonly tasks: readonly Readonly<Record<string, unknown>>[]
  readonly left?: (left: Left, task: (n: number) => string) => void
  /** Its last task is refused, and says this. */
  readonly refused?: string
  /** The second time it changes something again. */
  readonly acts?: true
}

/** Where things stand. */
export interface Ground {
  /** Directory of the host in which everything happens. */
  readonly base: string
  /** Whose files they are. */
  readonly user: string
  /** Directory of the controller with what `files` says. */
  readonly here: string
  /** A web server that answers with what its path says, and what there is on the host. */
  readonly web?: string
  readonly has: ReadonlySet<'git' | 'useradd' | 'root'>
}

const escaped = (text: string): string =>
  text.replaceAll(/[\\^$.*+?()[\]{}|# \t\n]/g, sign => (sign === '\n' ? '\\n' : `\\${sign}`))
/** As Python's shlex quotes. */
const word = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`
const ended = (part: string): string => (part.endsWith('\n') ? part : `${part}\n`)
const text = (bytes: Buffer): string => bytes.toString('utf8')

/** Of long texts no difference is worked out: that takes minutes. */
function same(seen: unknown, wanted: string): void {
  if (seen !== wanted)
    throw new Error(`${JSON.stringify(seen).slice(0, 400)}\n  is not ${JSON.stringify(wanted).slice(0, 400)}`)
}

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvb2JhcmZvb2JhcmZvb2JhcmZvb2JhcmZvb2Jhcm9v'

/** The trials of one kind of value. */
export function trialsOf(kind: string, { base, user, here, web, has }: Ground): Trial[] {
  const name = NAMES[kind] ?? ''
  const value = TEXTS[kind] ?? ''
  const line = oneLine(value)
  // What is long stands once in a playbook.
  const given = value.length > 1000 ? '{{ values[kind] }}' : value
  const dir = `${base}/${kind}/${name}`
  // A name of 255 bytes has no room for more.
  const tail = kind === 'long' ? name.slice(0, 100) : name
  const at = (what: string): string => `${dir}/${what}${tail}`
  const marker = line ? ` ${name}` : ''
  const account = `${kind}-${basename(base).replace(/-.*/, '')}`
  // useradd takes no others.
  const printed = [...name].filter(sign => sign >= ' ' && sign !== '\x7f' && sign !== '\u0085').join('')
  // git tells of its remotes in lines.
  const repo = line ? at('repo') : `${base}/${kind}/repo`
  // What is secret is hidden wherever it is told.
  const secret = [...name].reverse().join('')
  const section = name.replaceAll(/[[\]#;]/g, '')
  const holds = (path: string, wanted: string) => (left: Left) => same(text(left.read(path)), wanted)
  const one = (module: string, args: unknown, path: string, wanted: string): Omit<Trial, 'kind'> => ({
    name: module,
    tasks: [{ [module]: args }],
    left: holds(path, wanted),
  })
  const trials: (Omit<Trial, 'kind'> | false)[] = [
    {
      name: 'file: directory',
      tasks: [{ file: { path: dir, state: 'directory' } }],
      left: left => assert.ok(left.names(`${base}/${kind}`).includes(name)),
    },
    one('copy', { content: given, dest: at('copy') }, at('copy'), value),
    one('copy', { src: at('copy'), dest: at('again'), remote_src: true }, at('again'), value),
    one('copy', { src: `${here}/tree/${name}`, dest: at('sent') }, at('sent'), name),
    one('copy', { content: given, dest: `${dir}/${name}` }, `${dir}/${name}`, value),
    {
      name: 'copy: bytes',
      tasks: [{ copy: { src: `${here}/bytes`, dest: at('bytes'), validate: 'test -s %s' } }],
      left: left => assert.equal(left.read(at('bytes')), BYTES),
    },
    {
      name: 'copy: a tree',
      tasks: [{ copy: { src: `${here}/tree`, dest: dir } }],
      left: holds(`${dir}/tree/${name}`, name),
    },
    one('template', { src: `${here}/value.j2`, dest: at('template') }, at('template'), `<${value}>`),
    line && one('lineinfile', { path: at('line'), line: `${given}.`, create: true }, at('line'), `${value}.\n`),
    line && {
      name: 'lineinfile: regexp',
      tasks: [
        { copy: { content: `x ${name}\ny\n`, dest: at('line2'), force: false } },
        {
          lineinfile: {
            path: at('line2'),
            regexp: `^x ${escaped(name)}$`,
            line: `z ${name}`,
            insertafter: `^${escaped(name)}`,
          },
        },
      ],
      left: holds(at('line2'), `z ${name}\ny\n`),
    },
    one(
      'blockinfile',
      { path: at('block'), block: `a${given}.`, marker: `{mark}${marker}`, create: true },
      at('block'),
      `BEGIN${marker}\na${value}.\nEND${marker}\n`,
    ),
    {
      name: 'replace',
      tasks: [
        { copy: { content: `old ${name}|`, dest: at('replace'), force: false } },
        {
          replace: {
            path: at('replace'),
            regexp: `old ${escaped(name)}\\|`,
            replace: `new ${name.replaceAll('\\', '\\\\')}!`,
          },
        },
      ],
      left: holds(at('replace'), `new ${name}!`),
    },
    line &&
      one(
        'ini_file',
        { path: at('ini'), section: `s${section}e`, option: 'key', value: `v${given}`, no_extra_spaces: true },
        at('ini'),
        `\n[s${section}e]\nkey=v${value}\n`,
      ),
    line &&
      one(
        'htpasswd',
        { path: at('passwd'), name: 'ann', password: secret, crypt_scheme: 'plaintext' },
        at('passwd'),
        `ann:${secret}\n`,
      ),
    {
      name: 'k8s_secret',
      tasks: [
        {
          'regplay.registry.k8s_secret': {
            ...{ path: at('pull'), name: 'pull', registry_url: 'r.example.org:5000' },
            ...{ username: name, password: secret },
          },
        },
      ],
      left: left => {
        const data = /^ {2}\.dockerconfigjson: (\S+)$/m.exec(text(left.read(at('pull'))))?.[1] ?? ''
        const { auths } = JSON.parse(text(Buffer.from(data, 'base64')))
        same(text(Buffer.from(auths['r.example.org:5000'].auth, 'base64')), `${name}:${secret}`)
      },
    },
    {
      name: 'getent: none of that name',
      tasks: [{ getent: { database: 'group', key: `x${printed.replaceAll(':', '')}`, fail_key: false } }],
      left: (left, task) => {
        const facts = left.result(task(0))['ansible_facts'] as { getent_group: Record<string, unknown> }
        assert.equal(Object.values(facts.getent_group), [null])
      },
    },
    {
      name: 'synchronize',
      tasks: [
        { file: { path: at('mirrored'), state: 'directory' } },
        { synchronize: { src: `${here}/tree/`, dest: at('mirrored'), delete: true } },
        { synchronize: { src: `${here}/tree/${name}`, dest: at('single'), archive: false, checksum: true } },
      ],
      left: left => {
        assert.equal(left.names(at('mirrored')).sort(), Object.values(NAMES).sort())
        same(text(left.read(`${at('mirrored')}/${name}`)), name)
        same(text(left.read(at('single'))), name)
      },
    },
    {
      name: 'acl',
      tasks: [
        { copy: { content: '', dest: at('acl') } },
        { 'ansible.posix.acl': { path: at('acl'), etype: 'user', entity: user, permissions: 'r', state: 'present' } },
      ],
    },
    {
      name: 'raw',
      tasks: [{ raw: `printf %s ${word(name)}`, changed_when: false }],
      left: (left, task) => assert.is(left.result(task(0))['stdout'], name),
    },
    {
      name: 'debug, set_fact',
      tasks: [{ set_fact: { seen: given } }, { debug: { var: 'seen' } }],
      left: (left, task) => same(left.result(task(1))['seen'], value),
    },
    {
      name: 'assemble',
      tasks: [
        { file: { path: at('parts'), state: 'directory' } },
        { copy: { content: `1${given}`, dest: `${at('parts')}/1${tail}` } },
        { copy: { content: `2${given}`, dest: `${at('parts')}/2` } },
        { assemble: { src: at('parts'), dest: at('whole'), delimiter: `--${name.replaceAll('\\', '\\\\')}` } },
      ],
      left: holds(at('whole'), `${ended(`1${value}`)}${ended(`--${name}`)}2${value}`),
    },
    line && {
      name: 'authorized_key',
      tasks: [
        { copy: { content: '', dest: at('keys'), force: false, mode: '0600' } },
        { authorized_key: { user, path: at('keys'), manage_dir: false, key: `${KEY} ${name.trim()}` } },
      ],
      left: holds(at('keys'), `${KEY} ${name.trim().replaceAll(/[ \t]+/g, ' ')}\n`),
    },
    one(
      'known_hosts',
      { name: 'h.example.org', path: at('hosts'), key: `h.example.org ${KEY}` },
      at('hosts'),
      `h.example.org ${KEY}\n`,
    ),
    {
      name: 'command',
      tasks: [{ command: { argv: ['printf', '%s', `${given}.`], expand_argument_vars: false }, changed_when: false }],
      left: (left, task) => same(left.result(task(0))['stdout'], `${value}.`),
    },
    {
      name: 'command: chdir, creates, stdin',
      tasks: [
        {
          command: {
            argv: ['cp', '--', '/dev/stdin', `made${kind}`],
            chdir: dir,
            creates: `${dir}/made${kind}`,
            stdin: given,
            stdin_add_newline: false,
          },
        },
      ],
      left: holds(`${dir}/made${kind}`, value),
    },
    {
      name: 'shell: environment',
      tasks: [
        {
          shell: { cmd: 'printf %s "$V" >"$F"', creates: at('env').replaceAll(/[*?[]/g, '?') },
          environment: { V: given, F: at('env') },
        },
      ],
      left: holds(at('env'), value),
    },
    {
      name: 'script',
      tasks: [
        {
          script: {
            cmd: `${here}/script.sh ${value === given ? word(value) : '{{ values[kind] | quote }}'} ${word(at('script'))}`,
            chdir: dir,
          },
        },
      ],
      left: holds(at('script'), value),
      acts: true,
    },
    {
      name: 'script: its name',
      tasks: [{ script: { cmd: `${word(`${here}/scripts/${name}`)} ${word(name)}` }, changed_when: false }],
      left: (left, task) => assert.is(left.result(task(0))['stdout'], `<${name}>`),
    },
    {
      name: 'unarchive',
      tasks: [
        { file: { path: at('from'), state: 'directory' } },
        { unarchive: { src: `${here}/tree.tar.gz`, dest: at('from') } },
      ],
      left: left => {
        assert.equal(left.names(`${at('from')}/tree`).sort(), Object.values(NAMES).sort())
        assert.is(text(left.read(`${at('from')}/tree/${name}`)), name)
      },
    },
    {
      name: 'unarchive: mode',
      tasks: [
        { file: { path: at('shut'), state: 'directory' } },
        { unarchive: { src: `${here}/tree.tar.gz`, dest: at('shut'), mode: 'u=rwX,go=' } },
        { stat: { path: `${at('shut')}/tree/${name}` } },
      ],
      left: (left, task) => assert.is((left.result(task(2))['stat'] as Record<string, unknown>)['mode'], '0600'),
    },
    {
      name: 'archive',
      tasks: [
        { file: { path: at('box'), state: 'directory' } },
        { copy: { content: given, dest: `${at('box')}/${tail}` } },
        { archive: { path: [at('box')], dest: `${at('packed')}.tar.gz` } },
      ],
      ...(line ? {} : { refused: 'line end' }),
    },
    line && {
      name: 'unarchive: on the host',
      tasks: [
        { file: { path: at('out'), state: 'directory' } },
        { unarchive: { src: `${at('packed')}.tar.gz`, dest: at('out'), remote_src: true } },
      ],
      left: holds(`${at('out')}/box${tail}/${tail}`, value),
    },
    {
      name: 'tempfile',
      tasks: [{ tempfile: { path: dir, prefix: name.slice(0, 60), suffix: name.slice(-40) } }],
      left: (left, task) => {
        const path = String(left.result(task(0))['path'])
        assert.ok(path.startsWith(`${dir}/${name.slice(0, 60)}`) && path.endsWith(name.slice(-40)), path)
        assert.is(text(left.read(path)), '')
      },
      acts: true,
    },
    {
      name: 'find',
      tasks: [
        {
          find: { paths: [dir], patterns: [`^${escaped(basename(at('copy')))}$`], use_regex: true, get_checksum: true },
        },
      ],
      left: (left, task) => {
        const files = left.result(task(0))['files'] as { path: string; size: number; checksum: string }[]
        assert.equal(
          files.map(({ path, size }) => [path, size]),
          [[at('copy'), Buffer.byteLength(value)]],
        )
        assert.match(files[0]?.checksum ?? '', /^[0-9a-f]{40}$/)
      },
    },
    {
      name: 'slurp',
      tasks: [{ slurp: { src: at('copy') } }],
      left: (left, task) => same(text(Buffer.from(String(left.result(task(0))['content']), 'base64')), value),
    },
    {
      name: 'stat',
      tasks: [{ stat: { path: at('copy') } }],
      left: (left, task) => {
        const stat = left.result(task(0))['stat'] as Record<string, unknown>
        assert.equal([stat['exists'], stat['path'], stat['size']], [true, at('copy'), Buffer.byteLength(value)])
        assert.match(String(stat['checksum']), /^[0-9a-f]{40}$/)
      },
    },
    {
      name: 'fetch',
      tasks: [{ fetch: { src: at('bytes'), dest: `${here}/fetched/${kind}/${name}`, flat: true } }],
      left: left => assert.equal(left.brought(`fetched/${kind}/${name}`), BYTES),
    },
    { name: 'wait_for', tasks: [{ wait_for: { path: at('copy'), timeout: 5 } }] },
    {
      name: 'wait_for: search_regex',
      tasks: [
        { wait_for: { path: at('sent'), search_regex: `${escaped(name.slice(0, -1))}([^y])`, timeout: 5 } },
        { wait_for: { path: at('sent'), search_regex: `${escaped(name)}x`, timeout: 1 }, failed_when: false },
      ],
      left: (left, task) => {
        assert.equal(left.result(task(0))['match_groups'], [name.slice(-1)])
        assert.match(String(left.result(task(1))['msg']), /Timeout when waiting for search string/)
      },
    },
    has.has('root') &&
      // mount does not find such signs in its own table
      kind !== 'control' && {
        name: 'mount',
        tasks: [
          { file: { path: at('mount'), state: 'directory' } },
          { mount: { path: at('mount'), src: `x${kind}`, fstype: 'tmpfs', fstab: at('fstab'), state: 'mounted' } },
          { command: { argv: ['mountpoint', at('mount')], expand_argument_vars: false }, changed_when: false },
        ],
        left: left => {
          const [source, path = ''] = text(left.read(at('fstab')))
            .trimEnd()
            .split(' ')
          same(source, `x${kind}`)
          const plain = Buffer.from(path, 'utf8').toString('latin1')
          const bytes = plain.replaceAll(/\\([0-7]{3})/g, (_, byte) => String.fromCharCode(Number.parseInt(byte, 8)))
          same(Buffer.from(bytes, 'latin1').toString('utf8'), at('mount'))
        },
        // It is mounted for as long as the run's own world lasts
        acts: true,
      },
    {
      name: 'file: link',
      tasks: [{ file: { src: name, dest: at('link'), state: 'link', force: true, follow: false } }],
      left: left => assert.is(left.link(at('link')), name),
    },
    {
      name: 'file: hard',
      tasks: [{ file: { src: at('copy'), dest: at('hard'), state: 'hard' } }],
      left: holds(at('hard'), value),
    },
    {
      name: 'file: touch',
      tasks: [{ file: { path: at('touch'), state: 'touch', mode: 'u=rw,go=' } }],
      left: holds(at('touch'), ''),
      acts: true,
    },
    {
      name: 'file: absent',
      tasks: [{ copy: { content: '', dest: at('gone') } }, { file: { path: at('gone'), state: 'absent' } }],
      left: left => assert.not.ok(left.names(dir).includes(basename(at('gone')))),
      acts: true,
    },
    web !== undefined &&
      one('get_url', { url: `${web}/${encodeURIComponent(name)}`, dest: at('got') }, at('got'), name),
    has.has('git') && {
      name: 'git',
      tasks: [
        {
          command: {
            argv: ['git', 'init', '-q', repo],
            expand_argument_vars: false,
            creates: `${repo.replaceAll(/[*?[]/g, '?')}/.git`,
          },
        },
        { copy: { content: given, dest: `${repo}/${name}` } },
        {
          shell: {
            cmd: 'git add -A && git -c user.name="$N" -c user.email=a@example.org commit -qm "$N" && git branch -M main',
            chdir: repo,
            creates: `${repo.replaceAll(/[*?[]/g, '?')}/.git/refs/heads/main`,
          },
          environment: { N: kind },
        },
        { git: { repo: repo, dest: at('clone'), version: 'main' } },
      ],
      left: holds(`${at('clone')}/${name}`, value),
    },
    has.has('root') &&
      line &&
      kind !== 'control' && {
        name: 'cron',
        tasks: [
          { file: { path: '/etc/cron.d', state: 'directory' } },
          { cron: { name: name.trim(), job: given, cron_file: `hostile-${kind}`, user: 'root', minute: '5' } },
        ],
        left: holds(`/etc/cron.d/hostile-${kind}`, `#Ansible: ${name.trim()}\n5 * * * * root ${value}\n`),
      },
    has.has('useradd') &&
      line && {
        name: 'user',
        tasks: [{ user: { name: account, comment: printed, home: `${base}/home/${printed}`, shell: '/bin/sh' } }],
        left: left => {
          const line = text(left.read('/etc/passwd'))
            .split('\n')
            .find(one => one.startsWith(`${account}:`))
          assert.is(line?.split(':').slice(4).join(':'), `${printed}:${base}/home/${printed}:/bin/sh`)
          assert.ok(left.names(`${base}/home`).includes(printed))
        },
      },
  ]
  return trials.filter(trial => trial !== false).map(trial => ({ ...trial, kind, name: `${kind}: ${trial.name}` }))
}
