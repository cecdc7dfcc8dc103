import { dict } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { ok } from '../kit/plan.ts'
import { type ListedService, serviceList } from '../questions/service-list.ts'

/** The services of a host, as the fact `services`. */
export default defineModule({
  name: 'service_facts',
  summary: 'Tells all services, their states and whether they start with the system, as facts',
  args: { type: 'object', additionalProperties: false, properties: {} },
  probe: () => ({ services: serviceList }),
  plan(_, { services }) {
    if (services.length === 0) return ok({ msg: 'Failed to find any services.', skipped: true })
    return ok({
      ansible_facts: dict({ services: dict(Object.fromEntries(services.map(one => [one.name, told(one)]))) }),
    })
  },
})

const told = ({ name, source, state, status, runlevels }: ListedService) =>
  dict({ name, source, state, status, runlevels: runlevels && [...runlevels] })
