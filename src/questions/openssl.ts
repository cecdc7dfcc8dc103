import type { Secret } from '../base/secret.ts'
import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { type PublicKey, readPublicKey } from '../pki/public-key.ts'
import { atEnd } from '../shell/at-end.ts'
import { raw, Script, sh } from '../shell/script.ts'

/** A private key on the target, seen through its public half: the key itself does not leave the host. */
export interface SeenKey {
  /** The host has `openssl`. */
  readonly tool: boolean
  /** What stands between BEGIN and the dashes: `RSA PRIVATE KEY`. */
  readonly armour?: string
  readonly encrypted?: boolean
  readonly public?: PublicKey
  /** Why OpenSSL could not read it. */
  readonly fault?: string
}

/** Options of `openssl` that open a key, and what must be written to it: a passphrase reaches it by a pipe. */
export const opening = (
  path: string,
  passphrase: Secret | undefined,
): { readonly feed: Script; readonly words: Script } =>
  passphrase === undefined
    ? { feed: raw(':'), words: sh`${path} -passin pass:` }
    : { feed: sh`printf '%s\n' ${passphrase}`, words: sh`${path} -passin stdin` }

/** The key of a file; undefined when no file is there. */
export function seenKey(path: string, passphrase?: Secret): TargetQuestion<SeenKey | undefined> {
  const { feed, words } = opening(path, passphrase)
  return ask(
    sh`command -v openssl >/dev/null 2>&1 || { echo untooled; exit 0; }
[ -e ${path} ] || { echo absent; exit 0; }
LC_ALL=C sed -n 's/^-----BEGIN \\(.*\\)-----.*/armour \\1/p' <${path} || exit 1
if LC_ALL=C grep -q ENCRYPTED <${path}; then echo encrypted; fi
if p=$(${feed} | LC_ALL=C openssl pkey -in ${words} -pubout 2>&1); then printf 'public\n%s\n' "$p"; else printf 'fault %s\n' "$p"; fi`,
    [`path:${path}`],
    ({ ok, stdout, stderr }) => {
      if (!ok) throw new CouldNotTell(stderr.trim() || `${path} cannot be read`)
      if (stdout === 'untooled\n') return { tool: false }
      if (stdout === 'absent\n') return undefined
      const armour = /^armour (.*)$/m.exec(stdout)?.[1]
      const pem = /^public\n([\s\S]*)/m.exec(stdout)?.[1]
      const fault = /^fault ([\s\S]*)/m.exec(stdout)?.[1]
      return {
        tool: true,
        encrypted: /^encrypted$/m.test(stdout),
        ...(armour === undefined ? {} : { armour }),
        ...(pem === undefined ? { fault: (fault ?? '').trim() } : read(pem)),
      }
    },
  )
}

