import assert from 'node:assert/strict'
import { Secret } from '../../src/base/secret.ts'
import type { Module } from '../../src/kit/module.ts'
import { CouldNotTell } from '../../src/kit/question.ts'
import compose from '../../src/modules/docker_compose_v2.ts'
import container from '../../src/modules/docker_container.ts'
import containerInfo from '../../src/modules/docker_container_info.ts'
import image from '../../src/modules/docker_image.ts'
import imageBuild from '../../src/modules/docker_image_build.ts'
import imageInfo from '../../src/modules/docker_image_info.ts'
import imageLoad from '../../src/modules/docker_image_load.ts'
import imagePull from '../../src/modules/docker_image_pull.ts'
import login from '../../src/modules/docker_login.ts'
import network from '../../src/modules/docker_network.ts'
import networkInfo from '../../src/modules/docker_network_info.ts'
import prune from '../../src/modules/docker_prune.ts'
import volume from '../../src/modules/docker_volume.ts'
import volumeInfo from '../../src/modules/docker_volume_info.ts'
import { docker } from '../../src/modules/shared/docker.ts'
import { actionsIn, programActionsIn } from '../../src/modules/shared/docker-compose.ts'
import { filterWords } from '../../src/modules/shared/docker-filters.ts'
import { isPlatform } from '../../src/modules/shared/docker-image.ts'
import { bytesIn, prunedIn } from '../../src/modules/shared/docker-prune.ts'
import type { ImageFacts } from '../../src/questions/docker.ts'
import { sh } from '../../src/shell/script.ts'
import { brief, make, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/docker')

const IMAGE = { Id: 'sha256:i', RepoTags: [], RepoDigests: [], Os: 'linux', Architecture: 'amd64', Config: null }
const NETWORK = {
  Id: 'n',
  Driver: 'bridge',
  Scope: 'local',
  Internal: false,
  Attachable: false,
  EnableIPv6: false,
  Options: { mtu: '1400' },
  Labels: { a: 'b' },
  IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '172.30.0.0/24', Gateway: '172.30.0.1' }] },
  Containers: { x: { Name: 'web' } },
}
const VOLUME = { Driver: 'local', Options: { o: 'size=1m' }, Labels: { a: 'b' } }
const RUNNING = {
  Id: 'c',
  Image: 'sha256:i',
  State: { Status: 'running', Running: true, StartedAt: '2024-01-01T00:00:00Z' },
  Config: { Image: 'i', Env: [], Cmd: [], Entrypoint: [], Labels: {}, User: '', Hostname: '', Tty: false },
  HostConfig: {
    NetworkMode: 'default',
    PortBindings: {},
    RestartPolicy: { Name: 'no' },
    Memory: 67108864,
    CapDrop: ['CHOWN', 'KILL'],
    Ulimits: [{ Name: 'nofile', Soft: 10, Hard: 20 }],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
  },
  Mounts: [],
  NetworkSettings: { Networks: { a: { Aliases: ['db'], IPAMConfig: { IPv4Address: '172.30.0.7' } }, b: {} } },
}
const SEEN = {
  now: RUNNING,
  image: IMAGE,
  files: [],
  mounted: undefined,
  variables: undefined,
  peers: new Map(),
  without: new Set(),
}
const EXITED = { ...SEEN, now: { ...RUNNING, State: { Status: 'exited', Running: false, StartedAt: '' } } }
const PLUGIN = { compose: 'plugin', version: '2.20.1' }
const NOBODY = new Map()
const kept = (username: string, password: string, store?: string) => ({
  known: {
    of: new Map([['r.example.org', { username, password: new Secret(password, 'password') }]]),
    ...(store === undefined ? {} : { store }),
  },
})
const CREDENTIALS = { registry_url: 'r.example.org', username: 'ann', password: new Secret('right', 'password') }

