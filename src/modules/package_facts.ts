import { dict, type Value } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok, refuse } from '../kit/plan.ts'
import { MANAGERS, packageList } from '../questions/package-list.ts'

/** The installed packages of a host, as the fact `packages`. */
export default defineModule({
  name: 'package_facts',
  summary: 'Tells all installed packages and their versions as facts',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      manager: {
        type: 'array',
        items: { type: 'string', enum: ['auto', ...Object.keys(MANAGERS)] },
        default: ['auto'],
        description: 'Package managers to ask; auto takes those that are there',
      },
      strategy: { type: 'string', enum: ['first', 'all'], default: 'first', description: 'How many of them to ask' },
    },
  },
  probe: ({ manager }) => ({ lists: packageList(wanted(manager)) }),
  plan({ manager, strategy }, { lists }, host) {
    const there = wanted(manager).filter(name => lists.has(name))
    const used = strategy === 'first' ? there.slice(0, 1) : there
    if (used.length === 0)
      return refuse(
        `Could not detect a supported package manager on ${host.name}`,
        'apt, rpm, apk and pacman are known',
      )
    const packages = new Map<Value, Value[]>()
    for (const source of used)
      for (const { name, version, arch, category, origin, release, epoch, provides } of lists.get(source) ?? [])
        packages.set(name, [
          ...(packages.get(name) ?? []),
          dict({ name, version, release, epoch, arch, category, origin, provides: provides && [...provides], source }),
        ])
    return ok({ ansible_facts: dict({ packages }) })
  },
})

const wanted = (manager: readonly string[]): string[] =>
  Object.keys(MANAGERS).filter(name => manager.includes('auto') || manager.includes(name))
