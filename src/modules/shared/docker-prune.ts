import { fromJson, type Value } from '../../base/value.ts'

/** What can be pruned. */
export type Kind = 'containers' | 'images' | 'networks' | 'volumes' | 'builder_cache'

/** Bytes by the words that docker has for them. */
const UNITS = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 } as const

/** `1.25MB` in bytes: as exact as docker tells it. */
export function bytesIn(text: string): number {
  const [, number = '0', unit = 'B'] = /([0-9.]+)\s*([kKMGTP]?B)/.exec(text) ?? []
  return Math.round(Number(number) * UNITS[unit as keyof typeof UNITS])
}

/** What `docker ... prune` said below `== KIND`, as Ansible tells it. */
export function prunedIn(text: string): { result: Record<string, Value>; changed: boolean } {
  const result: Record<string, Value> = {}
  let changed = false
  for (const part of text.split(/^== /m).slice(1)) {
    const [kind = '', ...lines] = part.split('\n')
    const space = bytesIn(lines.find(line => /^Total( reclaimed space)?:/.test(line)) ?? '')
    const names = lines.filter(line => /^\S+$/.test(line) && !/^(ID|Total)/.test(line))
    const told = kind === 'images' ? lines.flatMap(imageLine) : names
    result[kind === 'builder_cache' ? 'builder_cache_caches_deleted' : kind] = fromJson(told)
    if (kind !== 'networks') result[`${kind}_space_reclaimed`] = space
    changed ||= space > 0 || (kind !== 'builder_cache' && told.length > 0)
  }
  return { result, changed }
}

/** `untagged: x` and `deleted: sha256:...` as the daemon's answer has them. */
function imageLine(line: string): Record<string, string>[] {
  const [, what, which = ''] = /^(untagged|deleted): (\S+)$/.exec(line) ?? []
  return what === undefined ? [] : [{ [what === 'untagged' ? 'Untagged' : 'Deleted']: which }]
}
