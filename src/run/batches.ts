import { toText } from '../jinja/python/text.ts'
import type { Play } from '../playbook/ast.ts'
import { renderNode } from '../vars/render.ts'
import type { RunContext } from './context.ts'
import type { HostState } from './host.ts'
import { textOf } from './language.ts'
import { frameOf } from './play-frame.ts'

type Hosts = readonly HostState[]

/** The hosts of a play in the order that it wants. */
export function ordered(run: RunContext, play: Play, hosts: Hosts): Hosts {
  const speech = { scope: run.store.scope(hosts[0]?.name ?? 'localhost', { play: frameOf(play) }), options: {} }
  const order = textOf(play.order, speech)
  const byName = (a: HostState, b: HostState): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  switch (order) {
    case 'sorted':
      return hosts.toSorted(byName)
    case 'reverse_sorted':
      return hosts.toSorted(byName).reverse()
    case 'reverse_inventory':
      return hosts.toReversed()
    case 'shuffle':
      return shuffled(hosts, run.ports.chance)
    default:
      return hosts
  }
}

function shuffled(hosts: Hosts, chance: () => number): Hosts {
  const out = [...hosts]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1))
    const [a, b] = [out[i], out[j]]
    if (a && b) [out[i], out[j]] = [b, a]
  }
  return out
}

/** The hosts of a batch at a time; `serial` is a number, a percentage, or a list of these of which the last repeats. */
export function batches(run: RunContext, play: Play, hosts: Hosts): readonly Hosts[] {
  if (play.serial === undefined) return [hosts]
  const scope = run.store.scope(hosts[0]?.name ?? 'localhost', { play: frameOf(play, { all: hosts, batch: hosts }) })
  const said = renderNode(play.serial, scope, {})
  const sizes = (Array.isArray(said) ? said : [said]).map(value => sizeOf(toText(value), hosts.length))
  const out: Hosts[] = []
  for (let start = 0, i = 0; start < hosts.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] ?? hosts.length
    out.push(hosts.slice(start, start + size))
    start += size
  }
  return out
}

function sizeOf(text: string, all: number): number {
  if (text.endsWith('%')) return Math.max(1, Math.floor((Number(text.slice(0, -1)) / 100) * all))
  const size = Number(text)
  return size > 0 ? size : all
}
