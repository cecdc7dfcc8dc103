import { dict } from '../base/value.ts'
import { defineModule } from '../kit/module.ts'
import { act, change, ok, refuse } from '../kit/plan.ts'
import { logins } from '../questions/docker-logins.ts'
import { at } from '../questions/files.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { DAEMON, docker, noDocker } from './shared/docker.ts'
import { ended } from './shared/ended.ts'

const HUB = 'https://index.docker.io/v1/'

/** Docker knows a user and a password for a registry. */
export default defineModule({
  name: 'docker_login',
  collection: 'community.docker',
  summary: 'Docker knows a user and a password for a registry, or knows none',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      registry_url: { type: 'string', minLength: 1, default: HUB, aliases: ['registry', 'url'] },
      username: { type: 'string', minLength: 1 },
      password: { type: 'string', secret: true },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present' },
      reauthorize: { type: 'boolean', default: false, aliases: ['reauth'], description: 'Log in though it is known' },
      config_path: {
        type: 'string',
        path: true,
        pattern: '(^|/)config[.]json$',
        default: '~/.docker/config.json',
        aliases: ['dockercfg_path'],
        description: 'Where docker keeps it: a file that is called config.json, as the docker command wants it',
      },
      ...DAEMON,
    },
  },
  probe: (args, host) => ({ known: logins(at(args.config_path, host), docker(args)) }),
  plan(args, { known }, host) {
    if (known === 'no docker') return noDocker()
    const { registry_url: registry, username, password } = args
    if (known.store !== undefined)
      return refuse(
        `${at(args.config_path, host)} names the credential store ${known.store}, which cannot be compared`,
        'give another config_path',
      )
    const path = at(args.config_path, host)
    const cli = sh`${docker(args)} --config ${path.replace(/\/config\.json$/, '') || '/'}`
    const has = known.of.get(registry) ?? known.of.get(hostOf(registry))
    const touches = [`path:${path}`]
    const what = `login at ${registry}`
    const words = registry === HUB ? [] : [registry]
    if (args.state === 'absent') {
      const by = run(sh`${cli} logout ${words} >/dev/null`)
      return change(has === undefined ? [] : [{ what, from: has.username, to: 'none', by }], touches, {
        login_result: dict({}),
      })
    }
    if (username === undefined || password === undefined)
      return refuse('state is present but all of the following are missing: username, password', 'give both')
    const by = { ...run(sh`${cli} login --username ${username} --password-stdin ${words} >/dev/null`), stdin: password }
    const result = { login_result: dict({ username, serveraddress: registry }) }
    if (has === undefined) return change([{ what, from: 'none', to: username, by }], touches)
    const same = has.username === username && password.same(has.password)
    if (same && args.reauthorize) return act(what, by, outcome => ended(outcome, result), { touches, dry: 'pretend' })
    const from = has.username === username ? 'another password' : has.username
    return same ? ok(result) : change([{ what, from, to: username, by }], touches)
  },
})

/** Docker keeps logins by the name of the host, except that of its own registry. */
const hostOf = (registry: string): string => registry.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