const read = (pem: string): Pick<SeenKey, 'public' | 'fault'> => {
  try {
    return { public: readPublicKey(pem) }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

/** A private key that signs: a file of the target, or its text. */
export interface Signer {
  readonly path?: string | undefined
  readonly content?: Secret | undefined
  readonly passphrase?: Secret | undefined
}

/**
 * Shell text around a command of `openssl` that signs. The key is a file, or is open for it as /dev/fd/5 where its text was
 * given; more texts are open under their own numbers; the passphrase is its standard input. So nothing secret is an
 * argument or a file.
 * @param texts what else the command reads, or prints what it reads, by number: /dev/fd/4 is the configuration
 * @param command takes the words that name the key and open it
 */
export function signing(
  { path, content, passphrase }: Signer,
  texts: readonly (readonly [fd: number, text: string | Script])[],
  command: (key: string, opened: Script) => Script,
): Script {
  const [feed, words] =
    passphrase === undefined
      ? [raw(':'), raw('-passin pass:')]
      : [sh`printf '%s\n' ${passphrase}`, raw('-passin stdin')]
  const open: readonly (readonly [number, string | Secret | Script])[] =
    content === undefined ? texts : [...texts, [5, content]]
  const told = (text: string | Secret | Script): Script => (text instanceof Script ? text : sh`printf '%s\n' ${text}`)
  return open.reduceRight(
    (inner, [fd, text]) => sh`${told(text)} | { exec ${fd}<&0; ${inner}; }`,
    sh`${feed} | ${command(path ?? '/dev/fd/5', words)}`,
  )
}

/** Shell text that prints a request for a certificate, as a configuration says. */
export const requesting = (signer: Signer, config: string, digest: string): Script =>
  signing(signer, [[4, config]], (key, opened) => {
    // Ed25519 and its kin have no digest to choose, and the usual one is OpenSSL's own.
    const chosen = digest === 'sha256' ? raw('') : sh`-${raw(digest)}`
    return sh`LC_ALL=C openssl req -new -config /dev/fd/4 -key ${key} ${opened} ${chosen}`
  })

/** How long a certificate is good: from and until a time (`20301231235959Z`), or so many seconds from now. */
export interface Validity {
  readonly from: string | number
  readonly until: string | number
}

/** What a certificate is made of. */
export interface Certifying {
  readonly config: string
  /** The request in PEM. */
  readonly request: string
  /** The certificate in PEM of who signs; the key itself signs when absent. */
  readonly authority?: string | undefined
  /** Key identifiers that it must not have: since version 3, OpenSSL adds them unless it is told not to. */
  readonly unnamed: readonly string[]
}

/**
 * Shell text that prints a certificate for a request: signed by the key itself, or by an authority whose certificate is
 * given. Digest and extensions stand in the configuration's sections `authority` and, at its end, `extensions`; its
 * directory is `$ENV::d`.
 */
export function certifying(
  signer: Signer,
  { config, request, authority, unnamed }: Certifying,
  { from, until }: Validity,
): Script {
  const who = authority === undefined ? raw('-selfsign') : raw('-cert /dev/fd/7')
  const none = unnamed.map(name => `${name} = none`)
  const texts: [number, string | Script][] = [
    [4, sh`{ printf '%s\n' ${config}; case $(openssl version) in 'OpenSSL '[3-9]*) printf '%s\n' ${none} ;; esac; }`],
    [6, request],
    ...(authority === undefined ? [] : ([[7, authority]] as [number, string][])),
  ]
  const sign = signing(
    signer,
    texts,
    (key, opened) =>
      sh`openssl ca -config /dev/fd/4 -name authority -extensions extensions -preserveDN -batch -notext -in /dev/fd/6 ${who} -keyfile ${key} ${opened} -startdate "$from" -enddate "$until" 2>"$d/said"`,
  )
  // A part of a second or a slow clock between two hosts is none of our business: "now" is when the host signs.
  return sh`( export LC_ALL=C d
d=$(mktemp -d) || exit 1
${atEnd(raw('rm -rf -- "$d"'))}
: >"$d/index.txt"
s=$(openssl rand -hex 20) || exit 1
printf '4%s\n' "\${s#?}" >"$d/serial"
at() { case $1 in *Z) printf %s "$1" ;; *) date -u -d "@$(($(date +%s) + $1))" +%Y%m%d%H%M%SZ ;; esac; }
from=$(at ${from}) && until=$(at ${until}) || exit 1
${sign} || { cat "$d/said" >&2; exit 1; } )`
}

/**
 * The request that a configuration and a key make now; nothing is written. A signature is work, and may be another one each
 * time: so it is no part of what must be unchanged when the host acts.
 */
export const wantedRequest = (signer: Signer, config: string, digest: string): TargetQuestion<Answered> =>
  ask(requesting(signer, config, digest), signer.path === undefined ? [] : [`path:${signer.path}`], answered, {
    dear: true,
  })

/** What a command of `openssl` printed, or why it did not. */
export type Answered = { readonly text: string } | { readonly fault: string }

const answered = ({
  ok,
  code,
  stdout,
  stderr,
}: {
  ok: boolean
  code: number | null
  stdout: string
  stderr: string
}): Answered =>
  ok && stdout !== '' ? { text: stdout } : { fault: code === 127 ? 'the host has no openssl' : stderr.trim() }