const CASES: [title: string, module: Module, wish: object, seen: object, wanted: string[]][] = [
  ['a network', network, { name: 'n' }, { now: 'absent', members: NOBODY }, ['n: absent -> present']],
  ['the network', network, { name: 'n', labels: { a: 'b' } }, { now: NETWORK, members: NOBODY }, []],
  [
    'another network',
    network,
    {
      name: 'n',
      internal: true,
      labels: { a: 'c' },
      driver_options: { mtu: 1500 },
      ipam_config: [{ subnet: '172.30.0.0/24', gateway: '172.30.0.2' }],
    },
    { now: NETWORK, members: NOBODY },
    [
      'internal: false -> true',
      'driver_options.mtu: 1400 -> 1500',
      'ipam_config[0].gateway: 172.30.0.1 -> 172.30.0.2',
      'labels.a: b -> c',
    ],
  ],
  [
    'connected',
    network,
    { name: 'n', connected: ['db'] },
    { now: NETWORK, members: new Map([['db', []]]) },
    ['connected.db: no -> yes', 'connected.web: yes -> no'],
  ],
  [
    'connected, stopped',
    network,
    { name: 'n', connected: ['db'], appends: true },
    { now: NETWORK, members: new Map([['db', ['n']]]) },
    [],
  ],
  [
    'connects nobody',
    network,
    { name: 'n', connected: ['db'] },
    { now: NETWORK, members: NOBODY },
    ['refuse: there is no container db to connect to n'],
  ],
  ['no network', network, { name: 'n', state: 'absent' }, { now: NETWORK, members: NOBODY }, ['n: present -> absent']],
  ['network anew', network, { name: 'n', force: true }, { now: NETWORK, members: NOBODY }, ['act: make n anew']],
  ['a volume', volume, { volume_name: 'v' }, { now: 'absent' }, ['v: absent -> present']],
  ['another volume stays', volume, { volume_name: 'v', labels: { a: 'c' } }, { now: VOLUME }, []],
  [
    'another volume',
    volume,
    { volume_name: 'v', labels: { a: 'c' }, driver_options: { o: 'size=2m' }, recreate: 'options-changed' },
    { now: VOLUME },
    ['driver_options.o: size=1m -> size=2m', 'labels.a: b -> c'],
  ],
  ['volume anew', volume, { volume_name: 'v', recreate: 'always' }, { now: VOLUME }, ['act: make v anew']],
  ['pull', imagePull, { name: 'a/b' }, { now: 'absent' }, ['act: a/b:latest: pulled']],
  [
    'pull where it is missing',
    imagePull,
    { name: 'a/b', pull: 'not_present' },
    { now: 'absent' },
    ['a/b:latest: absent -> pulled'],
  ],
  ['pull again', imagePull, { name: 'a/b' }, { now: IMAGE }, ['act: a/b:latest: pulled']],
  ['pull once', imagePull, { name: 'a/b', pull: 'not_present' }, { now: IMAGE }, []],
  [
    'pull for another processor',
    imagePull,
    { name: 'a', pull: 'not_present', platform: 'linux/arm64' },
    { now: IMAGE },
    ['act: a:latest: pulled'],
  ],
  [
    'pull an id',
    imagePull,
    { name: `sha256:${'a'.repeat(64)}` },
    { now: 'absent' },
    ['refuse: Cannot pull an image by ID'],
  ],
  [
    'built',
    imageBuild,
    { name: 'a', path: '/b' },
    { now: 'absent', context: { type: 'directory' } },
    ['act: a:latest: built from /b'],
  ],
  ['built before', imageBuild, { name: 'a', path: '/b' }, { now: IMAGE, context: undefined }, []],
  [
    'built from nothing',
    imageBuild,
    { name: 'a', path: '/b' },
    { now: 'absent', context: undefined },
    ['refuse: "/b" is not an existing directory'],
  ],
  ['loads', imageLoad, { path: '/a.tar' }, { file: {}, any: '20.10' }, ['act: load /a.tar']],
  [
    'loads nothing',
    imageLoad,
    { path: '/a.tar' },
    { file: undefined, any: '20.10' },
    ['refuse: Error opening archive /a.tar: there is no such file'],
  ],
  [
    'named and saved',
    image,
    { name: 'a', source: 'local', repository: 'r/a', archive_path: '/a.tar' },
    { now: IMAGE, other: 'absent', kept: undefined },
    ['r/a:latest: absent -> a:latest', '/a.tar: absent -> a:latest'],
  ],
  [
    'named and saved before',
    image,
    { name: 'a', source: 'local', repository: 'r/a', archive_path: '/a.tar' },
    { now: IMAGE, other: { ...IMAGE, Id: 'sha256:j' }, kept: { id: 'sha256:i', names: ['a:latest'] } },
    [],
  ],
  [
    'named anew',
    image,
    { name: 'a', source: 'local', repository: 'r/a', force_tag: true },
    { now: IMAGE, other: { ...IMAGE, Id: 'sha256:j' } },
    ['r/a:latest: sha256:j -> a:latest'],
  ],
  [
    'the tag of the name',
    image,
    { name: 'a:1', source: 'local', repository: 'r/a' },
    { now: IMAGE, other: 'absent' },
    ['r/a:1: absent -> a:1'],
  ],
  [
    'built from no folder',
    image,
    { name: 'a', source: 'build', build: { path: '/b' } },
    { now: 'absent', context: undefined },
    ['refuse: Requested build path /b could not be found or you do not have access.'],
  ],
  [
    'pulled and pushed',
    image,
    { name: 'a', repository: 'r/a', push: true },
    { now: 'absent', other: 'absent' },
    ['act: push r/a:latest'],
  ],
  ['logs in', login, CREDENTIALS, { known: { of: new Map() } }, ['login at r.example.org: none -> ann']],
  ['is logged in', login, CREDENTIALS, kept('ann', 'right'), []],
  ['by a url', login, { ...CREDENTIALS, registry_url: 'https://r.example.org/v2/' }, kept('ann', 'right'), []],
  ['by another password', login, CREDENTIALS, kept('ann', 'x'), ['login at r.example.org: another password -> ann']],
  ['as somebody else', login, CREDENTIALS, kept('bob', 'right'), ['login at r.example.org: bob -> ann']],
  [
    'logs in again',
    login,
    { ...CREDENTIALS, reauthorize: true },
    kept('ann', 'right'),
    ['act: login at r.example.org'],
  ],
  [
    'logs out',
    login,
    { registry_url: 'r.example.org', state: 'absent' },
    kept('ann', 'x'),
    ['login at r.example.org: ann -> none'],
  ],
  ['is logged out', login, { registry_url: 's', state: 'absent' }, kept('ann', 'x'), []],
  [
    'a store',
    login,
    CREDENTIALS,
    kept('ann', 'right', 'pass'),
    ['refuse: /root/.docker/config.json names the credential store pass, which cannot be compared'],
  ],
  [
    'nobody logs in',
    login,
    {},
    kept('a', 'b'),
    ['refuse: state is present but all of the following are missing: username, password'],
  ],
  ['prunes', prune, { containers: true, volumes: true }, { any: '20.10' }, ['act: prune containers, volumes']],
  ['prunes nothing', prune, {}, { any: '20.10' }, []],
  [
    'options are as declared',
    container,
    {
      name: 'c',
      memory: '64m',
      cap_drop: ['KILL'],
      ulimits: ['nofile:10:20'],
      log_driver: 'json-file',
      log_options: { 'max-size': '1m' },
      tty: false,
    },
    SEEN,
    [],
  ],
  [
    'options are otherwise',
    container,
    { name: 'c', image: 'i', memory: '1g', cap_drop: ['KILL'], tty: true, comparisons: { cap_drop: 'strict' } },
    SEEN,
    ['cap_drop: CHOWN KILL -> KILL', 'memory: 67108864 -> 1073741824', 'tty: false -> true'],
  ],
  [
    'what is not looked at',
    container,
    { name: 'c', image: 'i', memory: '1g', labels: { a: 'b' }, comparisons: { '*': 'ignore' } },
    SEEN,
    [],
  ],
  [
    'another place in networks',
    container,
    {
      name: 'c',
      network_mode: 'bridge',
      networks: [{ name: 'a', aliases: ['db'], ipv4_address: '172.30.0.8' }, { name: 'z' }],
      purge_networks: true,
    },
    SEEN,
    [
      'network a: 172.30.0.7 -> 172.30.0.8',
      'network z: not connected -> connected',
      'network b: connected -> not connected',
    ],
  ],
  ['pauses', container, { name: 'c', paused: true }, SEEN, ['paused: false -> true']],
  [
    'an image that must be there',
    container,
    { name: 'c', image: 'i', pull: 'never' },
    { ...SEEN, image: 'absent' },
    ['refuse: the image i is not on this host'],
  ],
  [
    'an image that comes',
    container,
    { name: 'c', image: 'i' },
    { ...SEEN, now: 'absent', image: 'absent' },
    ['c: absent -> started'],
  ],
  [
    'no plugin',
    compose,
    { project_src: '/a' },
    { found: 'none', folder: { type: 'directory' } },
    ['refuse: there is neither a plugin compose of docker nor docker-compose on this host'],
  ],
  [
    'no folder',
    compose,
    { project_src: '/a' },
    { found: PLUGIN, folder: undefined },
    ['refuse: "/a" is not a directory'],
  ],
  [
    'services',
    compose,
    { project_src: '/a', state: 'absent' },
    { found: PLUGIN, folder: { type: 'directory' } },
    ['act: docker compose in /a: absent'],
  ],
  ['runs to its end', container, { name: 'c', detach: false }, EXITED, ['act: run c to its end']],
  ['runs, and is waited for no more', container, { name: 'c', detach: false }, SEEN, []],
  ['the newest image', container, { name: 'c', image: 'i', pull: 'always' }, SEEN, ['act: pull i for c']],
  [
    'a limit that the kernel does not know',
    container,
    { name: 'c', image: 'i', memory: '1g' },
    { ...SEEN, without: new Set(['memory', 'memory_swap']) },
    [],
  ],
  [
    'a name stands for an id',
    container,
    { name: 'c', image: 'i', network_mode: 'container:db' },
    {
      ...SEEN,
      now: { ...RUNNING, HostConfig: { ...RUNNING.HostConfig, NetworkMode: 'container:0a' } },
      peers: new Map([['db', '0a']]),
    },
    [],
  ],
  [
    'labels that the image brings',
    container,
    { name: 'c', image: 'i', labels: {}, image_label_mismatch: 'fail', comparisons: { labels: 'strict' } },
    { ...SEEN, image: { ...IMAGE, Config: { Labels: { a: 'b' } } } },
    [
      `refuse: Some labels should be removed but are present in the base image. You can set image_label_mismatch to 'ignore' to ignore this error. Labels: "a"`,
    ],
  ],
  [
    'a place that two want',
    container,
    { name: 'c', image: 'i', volumes: ['/a:/x'], mounts: [{ target: '/x' }] },
    SEEN,
    ['refuse: The mount point "/x" appears both in the volumes and mounts option'],
  ],
  [
    'no networks',
    container,
    { name: 'c', networks: [], comparisons: { networks: 'strict' } },
    SEEN,
    ['network a: connected -> not connected', 'network b: connected -> not connected'],
  ],
  [
    'networks as they are',
    container,
    { name: 'c', networks: [{ name: 'z' }], network_mode: 'bridge', comparisons: { networks: 'ignore' } },
    SEEN,
    [],
  ],
  [
    'no services',
    compose,
    {},
    { found: PLUGIN, folder: undefined },
    ['refuse: exactly one of definition and project_src is wanted'],
  ],
  [
    'an old program',
    compose,
    { project_src: '/a', wait: true },
    { found: { compose: 'program', version: '1.29.2' }, folder: { type: 'directory' } },
    ['refuse: docker-compose 1.29.2 does not know wait'],
  ],
]
for (const [title, module, wish, seen, wanted] of CASES)
  test(`${module.name}: ${title}`, () =>
    assert.deepEqual(brief(planWith(module, { ...wish }, { ...seen }, debian)), wanted))

