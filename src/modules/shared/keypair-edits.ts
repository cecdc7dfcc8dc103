import type { Secret } from '../../base/secret.ts'
import type { Edit } from '../../kit/plan.ts'
import type { Entry } from '../../questions/files.ts'
import type { Ids } from '../../questions/system.ts'
import { atEnd } from '../../shell/at-end.ts'
import { LIKE, labelPart, labelPlaced } from '../../shell/label.ts'
import { raw, type Script, sh } from '../../shell/script.ts'
import { mend, run, type Wanted } from './attributes.ts'
import { FORMATS, keygen } from './keygen.ts'
import { type PublicKey, publicKey, publicLine } from './keypair.ts'
import { modeFrom, modeText } from './mode.ts'

/** What is wanted of a key pair: the path as questions spell it, the size never open. */
export interface KeyWish extends Wanted {
  readonly path: string
  readonly type: string
  readonly size: number
  readonly comment?: string | undefined
  readonly regenerate: 'always' | 'fail' | 'full_idempotence' | 'never' | 'partial_idempotence'
  readonly force: boolean
  readonly passphrase?: Secret | undefined
  readonly private_key_format: keyof typeof FORMATS
}

/** What stands there of a key pair. */
export interface SeenPair {
  readonly key: Entry | undefined
  readonly pub: Entry | undefined
  /** The file of the public key. */
  readonly text: string | undefined
  /** What `ssh-keygen -y` says: the public key that belongs to the private one. */
  readonly own: { readonly code: number | null; readonly key: PublicKey | undefined }
  /** The first line of the private key, where its format is asked for. */
  readonly armour: string
  readonly ids: Ids
  readonly pubIds: Ids
}

/**
 * Makes the pair in a directory of its own beside the wanted place, dresses it, and moves it in: the private key first, since
 * a public key that is missing or another one's is made from it. Files that are replaced leave owner and mode behind.
 */
export function generation(wish: KeyWish, { key, pub }: SeenPair): Script {
  const { path, type, size, comment = '', passphrase, label, attributes } = wish
  const { word } = FORMATS[wish.private_key_format]
  const unlocked = passphrase === undefined ? sh`-N ''` : sh``
  const words = sh`-q ${unlocked} ${word} -b ${String(size)} -t ${type} -C ${comment} -f "$d/key"`
  return sh`umask 077; d=$(mktemp -d ${path}.XXXXXXXX) || exit
${atEnd(raw('rm -rf -- "$d"'))}
{ ${keygen(words, passphrase, 2)}; } >/dev/null &&
${dress('key', wish, key, 0o600)} && ${dress('key.pub', wish, pub, 0o644)} || exit
${LIKE}
for e in '' .pub; do
f=${path}$e t=$d/key$e
${labelPart(label)}
mv -f -- "$t" "$f" || exit
${labelPlaced(label)}
${attributes === undefined ? raw(':') : sh`chattr ${attributes} "$f" >&2 || exit`}
done
cat ${path}.pub`
}

function dress(name: string, { owner, group, mode }: KeyWish, old: Entry | undefined, fresh: number): Script {
  const bits = old?.mode ?? fresh
  const wanted = modeText(mode === undefined ? bits : modeFrom(mode, bits, false))
  const uid = owner ?? (old === undefined ? '' : String(old.uid))
  const gid = group ?? (old === undefined ? '' : String(old.gid))
  const file = sh`"$d"/${name}`
  const owned = uid === '' && gid === '' ? sh`:` : sh`chown -- ${gid === '' ? uid : `${uid}:${gid}`} ${file}`
  return sh`${owned} && chmod -- ${wanted} ${file}`
}

/** The public key is the private one's, and has the comment that is wanted. */
export function publicEdits({ path, comment, passphrase }: KeyWish, { own, text: before }: SeenPair): Edit[] {
  const now = publicKey(before ?? '')
  const { key } = own
  if (key === undefined) return []
  if (now?.data === key.data && (comment === undefined || now.comment === comment)) return []
  const what = `${path}.pub`
  const from = before === undefined ? 'absent' : now?.data === key.data ? now.comment : 'another key'
  const after = `${publicLine(comment === undefined ? key : { ...key, comment })}\n`
  const by = { kind: 'put', path: what, content: { text: after } } as const
  // A comment stands in both files, and only ssh-keygen can write the private one.
  const unlocked = passphrase === undefined ? sh`-P ''` : sh``
  const words = sh`-q -c -C ${comment ?? ''} ${unlocked} -f ${path}`
  const recomment = run(sh`{ ${keygen(words, passphrase)}; } >/dev/null`)
  return [
    ...(comment && comment !== key.comment
      ? [{ what: `${path}: comment`, from: key.comment, to: comment, by: recomment }]
      : []),
    { what, from, to: comment || key.fingerprint, by, texts: { before: before ?? '', after } },
  ]
}

/** Owner and permissions of both files. */
export const ownership = (wish: KeyWish, { key, pub, ids, pubIds }: SeenPair): Edit[] => [
  ...(key === undefined ? [] : mend(wish.path, key, wish, ids)),
  ...(pub === undefined ? [] : mend(`${wish.path}.pub`, pub, wish, pubIds)),
]

/** Both files go. */
export const removal = ({ path }: KeyWish, { key, pub }: SeenPair): Edit[] =>
  key === undefined && pub === undefined
    ? []
    : [{ what: path, from: 'key pair', to: 'absent', by: run(sh`rm -f -- ${path} ${path}.pub`) }]
