import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { InputError } from '../base/diagnostic.ts'
import { field, type Node } from '../source/node.ts'
import { readSource } from '../source/read.ts'
import { parseYaml } from '../source/yaml.ts'
import type { Builder } from './builder.ts'
import { compare } from './model.ts'
import { toNode } from './nodes.ts'

/** The group of all machines. */
const GROUP = 'docker_machines'

/**
 * The machines that docker-machine keeps in a directory: its store (`~/.docker/machine`), the `machines` in it, or one machine.
 * @returns their `config.json`, by name; none when the directory is something else
 */
export function machinesIn(dir: string): readonly string[] {
  const own = join(dir, 'config.json')
  if (basename(dirname(dir)) === 'machines' && existsSync(own)) return [own]
  const inside = existsSync(join(dir, 'machines')) ? join(dir, 'machines') : dir
  if (basename(inside) !== 'machines') return []
  return readdirSync(inside)
    .sort(compare)
    .map(name => join(inside, name, 'config.json'))
    .filter(file => existsSync(file))
}

/**
 * A machine as a host: its address, port, user and key become connection variables; its driver is told too.
 * What docker-machine would not reach, a machine without an address, is left out with a warning.
 */
export function readMachine(file: string, builder: Builder): void {
  const { node, faults } = parseYaml(readSource(file), file)
  if (faults.some(fault => fault.severity === 'error')) throw new InputError(faults)
  const driver = node && field(node, 'Driver')
  const name = text(node && field(node, 'Name')) ?? basename(dirname(file))
  if (driver?.kind !== 'mapping') {
    builder.error(
      'docker-machine',
      `the machine "${name}" has no Driver`,
      node?.span ?? { file, line: 1, col: 1 },
      'docker-machine writes one: is this its config.json?',
    )
    return
  }
  const kind = text(node && field(node, 'DriverName'))
  // VirtualBox forwards a port of this machine; all others are reached at their own address.
  const forwarded = kind === 'virtualbox'
  const address = field(driver, 'IPAddress')
  if (!forwarded && text(address) === undefined) {
    builder.warn(
      'docker-machine',
      `the machine "${name}" has no address`,
      (address ?? driver).span,
      `start it: docker-machine start ${name}`,
    )
    return
  }
  const host = builder.host(name, driver.span, builder.inventory.addGroup(GROUP), file)
  if (!host) return
  const give = (variable: string, value: Node | undefined): void => {
    if (value && text(value) !== undefined)
      builder.hostVar(host, variable, { node: value, span: value.span, origin: `docker-machine ${name}` })
  }
  give('ansible_host', forwarded ? toNode('127.0.0.1', driver.span) : address)
  give('ansible_port', field(driver, 'SSHPort'))
  give('ansible_user', field(driver, 'SSHUser'))
  give('ansible_ssh_private_key_file', keyOf(field(driver, 'SSHKeyPath'), file))
  give('docker_machine_driver', node ? field(node, 'DriverName') : undefined)
}

/** The key that the configuration names, or, where that is not here, the one beside it: stores are copied between machines. */
function keyOf(said: Node | undefined, file: string): Node | undefined {
  const path = text(said)
  if (path !== undefined && existsSync(path)) return said
  const beside = join(dirname(file), 'id_rsa')
  return existsSync(beside) ? toNode(beside, said?.span ?? { file, line: 1, col: 1 }) : said
}

/** The text of a scalar that says something. */
function text(node: Node | null | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null && node.text !== '' ? node.text : undefined
}