test('what was pruned', () => {
  const said = [
    '== containers\nDeleted Containers:\nc0\nc1\n\nTotal reclaimed space: 1.25kB',
    '== images\nDeleted Images:\nuntagged: a:1\ndeleted: sha256:x\n\nTotal reclaimed space: 3MB',
    '== networks\nDeleted Networks:\nn\n',
    '== volumes\nTotal reclaimed space: 0B\n',
    '== builder_cache\nTotal:\t0B\n',
  ].join('\n')
  const { result, changed } = prunedIn(said)
  assert.equal(changed, true)
  assert.deepEqual(result['containers'], ['c0', 'c1'])
  assert.deepEqual(result['networks'], ['n'])
  assert.deepEqual(
    (result['images'] as Map<string, string>[]).map(one => Object.fromEntries(one)),
    [{ Untagged: 'a:1' }, { Deleted: 'sha256:x' }],
  )
  assert.equal(result['containers_space_reclaimed'], 1250)
  assert.equal(prunedIn('== volumes\nTotal reclaimed space: 0B\n').changed, false)
  for (const [text, bytes] of [
    ['Total: 1.5GB', 1.5e9],
    ['0B', 0],
    ['', 0],
  ] as const)
    assert.equal(bytesIn(text), bytes)
  assert.deepEqual(filterWords({ dangling: false, label: ['a', 'b=c'] }, 'images'), [
    '-a',
    '--filter',
    'label=a',
    '--filter',
    'label=b=c',
  ])
})

