#!/usr/bin/env node
// `npm run demo`: a site of three hosts on this machine, brought from bare Debian to a trusted, filled registry; then a look at it.
//   npm run demo               make it, or go on with the one that is there
//   npm run demo -- --down     remove it
// Its state is in /var/tmp/regplay-demo (elsewhere: REGPLAY_DEMO_STATE). Nothing needs to be installed before.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { install } from './lib/install.js'
import { askRegistry } from './lib/registry.js'
import { siteFault } from './lib/site-fault.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
// As inventory/demo has it.
const USUAL = '/var/tmp/regplay-demo'
const state = process.env.REGPLAY_DEMO_STATE || USUAL
const image = join(state, 'registry-2.tar')
const storage = join(state, 'storage.tar.gz')
const SAMPLE_MB = 50

// As inventory/demo has them.
const ADDRESS = '10.77.1.11'
const NAME = 'registry.demo.test'
const env = {
  ...process.env,
  REGPLAY_SITE_STATE: state,
  REGPLAY_SITE_NAME: 'rpd',
  REGPLAY_SITE_NET: '10.77.1',
}
const inventory = ['-i', 'inventory/demo', ...(state === USUAL ? [] : ['-e', `demo_state=${state}`])]
const playbook = [
  ...['run', 'playbooks/registry.yml', ...inventory],
  ...['-e', `registry_image_archive=${image}`, '-e', `registry_storage_archive=${storage}`],
]

/** A step that could not be done; the message has been written for people. */
class Stopped extends Error {}

const seconds = since => ((performance.now() - since) / 1000).toFixed(1)

/** Does one step under a heading, and says how long it took. */
async function step(title, work) {
  console.log(`\n== ${title}`)
  const begun = performance.now()
  const result = await work()
  console.log(`   (${seconds(begun)} s)`)
  return result
}

/** Runs a program of this repository. Its output is shown, or kept and returned. */
function run(command, args, { keep = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'] })
    let output = ''
    child.stdout?.on('data', bytes => {
      output += bytes.toString('utf8')
    })
    child.on('error', error => reject(new Stopped(`${command}: ${error.message}`)))
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(output)
      if (output !== '') console.log(output)
      reject(new Stopped(`${[command, ...args].join(' ')} ended with ${signal ?? `status ${code}`}`))
    })
  })
}

const site = (...args) => run('bash', ['test/site/site', ...args])
const regplay = (args, options) => run(process.execPath, ['bin/regplay.js', ...args], options)

async function archives() {
  mkdirSync(state, { recursive: true })
  if (!existsSync(image)) await site('image', image)
  if (!existsSync(storage)) await site('sample', storage, String(SAMPLE_MB))
  console.log(`   ${image}: what \`docker save registry:2\` writes\n   ${storage}: what the registry shall hold`)
}

/** What a client finds, asked by clients and from here. */
async function look() {
  const { repositories, certificate } = await askRegistry(ADDRESS, readFileSync(join(state, 'ca', 'ca.pem')))
  console.log(`   catalog: ${repositories.join(', ')}`)
  console.log(`   certificate: ${certificate.valid_from} to ${certificate.valid_to}, for ${certificate.subjectaltname}`)
  console.log(`   h2, by address: docker pull ${ADDRESS}/team/app:1.0`)
  await site('ssh', 'h2', `sudo docker pull -q ${ADDRESS}/team/app:1.0`)
  console.log(`   h3, by name: docker run ${NAME}/team/app:1.1`)
  await site('ssh', 'h3', `sudo docker run --rm ${NAME}/team/app:1.1`)
}

/** The same again; the recap must count no change. */
async function again() {
  const output = await regplay(playbook, { keep: true })
  const recap = output.split('\n').filter(line => /changed=\d+/.test(line))
  console.log(recap.join('\n'))
  if (recap.length === 0 || recap.some(line => !/changed=0\b/.test(line)))
    throw new Stopped(`the second run should have changed nothing:\n${output}`)
}

const around = `
Look around:
  export REGPLAY_SITE_STATE=${state}
  test/site/site ssh h2                    a client; h1 is the registry, h3 another client
  test/site/site ssh h1 sudo docker ps
  curl --cacert ${state}/ca/ca.pem https://${ADDRESS}/v2/_catalog
  bin/regplay.js run playbooks/verify.yml ${inventory.join(' ')}
Remove it:
  ${state === USUAL ? '' : `REGPLAY_DEMO_STATE=${state} `}npm run demo -- --down`

async function up() {
  const begun = performance.now()
  await step('three bare Debian hosts', () => site('up', '3'))
  await step('the archives that one brings to a site', archives)
  await step(`regplay ${playbook.join(' ')}`, () => regplay(playbook))
  await step('what is there now', look)
  await step('the same run once more', again)
  console.log(`\ndone in ${seconds(begun)} s${around}`)
}

async function down() {
  if (!existsSync(state)) return console.log(`there is no demo in ${state}`)
  await site('down')
  rmSync(state, { recursive: true, force: true })
  console.log(
    `the demo is removed; what was downloaded for it is kept for the next one: test/site/site purge removes that`,
  )
}

async function main() {
  const { values } = parseArgs({ options: { down: { type: 'boolean' } } })
  const fault = siteFault()
  if (fault) throw new Stopped(`the demo makes hosts on this machine: ${fault}`)
  if (values.down) return down()
  if (!install(root)) throw new Stopped('the packages are needed')
  await up()
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Stopped) && !error.code?.startsWith('ERR_PARSE_ARGS')) throw error
  console.error(`demo: ${error.message}`)
  process.exitCode = 1
}
