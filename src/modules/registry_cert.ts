import { dirname } from 'node:path/posix'
import type { Secret } from '../base/secret.ts'
import type { Effect } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { change, type Edit, ok, type Plan, refuse } from '../kit/plan.ts'
import { type Certificate, daysLeft } from '../pki/certificate.ts'
import type { ImportedPair } from '../pki/import-pair.ts'
import { judgeServer } from '../pki/judge.ts'
import { readPem } from '../pki/pem.ts'
import { entry, text } from '../questions/files.ts'
import { importedPair } from '../questions/imported-pair.ts'
import { known } from '../questions/known.ts'
import { authority, privateKey } from '../questions/pki.ts'
import { sh } from '../shell/script.ts'

/** A server certificate and its key on the registry's host: signed by the CA of the controller, or brought from elsewhere. */
export default defineModule({
  name: 'registry_cert',
  collection: 'regplay.registry',
  summary: 'A server certificate and its key are on the host, and every client will accept them',
  attended: true,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['ca_dir', 'certificate', 'key', 'hosts'],
    properties: {
      ca_dir: { type: 'string', minLength: 1, description: 'Directory of the controller with ca.pem and ca-key.pem' },
      certificate: { type: 'string', path: true, description: 'Where the certificate goes on the host' },
      key: { type: 'string', path: true, description: 'Where its private key goes on the host, mode 0600' },
      hosts: {
        type: 'array',
        items: { type: 'string' },
        description: 'Every name and address by which clients call the registry',
      },
      name: { type: 'string', description: 'Common name; the first host when absent' },
      days: { type: 'integer', minimum: 1, maximum: 3650, default: 825 },
      bits: { type: 'integer', minimum: 2048, maximum: 8192, default: 2048 },
      renew_days: {
        type: 'integer',
        minimum: 0,
        default: 30,
        description: 'A certificate that ends within so many days is made anew',
      },
      source: {
        type: 'array',
        items: { type: 'string', controller: 'files' },
        description:
          'Files of the controller with a finished certificate, its chain and its key, or a certbot live directory',
      },
    },
  },
  probe: ({ ca_dir, certificate, key, source }) => ({
    ca: authority(ca_dir, source !== undefined && source.length > 0),
    dir: entry(dirname(certificate), true),
    now: text(certificate),
    key: privateKey(key),
    mode: entry(key, true),
    brought:
      source === undefined || source.length === 0
        ? known<{ pair: ImportedPair | undefined; wrong: string | undefined }>({ pair: undefined, wrong: undefined })
        : importedPair(source),
  }),
  plan(args, { ca, dir, now, key, mode, brought }) {
    if (brought.wrong !== undefined) return refuse(brought.wrong)
    if (ca.found.state === 'unusable')
      return refuse(ca.found.faults.map(fault => fault.message).join('; '), ca.found.faults[0]?.remedy)
    if (ca.found.state !== 'ready')
      return refuse(`there is no CA in ${args.ca_dir}`, 'make one with registry_ca, or run playbooks/ca.yml')
    if (dir?.type !== 'directory')
      return refuse(
        `${dirname(args.certificate)} is no directory of the host`,
        'make it with the file module, state: directory',
      )
    const anchors = ca.found.authority.anchors
    const judge = (chain: readonly Certificate[], itsKey: Secret | undefined): string[] =>
      judgeServer({ chain, anchors, hosts: args.hosts, now: ca.now, ...(itsKey === undefined ? {} : { key: itsKey }) })
        .filter(fault => fault.severity === 'error')
        .map(fault => fault.message)
    const chain = now === undefined ? [] : readPem(now, args.certificate).certificates
    const leaf = chain[0]
    const loose = closing(args.key, mode)
    if (brought.pair !== undefined)
      return bring(args, brought.pair, judge(brought.pair.chain, brought.pair.key), now, key, loose)
    const wrong =
      leaf === undefined ? ['absent'] : key === undefined ? ['its private key is missing'] : judge(chain, key)
    if (leaf !== undefined && wrong.length === 0 && daysLeft(leaf, ca.now) <= args.renew_days)
      wrong.push(`ends ${leaf.notAfter.toISOString()}`)
    if (leaf !== undefined && wrong.length === 0) return change(loose, [`path:${args.key}`], facts(leaf))
    const by: Effect = {
      kind: 'issue',
      what: 'leaf',
      ca: args.ca_dir,
      name: args.name ?? args.hosts[0] ?? 'registry',
      hosts: args.hosts,
      days: args.days,
      bits: args.bits,
      certificate: args.certificate,
      key: args.key,
    }
    return change(
      [{ what: args.certificate, from: wrong.join('; '), to: `issued for ${args.hosts.join(', ')}`, by }],
      [`path:${args.certificate}`, `path:${args.key}`],
    )
  },
})

/** A key that others may read is closed to them. */
function closing(path: string, seen: { readonly mode: number } | undefined): Edit[] {
  if (seen === undefined || seen.mode === 0o600) return []
  const by: Effect = { kind: 'run', script: sh`chmod 0600 -- ${path}` }
  return [{ what: `mode of ${path}`, from: `0${seen.mode.toString(8)}`, to: '0600', by }]
}

/** A finished pair of the controller: refused when clients would refuse it, put there when it is not there yet. */
function bring(
  args: { certificate: string; key: string },
  pair: ImportedPair,
  faults: readonly string[],
  now: string | undefined,
  key: Secret | undefined,
  loose: readonly Edit[],
): Plan {
  const leaf = pair.chain[0]
  if (leaf === undefined || faults.length > 0)
    return refuse(
      `the given certificate cannot serve: ${faults.join('; ')}`,
      'get one that covers every host, or leave out source to have one issued',
    )
  const edits: Edit[] = []
  if (!pair.key.same(key))
    edits.push({
      what: args.key,
      from: key === undefined ? 'absent' : 'another key',
      to: 'the given key',
      by: { kind: 'put', path: args.key, content: { text: pair.key }, mode: '0600' },
    })
  else edits.push(...loose)
  if (now !== pair.certificatePem)
    edits.push({
      what: args.certificate,
      from: now === undefined ? 'absent' : 'another certificate',
      to: leaf.subject,
      by: { kind: 'put', path: args.certificate, content: { text: pair.certificatePem }, mode: '0644' },
    })
  return edits.length === 0
    ? ok(facts(leaf))
    : change(edits, [`path:${args.certificate}`, `path:${args.key}`], facts(leaf))
}

const facts = (leaf: Certificate) => ({
  subject: leaf.subject,
  fingerprint: leaf.fingerprint,
  serial: leaf.serial,
  not_after: leaf.notAfter.toISOString(),
  names: leaf.names.map(name => name.value),
})
