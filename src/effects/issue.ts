import { InputError } from '../base/diagnostic.ts'
import type { Issue, Outcome } from '../kit/effect.ts'
import { ensureAuthority, readAuthority } from '../pki/ca-store.ts'
import { makeLeaf } from '../pki/issue.ts'
import type { Place } from '../transport/place.ts'
import { failure } from './outcome.ts'
import { ofTheSystem } from './pour.ts'
import { put } from './put.ts'

const done: Outcome = { code: 0, stdout: '', stderr: '' }

/** Makes a CA on the controller, or a server certificate whose pair goes to the target. The CA's key never leaves its directory. */
export async function issue(effect: Issue, place: Place): Promise<Outcome> {
  try {
    return effect.what === 'ca' ? await issueCa(effect) : await issueLeaf(effect, place)
  } catch (error) {
    if (error instanceof InputError)
      return failure(error.faults.map(fault => fault.message).join('; '), error.faults[0]?.remedy)
    if (error instanceof RangeError) return failure(error.message)
    if (ofTheSystem(error))
      return failure(`the CA could not be made: ${error.message}`, 'check that its directory can be written to')
    throw error
  }
}

async function issueCa(effect: Extract<Issue, { what: 'ca' }>): Promise<Outcome> {
  await ensureAuthority(effect.dir, { name: effect.name, days: effect.days, bits: effect.bits, now: new Date() })
  return done
}

/** Key first, then certificate: a run that dies in between leaves a pair that does not match, which the next look sees. */
async function issueLeaf(effect: Extract<Issue, { what: 'leaf' }>, place: Place): Promise<Outcome> {
  const now = new Date()
  const state = await readAuthority(effect.ca, { now })
  if (state.state === 'unusable') throw new InputError(state.faults)
  if (state.state !== 'ready') return failure(`the CA in ${effect.ca} is gone`)
  const { authority } = state
  if (authority.key === undefined) return failure(`the CA in ${effect.ca} has no key here, so it cannot sign`)
  const pair = await makeLeaf({
    ca: { certificatePem: authority.certificatePem, key: authority.key },
    name: effect.name,
    hosts: effect.hosts,
    days: effect.days,
    bits: effect.bits,
    now,
  })
  const owner = {
    ...(effect.owner === undefined ? {} : { owner: effect.owner }),
    ...(effect.group === undefined ? {} : { group: effect.group }),
  }
  const key = await put({ kind: 'put', path: effect.key, content: { text: pair.key }, mode: '0600', ...owner }, place)
  if (key.failed !== undefined || key.code !== 0) return key
  return put(
    { kind: 'put', path: effect.certificate, content: { text: pair.certificatePem }, mode: '0644', ...owner },
    place,
  )
}
