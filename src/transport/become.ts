import { randomBytes } from 'node:crypto'
import type { Secret } from '../base/secret.ts'
import { oneLine, READ_ONE_LINE } from '../shell/bootstrap.ts'
import { join, raw, type Script, sh } from '../shell/script.ts'
import { explainBecome, explainLogin } from './refusals.ts'
import { type Identity, TransportError } from './session.ts'
import type { Ended, Wire } from './wire.ts'

/** How long a privilege tool may take to ask or to answer; PAM may wait two seconds or more after a wrong password. */
const PATIENCE = 30_000

/** What is heard on a wire from the moment it opens, until its shell runs what we want. */
export interface Entry {
  /** Why the wire ended before its shell ran anything of ours. */
  explain(ended: Ended, said: string): TransportError
}

/** The same user needs no tool to become himself, unless flags ask for one. */
export const isSelf = (identity: Identity, login: string): boolean =>
  identity.become === 'none' || (identity.user === login && (identity.flags ?? '').trim() === '')

/**
 * Turns a fresh wire into one whose next line is read by a shell of `identity`. A password is written only after the
 * tool has printed the prompt that we chose, and once: it can neither be run as a command nor lock the account.
 * Rejects with TransportError `become`, `auth`, `lost` or `aborted`.
 */
export async function enter(
  wire: Wire,
  identity: Identity,
  login: string,
  where: string,
  signal: AbortSignal,
): Promise<Entry> {
  if (isSelf(identity, login)) return { explain: (ended, said) => explainLogin(where, ended, said) }
  const nonce = randomBytes(8).toString('hex')
  const entry: Entry = {
    explain: (ended, said) =>
      said.includes(`shell-${nonce}`)
        ? explainBecome(identity, where, ended, said.replaceAll(`shell-${nonce}`, ''))
        : explainLogin(where, ended, said),
  }
  const password = identity.become === 'sudo' ? identity.password : undefined
  const script = password ? sudo(identity, nonce, true) : tool(identity, nonce)
  wire.stdin.write(
    oneLine(join([sh`LC_ALL=C; export LC_ALL; unset ENV BASH_ENV; echo ${`shell-${nonce}`} >&2`, script]).wire),
  )
  if (!password) return entry
  const word = oneWord(password, where)
  const ear = listen(wire)
  try {
    await ear.until(text => text.includes(`prompt-${nonce}`) || text.includes(`ready-${nonce}`), signal, entry, where)
    if (ear.text.includes(`ready-${nonce}`)) return entry
    wire.stdin.write(`${word}\n`)
    await ear.until(
      text => text.includes(`ready-${nonce}`) || text.split(`prompt-${nonce}`).length > 2,
      signal,
      entry,
      where,
    )
    if (ear.text.includes(`ready-${nonce}`)) return entry
    throw explainBecome(identity, where, null, 'Sorry, try again.')
  } finally {
    ear.close()
  }
}

/** A password as one line: what followed a line break would be read as a command. One at its end is a file's, and goes. */
function oneWord(password: Secret, where: string): string {
  const word = password.reveal().replace(/\r?\n$/, '')
  if (!/[\r\n]/.test(word)) return word
  throw new TransportError(
    'become',
    `the password to become another user on ${where} has several lines`,
    'correct ansible_become_password',
  )
}

const tool = (identity: Identity, nonce: string): Script => {
  if (identity.become === 'sudo') return sudo(identity, nonce, false)
  if (identity.become === 'doas')
    return sh`exec doas -n ${words(identity.flags)} -u ${identity.user} /bin/sh -c ${READ_ONE_LINE}`
  return join([
    raw('case $(id -u) in 0) ;; *) echo "su: only root can use it without a terminal" >&2; exit 1 ;; esac'),
    sh`exec su ${words(identity.flags)} -s /bin/sh ${identity.user} -c ${READ_ONE_LINE}`,
  ])
}

/** The flags of ours (`-H -S -n`) may also come from the inventory, where Ansible's default has them. */
const words = (flags = ''): string[] => flags.split(/\s+/).filter(word => word !== '' && !/^-[HSn]+$/.test(word))

function sudo(identity: Identity, nonce: string, asks: boolean): Script {
  const how = asks ? ['-S', '-k', '-p', `prompt-${nonce}`] : ['-n']
  const inner = asks ? `echo ready-${nonce} >&2; ${READ_ONE_LINE}` : READ_ONE_LINE
  return sh`exec sudo -H ${how} ${words(identity.flags)} -u ${identity.user} -- /bin/sh -c ${inner}`
}

interface Ear {
  readonly text: string
  until(holds: (text: string) => boolean, signal: AbortSignal, entry: Entry, where: string): Promise<void>
  close(): void
}

/** Listens to both streams of a wire until a condition holds of what was said. */
function listen(wire: Wire): Ear {
  let text = ''
  let check: () => void = () => undefined
  const hear = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-16_384)
    check()
  }
  wire.stdout.on('data', hear)
  wire.stderr.on('data', hear)
  return {
    get text() {
      return text
    },
    until: (holds, signal, entry, where) =>
      new Promise((resolve, reject) => {
        const fail = (error: Error): void => {
          done()
          reject(error)
        }
        const late = setTimeout(
          () => fail(entry.explain({ how: 'lost', why: `no answer within ${PATIENCE / 1000} s` }, text)),
          PATIENCE,
        )
        const onAbort = (): void =>
          fail(new TransportError('aborted', `stopped while becoming another user on ${where}`))
        const done = (): void => {
          clearTimeout(late)
          signal.removeEventListener('abort', onAbort)
          check = () => undefined
          wire.ending.off(onEnded)
        }
        check = () => {
          if (!holds(text)) return
          done()
          resolve()
        }
        const onEnded = (ended: Ended): void => fail(entry.explain(ended, text))
        wire.ending.on(onEnded)
        signal.addEventListener('abort', onAbort, { once: true })
        if (signal.aborted) onAbort()
        else check()
      }),
    close() {
      wire.stdout.off('data', hear)
      wire.stderr.off('data', hear)
    },
  }
}
