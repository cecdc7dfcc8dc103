import { fromJson, jsonLine } from '../base/value.ts'
import type { Outcome } from '../kit/effect.ts'
import { defineModule } from '../kit/module.ts'
import { act, type Report, refuse } from '../kit/plan.ts'
import { composeVersion } from '../questions/docker-compose.ts'
import { at, entry } from '../questions/files.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { DAEMON, docker, flagged } from './shared/docker.ts'
import {
  actionsIn,
  composeWords,
  dryRuns,
  programActionsIn,
  programFault,
  servicesOf,
} from './shared/docker-compose.ts'
import { ended } from './shared/ended.ts'

const TEXTS = { type: 'array', items: { type: 'string' } } as const
const OFF = { type: 'boolean', default: false } as const

/** The services of a compose file run, by the plugin of the docker command. */
export default defineModule({
  name: 'docker_compose_v2',
  collection: 'community.docker',
  summary: 'The services of a compose file run, are stopped or are gone, by docker compose',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      project_src: { type: 'string', path: true, minLength: 1, description: 'The folder of the host with the files' },
      project_name: { type: 'string' },
      files: { ...TEXTS, description: 'Names in the folder, where they are not the usual ones' },
      env_files: TEXTS,
      profiles: TEXTS,
      services: { ...TEXTS, description: 'Some of the services; all when absent' },
      state: { type: 'string', enum: ['absent', 'stopped', 'restarted', 'present'], default: 'present' },
      build: { type: 'string', enum: ['always', 'never', 'policy'], default: 'policy' },
      pull: { type: 'string', enum: ['always', 'missing', 'never', 'policy'], default: 'policy' },
      recreate: { type: 'string', enum: ['always', 'never', 'auto'], default: 'auto' },
      dependencies: { type: 'boolean', default: true },
      remove_images: { type: 'string', enum: ['all', 'local'] },
      remove_orphans: OFF,
      remove_volumes: OFF,
      renew_anon_volumes: OFF,
      scale: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
      wait: OFF,
      wait_timeout: { type: 'integer' },
      definition: { type: 'object', description: 'What would stand in the file, in place of project_src' },
      check_files_existing: { type: 'boolean', description: 'Never needed: docker compose looks for them itself' },
      ...DAEMON,
      timeout: { type: 'integer', description: 'Seconds until a container that does not end is killed' },
    },
  },
  probe: (args, host) => ({
    found: composeVersion(docker(args), docker(args, 'docker-compose')),
    folder: entry(at(args.project_src ?? '/', host), true),
  }),
  plan(args, { found, folder }, host) {
    if (found === 'none')
      return refuse(
        'there is neither a plugin compose of docker nor docker-compose on this host',
        'install docker-compose-plugin from the packages of Docker, or docker-compose of Debian',
      )
    const { compose } = found
    const cannot = compose === 'program' ? programFault(args) : undefined
    if (cannot !== undefined)
      return refuse(`docker-compose ${found.version} does not know ${cannot}`, 'install docker-compose-plugin')
    const { definition, project_src, project_name } = args
    if ((definition === undefined) === (project_src === undefined))
      return refuse('exactly one of definition and project_src is wanted', 'give the one')
    if (definition !== undefined && project_name === undefined)
      return refuse('missing parameter(s) required by "definition": project_name', 'give project_name')
    const source = at(project_src ?? '/', host)
    if (folder?.type !== 'directory') return refuse(`"${source}" is not a directory`, 'bring it with copy')
    const words = [
      ...(definition === undefined ? (args.files ?? []) : ['-']).flatMap(file => ['--file', file]),
      ...flagged('--project-name', project_name),
      ...(args.profiles ?? []).flatMap(one => ['--profile', one]),
      ...(args.env_files ?? []).flatMap(one => ['--env-file', one]),
    ]
    const command = compose === 'plugin' ? sh`${docker(args)} compose` : docker(args, 'docker-compose')
    const base = sh`cd ${source} && ${command} --ansi never --project-directory ${source} ${words}`
    const effect = (words: string[]) => ({
      ...run(sh`${base} ${words} ${servicesOf(args, compose)}`),
      // It reads JSON as well, and what stands in it is on no command line.
      ...(definition === undefined ? {} : { stdin: jsonLine(definition) }),
    })
    const doing = composeWords(args, compose)
    const read = compose === 'plugin' ? actionsIn : programActionsIn
    const report = (outcome: Outcome): Report => {
      const actions = read(outcome.stderr)
      const { stdout, stderr } = outcome
      return ended(outcome, { actions: fromJson(actions), stdout, stderr }, actions.length > 0)
    }
    const touches = ['docker', 'images', 'networks', 'volumes', 'containers']
    // The plugin tells what it would do; the program cannot.
    const more = dryRuns(found) ? { trial: effect(['--dry-run', ...doing]) } : {}
    return act(`docker compose in ${source}: ${args.state}`, effect(doing), report, { touches, ...more })
  },
})
