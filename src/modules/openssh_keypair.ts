import { posix } from 'node:path'
import { Secret } from '../base/secret.ts'
import type { Fields } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, type Plan, refuse } from '../kit/plan.ts'
import { ask } from '../kit/question.ts'
import { at, entry, text } from '../questions/files.ts'
import { known } from '../questions/known.ts'
import { worn } from '../questions/worn.ts'
import { sh } from '../shell/script.ts'
import { OWNERSHIP, run, wantedOf } from './shared/attributes.ts'
import { ended } from './shared/ended.ts'
import { FORMATS, ownPublic } from './shared/keygen.ts'
import { type PublicKey, publicKey, publicLine } from './shared/keypair.ts'
import { generation, type KeyWish, ownership, publicEdits, removal, type SeenPair } from './shared/keypair-edits.ts'

const UNREADABLE = 'Unable to read the key. The key is protected with a passphrase or broken. Will not proceed.'

/** A key pair of OpenSSH is there. It is made by the host's `ssh-keygen`: its private key never leaves the host. */
export default defineModule({
  name: 'openssh_keypair',
  collection: 'community.crypto',
  summary: 'A key pair of OpenSSH is there, or is not',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: { type: 'string', path: true, minLength: 1, description: 'The private key; the public key is PATH.pub' },
      state: { type: 'string', enum: ['absent', 'present'], default: 'present' },
      type: { type: 'string', enum: ['dsa', 'ecdsa', 'ed25519', 'rsa'], default: 'rsa' },
      size: {
        type: 'integer',
        description:
          'Bits: at least 1024 for rsa (4096), 256, 384 or 521 for ecdsa (256), 1024 for dsa; of no use for ed25519',
      },
      comment: { type: 'string', description: 'What stands at the end of the public key' },
      regenerate: {
        type: 'string',
        enum: ['always', 'fail', 'full_idempotence', 'never', 'partial_idempotence'],
        default: 'partial_idempotence',
        description:
          'When a key that is there makes room for a new one: never, with a failure instead, when type or size are others, also when it cannot be read, always',
      },
      force: { type: 'boolean', default: false, description: 'The same as regenerate: always' },
      backend: {
        type: 'string',
        enum: ['auto', 'cryptography', 'opensshbin'],
        default: 'auto',
        description: 'Without effect: it is always ssh-keygen of the host',
      },
      private_key_format: {
        type: 'string',
        enum: ['auto', 'pkcs1', 'pkcs8', 'ssh'],
        default: 'auto',
        description: 'How it is written down; auto is what ssh-keygen writes, and leaves a key that is there as it is',
      },
      passphrase: {
        type: 'string',
        secret: true,
        pattern: '^([^\\n]{5,1000})?$',
        description: 'Locks the key; at least 5 characters',
      },
      ...OWNERSHIP,
    },
  },
  probe({ path, passphrase, private_key_format: format, ...wish }, host) {
    const key = at(path, host)
    const pub = `${key}.pub`
    return {
      parent: entry(posix.dirname(key), true),
      key: entry(key, true),
      pub: entry(pub, true),
      text: text(pub),
      own: ask(
        ownPublic(key, given(passphrase)),
        [`path:${key}`],
        ({ code, stdout }) => ({ code, key: code === 0 ? publicKey(stdout) : undefined }),
        passphrase === undefined ? {} : { secret: true },
      ),
      armour: format === 'auto' ? known('') : ask(sh`head -n 1 -- ${key}`, [`path:${key}`], ({ stdout }) => stdout),
      ids: worn({ path: key, follow: true }, wish),
      pubIds: worn({ path: pub, follow: true }, wish),
    }
  },
  plan(args, seen, host) {
    const path = at(args.path, host)
    const passphrase = given(args.passphrase)
    const wish: KeyWish = {
      ...args,
      ...wantedOf(args, seen.ids),
      passphrase,
      path,
      size: args.type === 'ed25519' ? 256 : (args.size ?? SIZES[args.type] ?? 256),
    }
    const touches = [`path:${path}`, `path:${path}.pub`]
    const now = publicKey(seen.text ?? '')
    const result = resultOf(wish, seen.own.key, now)
    if (seen.key?.type === 'directory')
      return refuse(`${path} is a directory. Please specify a path to a file.`, 'name the file of the private key')
    if (args.state === 'absent')
      return change(removal(wish, seen), touches, {}, resultOf(wish, seen.own.key ?? (seen.key && now), now))
    if (seen.parent?.type !== 'directory')
      return refuse(
        `The directory ${posix.dirname(path)} does not exist or the file is not a directory`,
        'make it with the file module first',
      )
    const wrong = wrongSize(wish)
    if (wrong !== undefined) return refuse(wrong)
    if (seen.own.code === 127) return refuse(`${host.name} has no ssh-keygen`, 'install openssh-client')
    const renewed = renewal(wish, seen)
    if (typeof renewed === 'object') return renewed
    if (!renewed) return change([...publicEdits(wish, seen), ...ownership(wish, seen)], touches, result)
    const by = run(generation(wish, seen), `making a ${wish.type} key of ${wish.size} bits`)
    if (always(wish))
      return act(`make ${path} anew`, by, outcome => ended(outcome, { ...result, ...newKey(wish, outcome.stdout) }), {
        touches,
        dry: 'pretend',
      })
    const from = seen.key === undefined ? 'absent' : described(seen.own.key)
    return change([{ what: path, from, to: `${wish.type} key of ${wish.size} bits`, by }], touches, result)
  },
})

