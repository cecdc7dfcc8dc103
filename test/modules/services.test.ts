import * as assert from 'uvu/assert'
import service from '../../src/modules/service.ts'
import systemd from '../../src/modules/systemd.ts'
import { type Unit, unit } from '../../src/questions/services.ts'
import { Answer } from '../../src/shell/answer.ts'
import { brief, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { run, SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/systemd and service')

const seen = (active: string, file: string, load = 'loaded', reload = 'no'): Unit =>
  unit('x', 'system').read(
    new Answer(
      0,
      `LoadState=${load}\nActiveState=${active}\nUnitFileState=${file}\nNeedDaemonReload=${reload}\nDescription=a=b\n`,
    ),
  )

const CASES: Record<string, [wish: Record<string, unknown>, seen: Unit, wanted: string[]]> = {
  'runs and is enabled': [{ name: 'x', state: 'started', enabled: true }, seen('active', 'enabled'), []],
  'is started and enabled': [
    { name: 'x', state: 'started', enabled: true },
    seen('inactive', 'disabled'),
    ['x.service enabled: no -> yes', 'x.service state: stopped -> started'],
  ],
  'a failed unit is started': [
    { name: 'x.timer', state: 'started' },
    seen('failed', 'enabled'),
    ['x.timer state: failed -> started'],
  ],
  'activating counts as running': [{ name: 'x', state: 'started' }, seen('activating', 'enabled'), []],
  'is stopped': [{ name: 'x', state: 'stopped' }, seen('active', 'enabled'), ['x.service state: started -> stopped']],
  restarts: [{ name: 'x', state: 'restarted' }, seen('active', 'enabled'), ['act: systemctl restart -- x.service']],
  'a restart of what does not run starts it': [
    { name: 'x', state: 'restarted' },
    seen('inactive', 'enabled'),
    ['act: systemctl start -- x.service'],
  ],
  'enabled and restarted in one go': [
    { name: 'x', state: 'restarted', enabled: true },
    seen('active', 'disabled'),
    ['act: systemctl enable -- x.service && systemctl restart -- x.service'],
  ],
  'static units need no enabling': [{ name: 'x', enabled: true }, seen('active', 'static'), []],
  'what is enabled until the next start only': [
    { name: 'x', enabled: true },
    seen('active', 'enabled-runtime'),
    ['x.service enabled: no -> yes'],
  ],
  'an indirect unit is enabled by those beside it': [
    { name: 'x', enabled: true },
    seen('inactive', 'indirect\nAlso=1'),
    ['x.service enabled: no -> yes'],
  ],
  'and is so then': [{ name: 'x', enabled: true }, seen('inactive', 'indirect\nAlso=2'), []],
  'is masked': [{ name: 'x', masked: true }, seen('inactive', 'disabled'), ['x.service masked: no -> yes']],
  'a masked unit is not started': [
    { name: 'x', state: 'started' },
    seen('inactive', 'masked', 'masked'),
    ['refuse: the unit x.service is masked'],
  ],
  'is unmasked and started': [
    { name: 'x', state: 'started', masked: false },
    seen('inactive', 'masked', 'masked'),
    ['x.service masked: yes -> no', 'x.service state: stopped -> started'],
  ],
  'a unit that is not there': [
    { name: 'x', state: 'started' },
    seen('inactive', '', 'not-found'),
    ['refuse: Could not find the requested service x: web1'],
  ],
  'a reload of systemd': [{ daemon_reload: true }, seen('active', 'enabled'), ['act: systemctl daemon-reload']],
  'no reload where systemd knows the files': [
    { name: 'x', state: 'started', daemon_reload: true },
    seen('active', 'enabled'),
    [],
  ],
  'a reload where it does not': [
    { name: 'x', state: 'started', daemon_reload: true },
    seen('active', 'enabled', 'loaded', 'yes'),
    ['act: systemctl daemon-reload'],
  ],
}

test('nothing is asked that systemd keeps as a set, whose order is another each time', () => {
  const asked = /-p (\S+)/.exec(unit('x', 'system').script.shown)?.[1]?.split(',') ?? []
  assert.ok(asked.includes('ActiveState'))
  const sets = ['Names', 'After', 'Before', 'Requires', 'Wants', 'RequiredBy', 'WantedBy', 'TriggeredBy']
  assert.equal(
    asked.filter(name => sets.includes(name)),
    [],
  )
})

for (const sysv of ['enabled', 'disabled'])
  test(`a script of SysV init that systemd made a unit of is ${sysv} by its links`, () => {
    const said = `LoadState=loaded\nActiveState=inactive\nUnitFileState=generated\nSysV=${sysv}\n`
    const answer = unit('x', 'system').read(new Answer(0, said))
    assert.is(answer.enabled, sysv === 'enabled')
    assert.not(answer.properties.has('SysV'))
    const wanted = sysv === 'enabled' ? [] : ['x.service enabled: no -> yes']
    assert.equal(brief(planWith(systemd, { name: 'x', enabled: true }, { seen: answer }, debian)), wanted)
  })

for (const state of ['restarted', 'reloaded'])
  test(`service with sysv: what does not run is started when it shall be ${state}`, () => {
    const answers = { unit: undefined, service: { found: true, running: false, enabled: true } }
    const plan = planWith(service, { name: 'x', state }, answers, { ...debian, init: 'sysv' })
    assert.equal(brief(plan), ['act: /etc/init.d/x start'])
  })

test('a reload of systemd is ok in a dry run', () => {
  const plan = planWith(systemd, { daemon_reload: true }, { seen: seen('active', 'enabled') }, debian)
  assert.is(plan.kind === 'act' && plan.trial?.kind === 'run' && plan.trial.script.shown, ':')
})

for (const [name, [wish, unit, wanted]] of Object.entries(CASES)) {
  test(name, () => {
    const answer = wish['name'] === undefined ? { ...unit, properties: new Map() } : unit
    assert.equal(brief(planWith(systemd, wish, { seen: answer }, debian)), wanted)
  })
}

test('service is systemd where there is systemd', () => {
  const plan = planWith(
    service,
    { name: 'x', state: 'started' },
    { unit: seen('inactive', 'enabled'), service: undefined },
    debian,
  )
  assert.equal(brief(plan), ['x.service state: stopped -> started'])
})

for (const [init, wanted] of [
  ['openrc', 'rc-service x stop'],
  ['sysv', '/etc/init.d/x stop'],
] as const)
  test(`service with ${init}`, () => {
    const host = { ...debian, init }
    const answers = { unit: undefined, service: { found: true, running: true, enabled: true } }
    const plan = planWith(service, { name: 'x', state: 'stopped', enabled: false }, answers, host)
    assert.equal(brief(plan), ['x enabled: yes -> no', 'x state: started -> stopped'])
    const last = plan.kind === 'change' ? plan.edits.at(-1)?.by : undefined
    assert.is(last?.kind === 'run' && last.script.shown, wanted)
  })

for (const shell of SHELLS)
  test(`${shell[0]}: a host without systemd answers too`, () => {
    const question = unit("no'such.service", 'global')
    const answer = question.read(run(question.script, shell))
    assert.is(answer.found, false)
  })

test.run()