test('what was loaded', () => {
  const plan = planWith(imageLoad, { path: '/a' }, { file: {}, any: '20.10' }, debian)
  assert.ok(plan.kind === 'act' && plan.by.kind === 'run')
  // The names are read by sed on the host: its pattern must reach it whole.
  assert.match(plan.by.script.wire, /-e 's\/\^Loaded image: \/\/p' -e 's\/\^Loaded image ID: \/\/p'/)
  const stdout = 'Loaded image: a:1\nLoaded image ID: sha256:x\n[\n    {"Id": "i"}\n]\n'
  const { changed, result } = plan.report({ code: 0, stdout, stderr: '' })
  assert.equal(changed, true)
  assert.deepEqual(result['image_names'], ['a:1', 'sha256:x'])
  assert.equal((result['images'] as unknown[]).length, 1)
  assert.match(plan.report({ code: 0, stdout: 'x\n', stderr: '' }).failed ?? '', /no loaded images/)
})

test('what docker compose did', () => {
  const said =
    ' Network a_default  Creating\n Network a_default  Created\n Container a-web-1  Running\n Container a-db-1  Recreate\n'
  assert.deepEqual(actionsIn(said), [
    { what: 'network', id: 'a_default', status: 'Creating' },
    { what: 'container', id: 'a-db-1', status: 'Recreate' },
  ])
})

