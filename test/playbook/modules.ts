import { defineModule, type Module } from '../../src/kit/module.ts'
import { ok } from '../../src/kit/plan.ts'
import type { ArgsSchema } from '../../src/kit/schema.ts'
import { foreign } from '../../src/modules/shared/foreign.ts'

const make = (name: string, args: Partial<ArgsSchema>, collection = 'ansible.builtin'): Module =>
  defineModule({
    name,
    collection,
    summary: `Stands for ${name}`,
    args: { type: 'object', additionalProperties: false, properties: {}, ...args },
    probe: () => ({}),
    plan: () => ok(),
  })

const RUNNING = {
  freeForm: '_raw_params',
  oneOf: [['_raw_params', 'cmd']],
  properties: {
    _raw_params: { type: 'string' },
    cmd: { type: 'string' },
    chdir: { type: 'string' },
    creates: { type: 'string' },
    removes: { type: 'string' },
  },
} as const

/** Small stand-ins with the argument schemas of the modules that tests of the language use. */
export const MODULES: ReadonlyMap<string, Module> = new Map(
  [
    make('ping', { properties: { data: { type: 'string', default: 'pong' } } }),
    make('debug', { properties: { msg: {}, var: {}, verbosity: { type: 'integer' } } }),
    make('fail', { properties: { msg: { type: 'string' } } }),
    make('command', RUNNING),
    make('shell', RUNNING),
    make('user', { required: ['name'], properties: { name: { type: 'string' } } }),
    make('set_fact', { additionalProperties: {} }),
    make('copy', {
      required: ['dest'],
      exclusive: [['src', 'content']],
      oneOf: [['src', 'content']],
      properties: {
        src: { type: 'string' },
        content: {},
        dest: { type: 'string', aliases: ['path'] },
        mode: { type: 'string', pattern: '^0?[0-7]{3,4}$' },
        force: { type: 'boolean', default: true },
        backup: { type: 'boolean', refused: 'nothing is kept' },
      },
    }),
    make('service', {
      required: ['name'],
      properties: { name: { type: 'string' }, state: { type: 'string', enum: ['started', 'stopped', 'restarted'] } },
    }),
    make('docker_container', { properties: { name: { type: 'string' } } }, 'community.docker'),
    make('registry_check', { properties: {} }, 'regplay.registry'),
    ...foreign.filter(({ name }) => ['snap', 'subversion'].includes(name)),
  ].map(module => [module.name, module]),
)