const NO_PASSPHRASE = new Secret('', 'passphrase')

/** Bits of a key where the task does not say. */
const SIZES: Readonly<Record<string, number>> = { rsa: 4096, dsa: 1024, ecdsa: 256, ed25519: 256 }

function wrongSize({ type, size, private_key_format: format }: KeyWish): string | undefined {
  if (type === 'ed25519' && format.startsWith('pkcs')) return 'Keys of ed25519 have a format of OpenSSH alone: ssh.'
  if (type === 'rsa' && size < 1024) return 'For RSA keys, the minimum size is 1024 bits and the default is 4096 bits.'
  if (type === 'dsa' && size !== 1024) return 'DSA keys must be exactly 1024 bits as specified by FIPS 186-2.'
  if (type === 'ecdsa' && ![256, 384, 521].includes(size)) return 'ECDSA keys have 256, 384 or 521 bits.'
  return undefined
}

const always = ({ regenerate, force }: KeyWish): boolean => force || regenerate === 'always'

/** Whether a new key is made, or why the task must not go on. */
function renewal(wish: KeyWish, { key, own, armour }: SeenPair): boolean | Plan {
  if (always(wish) || key === undefined) return true
  if (own.key === undefined)
    return wish.regenerate === 'full_idempotence'
      ? true
      : refuse(UNREADABLE, 'regenerate: full_idempotence or always, or force: true, makes a new key in its place')
  const formed = FORMATS[wish.private_key_format].armour.test(armour)
  const sized = own.key.size === wish.size || wish.type === 'ed25519'
  if (own.key.type === wish.type && sized && formed) return false
  if (wish.regenerate === 'fail')
    return refuse(
      `Key has wrong type and/or size (${described(own.key)}). Will not proceed.`,
      'regenerate: partial_idempotence, full_idempotence or always makes a new key in its place',
    )
  return wish.regenerate !== 'never'
}

const described = (key: PublicKey | undefined): string =>
  key === undefined ? 'a key that cannot be read' : `${key.type} key of ${key.size} bits`

const resultOf = ({ path, type, size }: KeyWish, own: PublicKey | undefined, now: PublicKey | undefined): Fields => ({
  size,
  type,
  filename: path,
  fingerprint: own?.fingerprint ?? '',
  public_key: now === undefined ? '' : publicLine({ ...now, comment: '' }),
  comment: now?.comment ?? '',
})

/** The result of a pair that was made, from the public key that its making printed. */
const newKey = (wish: KeyWish, stdout: string): Fields => resultOf(wish, publicKey(stdout), publicKey(stdout))

/** An empty passphrase is none. */
const given = (passphrase: Secret | undefined): Secret | undefined =>
  passphrase?.same(NO_PASSPHRASE) ? undefined : passphrase
