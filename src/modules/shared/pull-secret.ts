import { Secret } from '../../base/secret.ts'
import { type Script, sh } from '../../shell/script.ts'

/** Who may pull from which registry, and how a cluster calls it. */
export interface PullSecret {
  readonly name: string
  readonly namespace: string
  readonly registry: string
  readonly username: string
  readonly password: Secret
}

/** The manifest up to its data. */
const head = ({ name, namespace }: PullSecret): string => `apiVersion: v1
kind: Secret
metadata:
  name: ${JSON.stringify(name)}
  namespace: ${JSON.stringify(namespace)}
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: `

/** Prints the manifest. The password is in shell text only, never in the words of a process. */
export const manifest = (wish: PullSecret): Script => sh`p=${wish.password}
a=$(printf '%s:%s' ${wish.username} "$p" | base64 | tr -d '\n') || exit
printf '%s' ${head(wish)}
printf '{"auths":{"%s":{"auth":"%s"}}}' ${wish.registry} "$a" | base64 | tr -d '\n'
echo`

/** What of a manifest is not as it should be; the file may be no manifest at all. */
export function wrongSecret(wish: PullSecret, now: string | undefined): string[] {
  if (now === undefined) return ['absent']
  const start = head(wish)
  if (!now.startsWith(start)) return ['another manifest']
  const auths = authsIn(now.slice(start.length))
  const auth = auths?.[wish.registry]?.auth
  if (auth === undefined || Object.keys(auths ?? {}).length !== 1) return ['another registry']
  const said = Buffer.from(auth, 'base64').toString('utf8')
  const colon = said.indexOf(':')
  if (said.slice(0, colon) !== wish.username) return ['another user']
  return wish.password.same(new Secret(said.slice(colon + 1), 'password')) ? [] : ['another password']
}

function authsIn(data: string): Readonly<Record<string, { readonly auth?: string }>> | undefined {
  try {
    return (
      JSON.parse(Buffer.from(data.trim(), 'base64').toString('utf8')) as { auths?: Record<string, { auth?: string }> }
    ).auths
  } catch {
    // What is no JSON is another file's text, and is replaced.
    return undefined
  }
}