test('what docker-compose did', () => {
  const said =
    'Creating network "a_default" with the default driver\nCreating a_web_1 ... \nCreating a_web_1 ... done\na_db_1 is up-to-date\nRemoving network x\nNetwork x not found.\n'
  assert.deepEqual(programActionsIn(said), [
    { what: 'network', id: 'a_default', status: 'Creating' },
    { what: 'container', id: 'a_web_1', status: 'Creating' },
  ])
})

test('docker-compose is told a definition by its input', () => {
  const found = { compose: 'program', version: '1.29.2' }
  const wish = { definition: { services: { web: { image: 'x' } } }, project_name: 'a', tls: true }
  const plan = planWith(compose, wish, { found, folder: { type: 'directory' } }, debian)
  assert.ok(plan.kind === 'act' && plan.by.kind === 'run')
  assert.equal(
    plan.by.script.wire,
    'cd / && docker-compose --tls --ansi never --project-directory / --file - --project-name a up --detach --no-color --quiet-pull --',
  )
  assert.equal(plan.by.stdin, '{"services":{"web":{"image":"x"}}}')
  assert.equal(plan.trial, undefined)
  // It knows no end of options here, and would say so with status 0.
  const down = planWith(compose, { ...wish, state: 'absent' }, { found, folder: { type: 'directory' } }, debian)
  assert.ok(down.kind === 'act' && down.by.kind === 'run')
  assert.match(down.by.script.wire, / down $/)
})

test('a container is waited for', () => {
  const plan = planWith(container, { name: 'c', detach: false }, EXITED, debian)
  assert.ok(plan.kind === 'act')
  const said = (status: number) => `== ${status}\n[\n    {"Id": "c"}\n]\nhello\n`
  const { changed, result } = plan.report({ code: 0, stdout: said(0), stderr: '' })
  assert.equal(changed, true)
  assert.equal((result['container'] as Map<string, string>).get('Output'), 'hello\n')
  const wrong = plan.report({ code: 0, stdout: said(42), stderr: '' })
  assert.deepEqual([wrong.failed, wrong.result['status']], ['hello\n', 42])
  assert.equal(plan.report({ code: 1, stdout: '', stderr: 'no such container' }).failed, 'no such container')
})

