import type { Secret } from '../../base/secret.ts'
import { join, raw, type Script, sh } from '../../shell/script.ts'

/**
 * `ssh-keygen` with these words. It takes a passphrase from its command line, where others on the host can read it, or from a
 * terminal; where there is none, it reads its standard input. So it is cut off from the terminal that sudo may have made.
 * @param asked how often it asks
 */
export const keygen = (words: Script, passphrase: Secret | undefined, asked: 1 | 2 = 1): Script =>
  passphrase === undefined
    ? sh`ssh-keygen ${words} </dev/null`
    : sh`printf '%s\n' ${join(Array<Script>(asked).fill(sh`${passphrase}`), ' ')} | { unset DISPLAY; SSH_ASKPASS_REQUIRE=never $(command -v setsid) ssh-keygen ${words}; }`

/**
 * Prints the public key of a private one. Without a passphrase through a pipe, since ssh-keygen reads no file that others may read
 * too; with one it reads the file twice. A key that opens without the passphrase that was given is not the one that is wanted.
 */
export function ownPublic(key: string, passphrase: Secret | undefined): Script {
  const there = sh`{ command -v ssh-keygen >/dev/null || (exit 127); } && [ -f ${key} ] && export LC_ALL=C && `
  return passphrase === undefined
    ? sh`${there}cat -- ${key} | ssh-keygen -y -P '' -f /dev/stdin`
    : sh`${there}! ssh-keygen -y -P '' -f ${key} </dev/null >/dev/null 2>&1 && ${keygen(sh`-y -f ${key}`, passphrase)}`
}

/** How private keys are written down: what `ssh-keygen -m` calls it, and the first line. */
export const FORMATS = {
  auto: { word: raw(''), armour: /^/ },
  ssh: { word: raw('-m RFC4716'), armour: /OPENSSH PRIVATE KEY/ },
  pkcs1: { word: raw('-m PEM'), armour: /(?:RSA|EC|DSA) PRIVATE KEY/ },
  pkcs8: { word: raw('-m PKCS8'), armour: /BEGIN (?:ENCRYPTED )?PRIVATE KEY/ },
} as const
