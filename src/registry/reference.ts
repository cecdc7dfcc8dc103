import { isIP, isIPv4 } from 'node:net'
import { dnsNameFault, serverName } from '../pki/names.ts'

/** How clients call a registry, in its one canonical form and in every form that people and programs need. */
export interface RepoHost {
  /** Name or IPv4 address, lower case, no final dot. */
  readonly host: string
  readonly port: number
  /** What stands before the first slash of an image reference: `h`, or `h:5000` when the port is not 443. */
  readonly prefix: string
  /** The directories under certs.d that clients look into, character for character as references are written. */
  readonly trustNames: readonly string[]
  /** `https://h:5000`, without a final slash and without port 443. */
  readonly url: string
}

/** What is wrong with a text, and what to do about it; in place of the thing it should have been. */
export interface Wrong {
  readonly wrong: string
  readonly remedy: string
}

const wrong = (what: string, remedy: string): Wrong => ({ wrong: what, remedy })

/**
 * Reads `repo_host`: a name or IPv4 address, optionally `:port`. What Docker could not use in a reference is refused here,
 * for Docker's own messages about it do not name the cause.
 *
 * @param port the registry's port when the text names none
 */
export function parseRepoHost(text: string, port = 443): RepoHost | Wrong {
  const say = (what: string, remedy: string) => wrong(`repo_host '${text}' ${what}`, remedy)
  const only = 'Give a name or an IPv4 address, optionally with :port'
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0]
  if (text.trim() === '') return say('is empty', only)
  if (/\s/.test(text)) return say('holds white space', only)
  if (scheme) return say(`starts with ${scheme}`, `Leave ${scheme} out: image references have no scheme`)
  if (text.includes('@')) return say('holds a user name (@)', only)
  if (text.includes('/')) return say('holds a path (/)', 'Leave out the slash and what follows it')
  if (isIP(text.replace(/^\[|\](:\d+)?$/g, '').replace(/%.*/, '')) === 6)
    return say(
      'is an IPv6 address, which Docker takes for an invalid reference',
      'Use a name that resolves to it, or an IPv4 address',
    )
  const [host = '', portText, ...more] = text.split(':')
  if (more.length > 0) return say('has more than one port', only)
  if (portText !== undefined && !/^[1-9]\d{0,4}$/.test(portText))
    return say(`has the port '${portText}'`, 'A port is a number from 1 to 65535')
  const number = portText === undefined ? port : Number(portText)
  if (number > 65_535) return say(`has the port ${number}`, 'A port is a number from 1 to 65535')
  const fault = hostFault(host)
  if (fault) return say(fault.wrong, fault.remedy)
  const { value } = serverName(host)
  if (!value.includes('.') && value !== 'localhost' && number === 443)
    return say(
      'has neither a dot nor a port: Docker would look for the image on Docker Hub',
      `Use an address, a name with a dot, or another port than 443, as ${value}.internal or ${value}:5000`,
    )
  const plain = number === 443
  return {
    host: value,
    port: number,
    prefix: plain ? value : `${value}:${number}`,
    trustNames: plain ? [value, `${value}:443`] : [`${value}:${number}`],
    url: plain ? `https://${value}` : `https://${value}:${number}`,
  }
}

function hostFault(host: string): Wrong | undefined {
  const name = host.replace(/\.$/, '')
  if (isIPv4(name))
    return name === '0.0.0.0' || name === '255.255.255.255'
      ? wrong('is no address that a client can dial', 'Give the address by which clients reach the registry')
      : undefined
  const fault = dnsNameFault(name)
  if (fault) return wrong(fault, 'Give a DNS name of letters, digits, hyphens and dots, or an IPv4 address')
  if (name !== name.toLowerCase())
    return wrong(
      'has upper-case letters: the trust directory must equal the reference character for character',
      `Write ${name.toLowerCase()}`,
    )
  return undefined
}

/** An image reference in its parts. */
export interface Reference {
  /** The registry, `docker.io` when the text names none. */
  readonly registry: string
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
}

const DIGEST = /^sha256:[0-9a-f]{64}$/
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/

/** Whether a text may be a tag. */
export const isTag = (text: string): boolean => TAG.test(text)

/** Whether a text is a whole sha256 digest. */
export const isDigest = (text: string): boolean => DIGEST.test(text)

/** What is wrong with a repository name, as words that follow it, or undefined (distribution's reference grammar). */
export function repositoryFault(name: string): string | undefined {
  if (name === '') return 'has no repository name'
  if (name.length > 255) return `has a repository name of ${name.length} characters, at most 255 are allowed`
  if (/[A-Z]/.test(name)) return 'has upper-case letters in the repository name'
  const odd = name.split('/').find(part => !COMPONENT.test(part))
  if (odd === undefined) return undefined
  return odd === ''
    ? 'has an empty part (two slashes, or one at an end)'
    : `has the part '${odd}', which is no valid name`
}

/** Reads an image reference (`registry:2`, `10.0.0.20/app/web:1.0`, `h:5000/x@sha256:...`) by Docker's rules; without tag and digest the tag is `latest`. */
export function parseReference(text: string): Reference | Wrong {
  const say = (what: string) =>
    wrong(
      `image reference '${text.slice(0, 300)}' ${what}`,
      'Write it as [host[:port]/]name[:tag][@sha256:...], in lower case',
    )
  if (text === '' || /\s/.test(text)) return say(text === '' ? 'is empty' : 'holds white space')
  if (/^[a-z]+:\/\//.test(text)) return say('starts with a scheme')
  const [named = '', digest, ...digests] = text.split('@')
  if (digests.length > 0) return say('has more than one @')
  if (digest !== undefined && !DIGEST.test(digest))
    return say(`has the digest '${digest}', which is not sha256: and 64 hex digits`)
  const [first = '', ...rest] = named.split('/')
  const hosted = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost')
  const path = hosted ? rest.join('/') : named
  const [name = '', tag, ...tags] = path.split(':')
  if (tags.length > 0) return say('has more than one tag')
  if (tag !== undefined && !TAG.test(tag)) return say(`has the tag '${tag}', which is no valid tag`)
  const fault = repositoryFault(name)
  if (fault) return say(fault)
  const host = hosted ? parseRepoHost(first) : undefined
  if (host && 'wrong' in host && first !== 'localhost')
    return say(`names a registry that cannot be: ${host.wrong.replace(/^repo_host /, '')}`)
  const repository = !hosted && !name.includes('/') ? `library/${name}` : name
  return {
    registry: hosted ? first : 'docker.io',
    repository,
    ...(tag !== undefined ? { tag } : digest === undefined && { tag: 'latest' }),
    ...(digest !== undefined && { digest }),
  }
}
