import * as assert from 'uvu/assert'
import type { Module } from '../../src/kit/module.ts'
import type { Plan } from '../../src/kit/plan.ts'
import firewalld from '../../src/modules/firewalld.ts'
import iptables from '../../src/modules/iptables.ts'
import seboolean from '../../src/modules/seboolean.ts'
import selinux from '../../src/modules/selinux.ts'
import { ruleWords as ufwWords } from '../../src/modules/shared/ufw.ts'
import ufw from '../../src/modules/ufw.ts'
import { booleanSeen, selinuxSeen } from '../../src/questions/selinux.ts'
import { Answer } from '../../src/shell/answer.ts'
import { brief, planHere, planWith } from '../support/converge.ts'
import { debian } from '../support/host.ts'
import { SHELLS } from '../support/shell.ts'
import { suite } from '../support/suite.ts'

const test = suite('modules/firewalls and SELinux')

/** The edits of a plan with the shell text that makes them. */
const made = (plan: Plan): string[] =>
  plan.kind === 'change'
    ? plan.edits.map(
        ({ what, by }) => `${what}: ${by.kind === 'run' ? by.script.shown.replace(/^PATH=\S+ *|; +/, '') : by.kind}`,
      )
    : brief(plan)

type Case = [module: Module, wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: string[]]
const FD = { missing: false, running: true, now: 1, kept: 1, said: '' }
const CHAINS = new Map([
  ['INPUT', { policy: 'ACCEPT', rules: 2 }],
  ['own', { policy: '-', rules: 0 }],
])
const IP = { missing: false, present: false, chains: CHAINS, fault: '' }
const UFW = {
  missing: false,
  status: 'Status: inactive',
  active: false,
  policies: { incoming: 'DROP', outgoing: 'ACCEPT', routed: 'DROP' },
  logging: 'low',
  numbers: [],
  dry: '*filter\n:ufw-user-input\n### tuple ### b',
  rules: { four: ['### tuple ### a'], six: [] },
  fault: '',
}

