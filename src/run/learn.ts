import { boolOf } from './language.ts'
import type { Result } from './ports.ts'
import { sealedFact } from './sealed-fact.ts'
import { speechOf, type Turn } from './turn.ts'

/** The hosts that get what a turn teaches: its own, or all of the batch when it is done once for all. */
export const targetsOf = ({ play, host, forAll }: Turn): string[] =>
  (forAll ? play.batch : [host]).filter(each => !each.unreachable).map(each => each.name)

/** Takes in the facts and variables of a result; those of a delegated task stay with its host unless `delegate_facts` says otherwise. */
export function learn(turn: Turn, result: Result): void {
  const { play, placed } = turn
  const { task } = placed
  const facts = result.fields.get('ansible_facts')
  if (!(facts instanceof Map) || task.action === 'debug' || task.action === 'include_vars') return
  const { store } = play.run
  const elsewhere = result.delegate !== undefined && boolOf(task.delegateFacts, speechOf(turn))
  for (const target of elsewhere ? [result.delegate ?? ''] : targetsOf(turn)) {
    if (task.action !== 'set_fact') store.setFacts(target, facts, true)
    else
      for (const [name, value] of facts) {
        const vault = sealedFact(task, String(name))
        if (vault) store.sealFact(target, String(name), vault.node)
        else store.setFact(target, String(name), value, result.fields.get('_ansible_facts_cacheable') === true)
      }
  }
}
