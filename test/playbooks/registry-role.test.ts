import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { toJson } from '../../src/base/value.ts'
import { evaluate } from '../../src/jinja/engine.ts'
import { parseExtraVars } from '../../src/vars/extra.ts'
import { suite } from '../support/suite.ts'
import { mapping, playOf, storeOf } from '../vars/support.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ROLE = join(ROOT, 'playbooks/roles/registry')
const part = (name: string) => mapping(readFileSync(join(ROLE, name, 'main.yml'), 'utf8'), `${name}/main.yml`)
const role = { name: 'registry', dir: ROLE, defaults: [part('defaults')], vars: [part('vars')], params: [] }

const SITE = '[registry]\nr1 ansible_host=10.0.0.1\n[clients]\nc1\nc2\n'

/** What an expression is for a client, with these extra variables. */
function rendered(expression: string, extra: readonly string[], inventory = SITE): unknown {
  const store = storeOf(inventory, parseExtraVars(extra).vars)
  const scope = store.scope('c1', { play: playOf(''), roles: [role] })
  return toJson(evaluate(expression, scope))
}

const test = suite('the role registry')

test('the port of repo_host counts before registry_port', () => {
  for (const [extra, port] of [
    [['repo_host=a.b'], 443],
    [['repo_host=a.b', 'registry_port=5000'], 5000],
    [['repo_host=a.b:5001', 'registry_port=5000'], 5001],
  ] as const)
    assert.is(rendered('registry_service_port | int', extra), port, extra.join(' '))
})

test('the certificate covers every name of the registry once', () => {
  assert.equal(rendered('registry_all_hosts', ['repo_host=reg.site:5000']), [
    ...['reg.site', '10.0.0.1', 'r1', 'localhost', '127.0.0.1'],
  ])
  const more = '{"repo_host": "10.0.0.1", "registry_names": ["n.site"], "registry_cert_hosts": ["x.site", "r1"]}'
  assert.equal(rendered('registry_all_hosts', [more]), [
    ...['10.0.0.1', 'r1', 'n.site', 'x.site', 'localhost', '127.0.0.1'],
  ])
  assert.equal(rendered('registry_client_hosts', [more]), ['10.0.0.1', 'r1', 'n.site', 'x.site'])
})

test('a host without an address is called by its name, and a label that is no name is left out', () => {
  const of = (inventory: string) => rendered('registry_client_hosts', ['repo_host=reg.site'], inventory)
  assert.equal(of('[registry]\nhub.site\n[clients]\nc1\n'), ['reg.site', 'hub.site'])
  assert.equal(of('[registry]\nhub_1 ansible_host=10.0.0.1\n[clients]\nc1\n'), ['reg.site', '10.0.0.1'])
})

test('archives that are URLs become files beside the CA', () => {
  for (const [given, path] of [
    ['', ''],
    ['/media/s.tar.gz', '/media/s.tar.gz'],
    ['https://x.site/a/s.tar.gz', '/site/downloads/965e8e6a0d3d-s.tar.gz'],
    ['https://x.site/b/s.tar.gz', '/site/downloads/dd06e4a7989c-s.tar.gz'],
    ['https://x.site/a/s.tar.gz?token=t#x', '/site/downloads/487fcec9dc47-s.tar.gz'],
  ] as const) {
    const extra = [`{"repo_host": "a.b", "ca_dir": "/site/ca", "registry_storage_archive": "${given}"}`]
    assert.is(rendered('registry_storage_archive_path', extra), path)
  }
})

test('every playbook is accepted with both inventories', () => {
  const playbooks = readdirSync(join(ROOT, 'playbooks')).filter(name => name.endsWith('.yml'))
  assert.equal(playbooks.sort(), ['ca.yml', 'docker-prerequisites.yml', 'populate.yml', 'registry.yml', 'verify.yml'])
  const paths = playbooks.map(name => `playbooks/${name}`)
  for (const inventory of ['inventory/demo', 'inventory/example']) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['bin/regplay.js', 'check', ...paths, '-i', inventory],
      { cwd: ROOT, encoding: 'utf8' },
    )
    assert.is(status, 0, stdout + stderr)
  }
}, 60_000)

test.run()