const CASES: Record<string, Case> = {
  'firewalld: a service now and later': [
    firewalld,
    { state: 'enabled', service: 'http', permanent: true, immediate: true },
    FD,
    [
      'service http (now): PATH=$PATH:/usr/sbin:/sbin; firewall-cmd --add-service=http >&2',
      'service http (permanent): PATH=$PATH:/usr/sbin:/sbin; firewall-cmd --permanent --add-service=http >&2',
    ],
  ],
  'firewalld: a port for a while': [
    firewalld,
    { state: 'enabled', port: '80/tcp', zone: 'x', timeout: 9 },
    FD,
    ['port 80/tcp (now): PATH=$PATH:/usr/sbin:/sbin; firewall-cmd --timeout=9 --zone=x --add-port=80/tcp >&2'],
  ],
  'firewalld: what is there stays': [
    firewalld,
    { state: 'enabled', rich_rule: 'rule x', permanent: true },
    { ...FD, kept: 0 },
    [],
  ],
  'firewalld: it goes': [
    firewalld,
    { state: 'disabled', source: '10.0.0.0/8', permanent: true },
    { ...FD, kept: 0 },
    [
      'source 10.0.0.0/8 (permanent): PATH=$PATH:/usr/sbin:/sbin; firewall-cmd --permanent --remove-source=10.0.0.0/8 >&2',
    ],
  ],
  'firewalld: while it rests': [
    firewalld,
    { state: 'enabled', service: 'http', permanent: true },
    { ...FD, running: false, now: undefined },
    ['service http (permanent): PATH=$PATH:/usr/sbin:/sbin; firewall-offline-cmd --add-service=http >&2'],
  ],
  'firewalld: less while it rests': [
    firewalld,
    { state: 'disabled', service: 'http', permanent: true },
    { ...FD, running: false, now: undefined, kept: 0 },
    ['service http (permanent): PATH=$PATH:/usr/sbin:/sbin; firewall-offline-cmd --remove-service-from-zone=http >&2'],
  ],
  'firewalld: now, too, while it rests': [
    firewalld,
    { state: 'enabled', service: 'http', permanent: true, immediate: true },
    { ...FD, running: false, now: undefined },
    [
      'refuse: firewall is not currently running, unable to perform immediate actions without a running firewall daemon',
    ],
  ],
  'firewalld: now while it rests': [
    firewalld,
    { state: 'enabled', service: 'http' },
    { ...FD, running: false, now: undefined },
    [
      'refuse: firewall is not currently running, unable to perform immediate actions without a running firewall daemon',
    ],
  ],
  'firewalld: a port that leads elsewhere': [
    firewalld,
    { state: 'enabled', port_forward: [{ port: '1', proto: 'tcp', toport: '2', toaddr: '10.1.1.1' }], permanent: true },
    FD,
    [
      'port_forward port=1:proto=tcp:toport=2:toaddr=10.1.1.1 (permanent): PATH=$PATH:/usr/sbin:/sbin; firewall-cmd --permanent --add-forward-port=port=1:proto=tcp:toport=2:toaddr=10.1.1.1 >&2',
    ],
  ],
  'firewalld: no masquerade': [
    firewalld,
    { state: 'enabled', masquerade: false },
    { ...FD, now: 0 },
    ['masquerade false (now): PATH=$PATH:/usr/sbin:/sbin; firewall-cmd --remove-masquerade >&2'],
  ],
  'firewalld: a new zone': [
    firewalld,
    { state: 'present', zone: 'x', permanent: true },
    { ...FD, kept: 0, said: 'block public' },
    ['zone x (permanent): PATH=$PATH:/usr/sbin:/sbin; firewall-cmd --permanent --new-zone=x >&2'],
  ],
  'firewalld: a zone that is there': [
    firewalld,
    { state: 'present', zone: 'x', permanent: true },
    { ...FD, kept: 0, said: 'block x' },
    [],
  ],
  'firewalld: the target of a zone': [
    firewalld,
    { state: 'enabled', zone: 'x', target: 'DROP', permanent: true },
    { ...FD, kept: 0, said: 'default' },
    ['target DROP (permanent): PATH=$PATH:/usr/sbin:/sbin; firewall-cmd --permanent --zone=x --set-target=DROP >&2'],
  ],
  'firewalld: two things': [
    firewalld,
    { state: 'enabled', service: 'x', port: '1/tcp' },
    FD,
    ['refuse: can only operate on one of: service, port at once'],
  ],
  'firewalld: no such service': [
    firewalld,
    { state: 'enabled', service: 'x' },
    { ...FD, now: 101, said: 'INVALID_SERVICE' },
    ['refuse: firewalld does not take this: INVALID_SERVICE'],
  ],
  'firewalld: not there': [
    firewalld,
    { state: 'enabled', service: 'x' },
    { ...FD, missing: true },
    ['refuse: web1 has no firewalld'],
  ],

  'iptables: a rule in its place': [
    iptables,
    { chain: 'INPUT', protocol: 'tcp', destination_port: '80', jump: 'ACCEPT', action: 'insert', rule_num: '2' },
    IP,
    [
      'INPUT -p tcp -j ACCEPT --destination-port 80: PATH=$PATH:/usr/sbin:/sbin; iptables -t filter -I INPUT 2 -p tcp -j ACCEPT --destination-port 80',
    ],
  ],
  'iptables: a rule that is there': [iptables, { chain: 'INPUT', jump: 'ACCEPT' }, { ...IP, present: true }, []],
  'iptables: a chain with its rule': [
    iptables,
    { chain: 'new', jump: 'ACCEPT', chain_management: true },
    IP,
    [
      'new: PATH=$PATH:/usr/sbin:/sbin; iptables -t filter -N new',
      'new -j ACCEPT: PATH=$PATH:/usr/sbin:/sbin; iptables -t filter -A new -j ACCEPT',
    ],
  ],
  'iptables: no such chain': [
    iptables,
    { chain: 'new', jump: 'ACCEPT' },
    IP,
    ['refuse: there is no chain new in filter on web1'],
  ],
  'iptables: a policy': [
    iptables,
    { chain: 'INPUT', policy: 'DROP' },
    IP,
    ['policy of INPUT: PATH=$PATH:/usr/sbin:/sbin; iptables -t filter -P INPUT DROP'],
  ],
  'iptables: all rules go': [
    iptables,
    { flush: true, ip_version: 'ipv6' },
    IP,
    ['filter: PATH=$PATH:/usr/sbin:/sbin; ip6tables -t filter -F'],
  ],
  'iptables: there are none': [iptables, { flush: true, chain: 'own' }, IP, []],
  'iptables: logs': [
    iptables,
    { chain: 'INPUT', log_prefix: 'a b' },
    IP,
    ["INPUT --log-prefix a b: PATH=$PATH:/usr/sbin:/sbin; iptables -t filter -A INPUT -j LOG --log-prefix 'a b'"],
  ],
  'iptables: not there': [
    iptables,
    { chain: 'INPUT', jump: 'DROP' },
    { ...IP, missing: true },
    ['refuse: web1 has no iptables'],
  ],

  'ufw: a rule': [
    ufw,
    { rule: 'allow', to_port: '22', proto: 'tcp', comment: 'a b' },
    UFW,
    [
      "allow from any to any port 22 proto tcp comment a b: PATH=$PATH:/usr/sbin:/sbin LC_ALL=C; export LC_ALL; ufw allow from any to any port 22 proto tcp comment 'a b'",
    ],
  ],
  'ufw: a rule that is there': [
    ufw,
    { rule: 'allow', to_port: '22' },
    { ...UFW, dry: 'Skipping adding existing rule\nSkipping adding existing rule (v6)' },
    [],
  ],
  'ufw: a rule that is not there need not go': [
    ufw,
    { rule: 'allow', to_port: '22', delete: true },
    { ...UFW, dry: 'Could not delete non-existent rule\nCould not delete non-existent rule (v6)' },
    [],
  ],
  'ufw: the rules would be the same': [
    ufw,
    { rule: 'allow', to_port: '22', delete: true },
    { ...UFW, dry: '*filter\n:ufw-user-input\n### tuple ### a\n*filter\n:ufw6-user-input\nRules updated' },
    [],
  ],
  'ufw: after the last rule of IPv4': [
    ufw,
    { rule: 'deny', insert: 0, insert_relative_to: 'last-ipv4' },
    {
      ...UFW,
      numbers: [
        { number: 1, six: false },
        { number: 2, six: false },
        { number: 3, six: true },
      ],
    },
    ['deny from any to any: PATH=$PATH:/usr/sbin:/sbin LC_ALL=C; export LC_ALL; ufw insert 2 deny from any to any'],
  ],
  'ufw: at work, with a default': [
    ufw,
    { state: 'enabled', default: 'reject', direction: 'outgoing' },
    UFW,
    [
      'ufw: PATH=$PATH:/usr/sbin:/sbin LC_ALL=C; export LC_ALL; ufw -f enable',
      'default outgoing: PATH=$PATH:/usr/sbin:/sbin LC_ALL=C; export LC_ALL; ufw default reject outgoing',
    ],
  ],
  'ufw: nothing to do': [ufw, { state: 'disabled', default: 'deny', logging: 'on' }, UFW, []],
  'ufw: read again': [ufw, { state: 'reloaded' }, UFW, ['act: ufw reloaded']],
  'ufw: it does not take it': [
    ufw,
    { rule: 'allow', to_port: 'x' },
    { ...UFW, fault: 'ERROR: Bad port' },
    ['refuse: ERROR: Bad port'],
  ],
  'ufw: not there': [ufw, { state: 'enabled' }, { ...UFW, missing: true }, ['refuse: web1 has no ufw']],

  'seboolean: on, now': [
    seboolean,
    { name: 'x', state: true },
    { enabled: true, now: false, kept: undefined },
    ['x: PATH=$PATH:/usr/sbin:/sbin setsebool  x on'],
  ],
  'seboolean: on for ever': [
    seboolean,
    { name: 'x', state: true, persistent: true },
    { enabled: true, now: true, kept: undefined },
    ['x: PATH=$PATH:/usr/sbin:/sbin setsebool -P x on'],
  ],
  'seboolean: as it is': [
    seboolean,
    { name: 'x', state: false, persistent: true },
    { enabled: true, now: false, kept: false },
    [],
  ],
  'seboolean: no such switch': [
    seboolean,
    { name: 'x', state: true },
    { enabled: true },
    ['refuse: SELinux boolean x does not exist.'],
  ],
  'seboolean: without SELinux': [
    seboolean,
    { name: 'x', state: true },
    { enabled: false },
    ['refuse: SELinux is disabled on this host.'],
  ],
}

