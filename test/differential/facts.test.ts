import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { toJson } from '../../src/base/value.ts'
import setup from '../../src/modules/setup.ts'
import { planHere } from '../support/converge.ts'
import { busybox } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'
import { type Account, fromAnsible, fromRegplay } from './account.ts'
import { Worlds, whyNoWorld } from './world.ts'

const test = suite('differential/facts')
const HERE = fileURLToPath(new URL('.', import.meta.url))
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

type Facts = Readonly<Record<string, unknown>>

/** Facts that are not the same, by their path, and why. One that is the same after all makes the test fail. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'env._': 'the last command of a shell that is not the same',
  'env.LC_CTYPE': 'set by Ansible for Python',
  'env.LANG': 'the language in which the host is asked',
  'env.LC_ALL': 'the language in which the host is asked',
  'env.SSH_CLIENT': 'two connections',
  'env.SSH_CONNECTION': 'two connections',
  'python.has_sslcontext': 'about modules of Python',
  systemd: 'told by newer Ansible only',
  flags: 'told by newer Ansible only',
  lvm: 'no volumes are listed',
  device_links: 'no links of disks are listed',
  'devices.*': 'of disks their size, sectors, maker and partitions are told',
}

/** Facts whose values are of the moment: their types are compared. */
const MOMENTARY =
  /^(date_time\.(second|minute|epoch|epoch_int|time|iso8601\w*)|uptime_seconds|memfree_mb|swapfree_mb|memory_mb\..*|loadavg\..*|mounts\.\d+\.(block|size|inode)_(used|available))$/

/** Lists of which Ansible says them in no order. */
const UNORDERED = /^(interfaces|all_ipv[46]_addresses|virtualization_tech_\w+)$/

/** Every value by its path. */
function flat(value: unknown, path = ''): [string, unknown][] {
  const inner =
    typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? value.some(item => typeof item === 'object')
          ? value.map((item, i) => [String(i), item] as const)
          : []
        : Object.entries(value)
      : []
  if (inner.length === 0) return [[path, value]]
  return inner.flatMap(([key, item]) => flat(item, path === '' ? key.replace(/^ansible_/, '') : `${path}.${key}`))
}

/** What a test machine has and the world has not, or the other way round; and what needs a program that BusyBox lacks. */
const ELSEWHERE = new RegExp(
  `^(${[
    'env|ssh_host_key\\w*|eth0|far|lo|mounts|cmdline|proc_cmdline|dns|local|default_ipv[46]|is_chroot',
    'lsb|python|python_version|system_capabilities|device_links|devices|lvm',
  ].join('|')})\\b`,
)

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value)

function shown(path: string, value: unknown): unknown {
  if (MOMENTARY.test(path)) return typeOf(value)
  return UNORDERED.test(path) && Array.isArray(value) ? [...value].sort() : value
}

const factsIn = ({ results }: Account): Facts => results['h1']?.[0]?.result['ansible_facts'] as Facts

/** Both sides' facts of the same host. */
async function bothFacts(): Promise<{ ansible: Facts; regplay: Facts }> {
  const worlds = await Worlds.make()
  try {
    const world = await worlds.world()
    const rest = ['-i', join(HERE, 'inventory/hosts.ini'), join(HERE, 'facts.yml')]
    const run = async (command: readonly string[], env: Record<string, string> = {}): Promise<void> => {
      const { code, text } = await world.run([...command, ...rest], env, HERE, 60_000)
      assert.is(code, 0, text)
    }
    try {
      await run(['ansible-playbook'], {
        ANSIBLE_CONFIG: join(HERE, 'ansible/ansible.cfg'),
        REGPLAY_RECORD: '/run/world/a',
      })
      await run([process.execPath, MAIN, 'run', '--events', '/run/world/r'])
      return {
        ansible: factsIn(fromAnsible(world.read('/run/world/a'))),
        regplay: factsIn(fromRegplay(world.read('/run/world/r'))),
      }
    } finally {
      await world.stop()
    }
  } finally {
    worlds.remove()
  }
}

const why = whyNoWorld()
let facts: Promise<{ ansible: Facts; regplay: Facts }> | undefined

if (why !== null) {
  test.skip('names, types and values of facts', why)
  test.skip('names and types with BusyBox only', why)
} else {
  test('names, types and values of facts', async () => {
    facts = bothFacts()
    const { ansible, regplay } = await facts
    const [left, right] = [new Map(flat(ansible)), new Map(flat(regplay))]
    const differing = [...new Set([...left.keys(), ...right.keys()])].filter(path => {
      const [a, b] = [left, right].map(side => JSON.stringify(shown(path, side.get(path))))
      return a !== b
    })
    const excuse = (path: string): string | undefined =>
      Object.keys(DIFFERENT).find(name =>
        name.endsWith('.*') ? path.startsWith(name.slice(0, -1)) : path === name || path.startsWith(`${name}.`),
      )
    assert.equal(
      differing.filter(path => excuse(path) === undefined).map(path => [path, left.get(path), right.get(path)]),
      [],
    )
    const used = new Set(differing.map(excuse))
    assert.equal(
      Object.keys(DIFFERENT).filter(name => !used.has(name)),
      [],
      'what is the same needs no reason',
    )
  }, 120_000)

  const shell = SHELLS.find(([name]) => name === 'busybox')
  if (shell === undefined) test.skip('names and types with BusyBox only', 'busybox is not installed')
  else
    test('names and types with BusyBox only', async () => {
      const { ansible } = (await facts) ?? { ansible: {} }
      const plan = await planHere(setup, {}, busybox, shell)
      const own = new Map(flat(toJson(('result' in plan ? plan.result['ansible_facts'] : undefined) ?? null)))
      const wrong = flat(ansible)
        .filter(([path]) => !ELSEWHERE.test(path))
        .filter(([path, value]) => value !== null && typeOf(own.get(path)) !== typeOf(value))
      assert.equal(
        wrong.map(([path, value]) => [path, value, own.get(path)]),
        [],
      )
    }, 30_000)
}

test.run()
