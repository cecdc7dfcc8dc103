import { type Reference, referenceOf } from '../kit/reference.ts'

/** The references of all modules, and of the actions of the engine, each by the order of their names. */
export interface References {
  readonly modules: readonly Reference[]
  readonly actions: readonly Reference[]
}

const byName = (left: Reference, right: Reference): number => (left.name < right.name ? -1 : 1)

/** Makes the references from modules and actions, and what is told of them. */
export async function references(): Promise<References> {
  const { modules } = await import('../modules/index.ts')
  const { moduleDocs } = await import('../modules/docs/index.ts')
  const { ACTIONS } = await import('../playbook/actions.ts')
  const { ACTION_DOCS } = await import('../playbook/action-docs.ts')
  return {
    modules: modules.map(module => referenceOf(module, moduleDocs[module.name])).sort(byName),
    actions: Object.entries(ACTIONS)
      .map(([name, args]) => {
        const { summary, ...doc } = ACTION_DOCS[name] ?? { summary: '', examples: '', returns: {} }
        return referenceOf({ name, collection: 'ansible.builtin', summary, args, attended: true }, doc)
      })
      .sort(byName),
  }
}