/** Where the text begins is the same for all. */
const plain = (line: string): string =>
  line.replaceAll('PATH=$PATH:/usr/sbin:/sbin; ', '').replaceAll('PATH=$PATH:/usr/sbin:/sbin ', '')
for (const [title, [module, wish, seen, wanted]] of Object.entries(CASES))
  test(title, () => assert.equal(made(planWith(module, wish, { seen }, debian)).map(plain), wanted.map(plain)))

const CONFIG = '# c\nSELINUX=permissive\nSELINUXTYPE=targeted\n'
const MODE = { mode: 'permissive', policy: true, kernels: true, grubby: true }
const MODES: Record<
  string,
  [wish: Record<string, unknown>, seen: Record<string, unknown>, wanted: string[], after?: string]
> = {
  enforces: [
    { state: 'enforcing', policy: 'targeted' },
    MODE,
    ['state: permissive -> enforcing', 'state after a reboot: permissive -> enforcing'],
    '# c\nSELINUX=enforcing\nSELINUXTYPE=targeted\n',
  ],
  'is as it is': [{ state: 'permissive', policy: 'targeted' }, MODE, []],
  'has another policy': [
    { state: 'permissive', policy: 'mls' },
    MODE,
    ['policy: targeted -> mls'],
    '# c\nSELINUX=permissive\nSELINUXTYPE=mls\n',
  ],
  'is off after a reboot, and quiet until then': [
    { state: 'disabled' },
    { ...MODE, mode: 'enforcing' },
    ['state: enforcing -> permissive', 'state after a reboot: permissive -> disabled'],
  ],
  'is off for the kernels, too': [
    { state: 'disabled', update_kernel_param: true },
    MODE,
    ['state after a reboot: permissive -> disabled', 'kernels: enabled -> disabled'],
  ],
  'needs a policy': [{ state: 'enforcing' }, MODE, ["refuse: Policy is required if state is not 'disabled'"]],
  'needs one that is there': [
    { state: 'enforcing', policy: 'mls' },
    { ...MODE, policy: false },
    ['refuse: Policy mls does not exist in /etc/selinux/'],
  ],
  'needs grubby for kernels': [
    { state: 'disabled', update_kernel_param: true },
    { ...MODE, grubby: false },
    ["refuse: 'grubby' command not found on host"],
  ],
}
for (const [title, [wish, seen, wanted, after]] of Object.entries(MODES))
  test(`selinux: it ${title}`, () => {
    const plan = planWith(selinux, wish, { config: CONFIG, seen }, debian)
    assert.equal(brief(plan), wanted)
    if (after !== undefined && plan.kind === 'change') assert.ok(plan.edits.some(edit => edit.texts?.after === after))
    if (wish['state'] === 'disabled' && plan.kind === 'change') assert.is(plan.result['reboot_required'], true)
  })