test('the words of docker compose', () => {
  const wish = { project_src: "/it's", files: ['c.yml'], services: ['web'], scale: { web: 2 }, wait: true, timeout: 5 }
  const there = { found: PLUGIN, folder: { type: 'directory' } }
  const plan = planWith(compose, wish, there, debian)
  assert.ok(plan.kind === 'act' && plan.by.kind === 'run')
  assert.equal(
    plan.by.script.wire,
    `cd '/it'\\''s' && docker compose --ansi never --project-directory '/it'\\''s' --file c.yml up --detach --no-color --quiet-pull --timeout 5 --scale web=2 --wait -- web`,
  )
})

test('an image is of a platform', () => {
  for (const [platform, wanted] of [
    ['linux/amd64', true],
    ['x86_64', true],
    ['linux', true],
    ['arm64', false],
    ['windows/amd64', false],
  ] as const)
    assert.equal(isPlatform(IMAGE as ImageFacts, platform), wanted, platform)
})

test('how a daemon is reached', () => {
  const given = { docker_host: 'unix://var/run/d.sock', validate_certs: true, ca_cert: '/c a', api_version: '1.41' }
  assert.equal(
    docker(given).wire,
    "DOCKER_API_VERSION=1.41 docker -H unix:///var/run/d.sock --tlsverify --tlscacert '/c a'",
  )
  assert.equal(docker({ api_version: 'auto' }).wire, 'docker')
})

/** A daemon that nobody runs. */
const NONE = { docker_host: 'unix:///nonexistent/regplay.sock' }
const WISHES: [module: Module, wish: object][] = [
  [containerInfo, { name: "it's" }],
  [networkInfo, { name: 'n' }],
  [volumeInfo, { name: 'v' }],
  [imageInfo, {}],
  [imageInfo, { name: ['a'] }],
  [network, { name: 'n', connected: ['a b'] }],
  [volume, { volume_name: 'v' }],
  [imagePull, { name: 'a' }],
  [imageBuild, { name: 'a', path: '/b' }],
  [imageLoad, { path: '/a' }],
  [image, { name: 'a', repository: 'b', archive_path: '/c' }],
  [prune, { images: true }],
  [container, { name: 'c', image: 'a', env_file: '/none' }],
]
for (const shell of SHELLS) {
  const there = run(sh`docker --version`, shell).ok
  for (const [module, wish] of WISHES)
    test(`${shell[0]}: ${module.name} ${JSON.stringify(wish)} without ${there ? 'a daemon' : 'docker'}`, async () => {
      const plan = planHere(module, { ...NONE, ...wish }, debian, shell)
      if (there) await assert.rejects(plan, CouldNotTell)
      else assert.deepEqual(brief(await plan), ['refuse: docker is not installed on this host'])
    })

  test(`${shell[0]}: what cannot be done is a failure, whole`, () => {
    const absent = { now: 'absent', members: new Map([['a', []]]) }
    const plans = [
      planWith(network, { ...NONE, name: 'n', connected: ['a'], driver_options: { 'a b': "it's" } }, absent, debian),
      planWith(volume, { ...NONE, volume_name: 'v' }, absent, debian),
      planWith(imagePull, { ...NONE, name: 'a', pull: 'not_present' }, absent, debian),
      planWith(container, { ...NONE, name: 'c', image: 'i', memory: '1g' }, { ...SEEN, now: 'absent' }, debian),
    ]
    for (const plan of plans) assert.throws(() => make(plan, shell), /docker|daemon|connect|no such file/i)
    const acts = [
      planWith(prune, { ...NONE, images: true, volumes: true }, { any: '20.10' }, debian),
      planWith(imageLoad, { ...NONE, path: '/none' }, { file: {}, any: '20.10' }, debian),
      planWith(image, { ...NONE, name: 'a', repository: 'b', push: true }, { now: IMAGE, other: 'absent' }, debian),
    ]
    for (const plan of acts) {
      const [outcome] = make(plan, shell)
      assert.ok(outcome && plan.kind === 'act')
      assert.match(plan.report(outcome).failed ?? '', /docker|daemon|connect|no such file/i)
    }
  })
}

test.run()
