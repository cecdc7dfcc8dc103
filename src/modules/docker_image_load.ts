import { defineModule } from '../kit/module.ts'
import { act, refuse } from '../kit/plan.ts'
import { daemon } from '../questions/docker.ts'
import { at, entry } from '../questions/files.ts'
import { sh } from '../shell/script.ts'
import { run } from './shared/attributes.ts'
import { DAEMON, docker, documents, noDocker, shown } from './shared/docker.ts'
import { ended } from './shared/ended.ts'

/** Loads all images of an archive of the host. */
export default defineModule({
  name: 'docker_image_load',
  collection: 'community.docker',
  summary: 'Loads the images of an archive that is on the host',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: { type: 'string', path: true, minLength: 1, description: 'An archive on the host, made by docker save' },
      ...DAEMON,
    },
  },
  probe: (args, host) => ({ file: entry(at(args.path, host), true), any: daemon(docker(args)) }),
  plan(args, { file, any }, host) {
    if (any === 'no docker') return noDocker()
    const path = at(args.path, host)
    if (file === undefined) return refuse(`Error opening archive ${path}: there is no such file`, 'bring it with copy')
    const cli = docker(args)
    return act(
      `load ${path}`,
      run(sh`said=$(${cli} load -i ${path} 2>&1) || { printf '%s\n' "$said" >&2; exit 1; }
printf '%s\n' "$said"
set -- $(printf '%s\n' "$said" | sed -n -e 's/^Loaded image: //p' -e 's/^Loaded image ID: //p')
[ $# -eq 0 ] || ${cli} image inspect "$@"`),
      outcome => {
        const lines = outcome.stdout.split('\n').filter(line => line.startsWith('Loaded image'))
        const image_names = lines.map(line => line.replace(/^[^:]*: */, '').trim())
        const result = { image_names, images: shown(documents(outcome.stdout)), stdout: lines.join('\n') }
        if (outcome.code === 0 && lines.length === 0)
          return { changed: false, failed: 'Detected no loaded images. Archive potentially corrupt?', result }
        return ended(outcome, outcome.code === 0 ? result : {})
      },
      { touches: ['docker', 'images'] },
    )
  },
})
