import { Secret } from '../base/secret.ts'
import { ask, CouldNotTell, type TargetQuestion } from '../kit/question.ts'
import { type Script, sh } from '../shell/script.ts'
import { bytes } from './files.ts'

/** What docker's configuration says of registries. */
export interface Logins {
  /** User and password by the name under which the registry is kept. */
  readonly of: ReadonlyMap<string, { readonly username: string; readonly password: Secret }>
  /** A program that keeps them instead. */
  readonly store?: string
}

/** Who docker is at which registry. The reply holds passwords. */
export function logins(path: string, docker: Script): TargetQuestion<Logins | 'no docker'> {
  const file = bytes(path)
  return ask(
    sh`${docker} --version >/dev/null 2>&1 || { [ $? -ne 127 ] || exit 127; }; ${file.script}`,
    [...file.reads, 'package:docker'],
    answer => (answer.code === 127 ? 'no docker' : loginsIn(file.read(answer)?.toString('utf8'), path)),
    { secret: true },
  )
}

function loginsIn(text: string | undefined, path: string): Logins {
  if (text === undefined || text.trim() === '') return { of: new Map() }
  const config = parsed(text, path)
  const store = config.credsStore ?? Object.values(config.credHelpers ?? {})[0]
  const of = Object.entries(config.auths ?? {}).flatMap(([registry, { auth = '' }]) => {
    const [, username = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(auth, 'base64').toString('utf8')) ?? []
    return username === '' ? [] : [[registry, { username, password: new Secret(password, 'password') }] as const]
  })
  return { of: new Map(of), ...(store === undefined ? {} : { store }) }
}

interface Config {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>
  readonly credsStore?: string
  readonly credHelpers?: Readonly<Record<string, string>>
}

function parsed(text: string, path: string): Config {
  try {
    return JSON.parse(text) as Config
  } catch {
    // The text is not told: it may hold passwords.
    throw new CouldNotTell(`${path} is no JSON, so docker's logins cannot be read`)
  }
}