test('selinux: what a host says of it is understood', () => {
  const of = (text: string) => selinuxSeen('x', true).read(new Answer(0, text))
  assert.equal(of('1\npolicy\ngrubby\nargs="ro quiet"\nargs="ro selinux=0"\n'), {
    mode: 'enforcing',
    policy: true,
    grubby: true,
    kernels: undefined,
  })
  assert.equal(of('none\ngrubby\nargs="selinux=0"\n'), {
    mode: 'disabled',
    policy: false,
    grubby: true,
    kernels: false,
  })
  assert.equal(booleanSeen('x').read(new Answer(0, 'enabled\nnow 0 0\nkept y=0\nkept x=1\n')), {
    enabled: true,
    now: false,
    kept: true,
  })
})

test('ufw: the words of a rule', () => {
  const none = {
    route: true,
    delete: true,
    insert_relative_to: 'zero',
    log: true,
    from_ip: 'any',
    to_ip: 'any',
  } as const
  assert.is(
    ufwWords({ ...none, rule: 'deny', interface_in: 'a', interface_out: 'b', from_port: '1', name: 'x' }, 3).join(' '),
    'route delete deny in on a out on b log from any port 1 to any app x',
  )
})

for (const shell of SHELLS)
  test(`${shell[0]}: hosts that have none of it are told so`, async () => {
    const lines = async (module: Module, wish: Record<string, unknown>) =>
      brief(await planHere(module, wish, debian, shell)).join()
    assert.match(
      await lines(firewalld, { state: 'enabled', service: 'ssh', permanent: true }),
      /has no firewalld|service ssh|^$/,
    )
    assert.match(await lines(seboolean, { name: 'x', state: true }), /SELinux is disabled|does not exist/)
    assert.match(
      await lines(selinux, { state: 'permissive', policy: 'x', configfile: '/none/config' }),
      /Unable to find file/,
    )
    if (shell[0] !== 'busybox') return
    assert.match(await lines(ufw, { state: 'enabled' }), /has no ufw|^ufw/)
  })

test.run()
