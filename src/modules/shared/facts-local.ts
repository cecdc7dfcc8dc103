import { dict, fromJson, type Value } from '../../base/value.ts'
import { readJson } from '../../jinja/formats/json-read.ts'

/** The host's own facts, and what is wrong with some of them. */
export interface LocalFacts {
  readonly facts: Value
  readonly warnings: readonly string[]
}

/** `facts.d`: JSON as it is, INI as sections; what is neither, has failed or leads nowhere is a text that says so, as in Ansible. */
export function local(text: string): LocalFacts {
  const out: Record<string, Value> = {}
  const warnings: string[] = []
  for (const part of text.split('\x1e').slice(1)) {
    const end = part.indexOf('\n')
    const [path = '', status = ''] = part.slice(0, end).split('\x1f')
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.fact$/, '')
    const fault = faultOf(path, status)
    const value = fault ?? jsonOrIni(part.slice(end + 1))
    const wrong = value === undefined ? `error loading facts as JSON or ini - please check content: ${path}` : fault
    if (wrong !== undefined) warnings.push(wrong)
    out[name] = value ?? wrong ?? null
  }
  return { facts: dict(out), warnings }
}

/** Why a file has no content. */
function faultOf(path: string, status: string): string | undefined {
  if (status === 'gone') return `Could not stat fact (${path}): the link leads nowhere`
  return status === '' || status === '0' ? undefined : `Failure executing fact script (${path}), rc: ${status}`
}

/** Undefined when the text is neither. */
function jsonOrIni(text: string): Value | undefined {
  try {
    return readJson(text)
  } catch {
    const sections: Record<string, Record<string, string>> = {}
    let section: Record<string, string> | undefined
    let last: string | undefined
    for (const line of text.split('\n')) {
      const title = /^\[(.+)\]\s*$/.exec(line)?.[1]
      const [, key, value = ''] = /^([^#;=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
      if (title !== undefined) {
        section = sections[title] ??= {}
        last = undefined
      } else if (/^\s*(?:[#;].*)?$/.test(line)) continue
      else if (section === undefined) return undefined
      else if (key !== undefined) {
        last = key.toLowerCase()
        section[last] = value
      } else if (last !== undefined && /^\s/.test(line)) section[last] += `\n${line.trim()}`
      else return undefined
    }
    const empty = text.split('\n').every(line => /^\s*(?:[#;]|$)/.test(line))
    return empty || Object.keys(sections).length > 0 ? fromJson(sections) : undefined
  }
}
