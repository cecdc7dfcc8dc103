import { dict, fromJson, type Value } from '../../base/value.ts'

/** `facts.d`: JSON as it is, INI as sections, anything else as an error text, like Ansible's. */
export function local(text: string): Value {
  const out: Record<string, Value> = {}
  for (const part of text.split('\x1e').slice(1)) {
    const end = part.indexOf('\n')
    const name = part.slice(0, end).replace(/\.fact$/, '')
    out[name] = jsonOrIni(part.slice(end + 1))
  }
  return dict(out)
}

function jsonOrIni(text: string): Value {
  try {
    return fromJson(JSON.parse(text))
  } catch {
    const sections: Record<string, Record<string, string>> = {}
    let section: Record<string, string> | undefined
    for (const line of text.split('\n')) {
      const title = /^\[(.+)\]\s*$/.exec(line)?.[1]
      const [, key, value = ''] = /^([^#;=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
      if (title !== undefined) section = sections[title] ??= {}
      else if (key !== undefined && section !== undefined) section[key.toLowerCase()] = value
    }
    return Object.keys(sections).length > 0
      ? fromJson(sections)
      : 'error loading facts as JSON or ini - please check content'
  }
}
