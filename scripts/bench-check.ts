import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { modules } from '../src/modules/index.ts'
import { checkPlaybook } from '../src/playbook/check.ts'
import { parseContext } from '../src/playbook/context.ts'

/**
 * Measures how long it takes to read and check a playbook that imports many files of tasks, as a person's machine would do
 * it. The aim is 1,000 files of ten tasks in two seconds.
 *
 *     node --import tsx scripts/bench-check.ts [FILES] [TASKS]
 */
const [files = 1000, tasks = 10] = process.argv.slice(2).map(Number)

/** Ten kinds of tasks, as roles have them. */
const KINDS: readonly ((n: number) => string)[] = [
  n =>
    `- name: Package ${n}\n  ansible.builtin.apt:\n    name: ["pkg${n}", "{{ extra_package }}"]\n    state: present\n  when: ansible_facts['os_family'] == 'Debian'\n  become: true\n`,
  n =>
    `- name: Directory ${n}\n  file:\n    path: "/srv/app${n}/{{ item }}"\n    state: directory\n    mode: '0755'\n  loop: [a, b, "{{ c | default('d') }}"]\n`,
  n =>
    `- name: Configuration ${n}\n  template:\n    src: app.conf.j2\n    dest: /etc/app${n}.conf\n    owner: root\n    mode: "0644"\n  notify: Restart app\n  tags: [config, "app${n}"]\n`,
  n =>
    `- name: Run ${n}\n  command: /usr/bin/app${n} --flag {{ flag }} --other "{{ other | join(',') }}"\n  register: out${n}\n  changed_when: "'changed' in out${n}.stdout"\n  failed_when: out${n}.rc not in [0, 2]\n`,
  n => `- name: Service ${n}\n  service: name=app${n} state=started enabled=yes\n`,
  n =>
    `- name: Fact ${n}\n  set_fact:\n    app${n}: "{{ {'a': ${n}, 'b': hostvars[inventory_hostname]['x'] | default(omit)} }}"\n`,
  n =>
    `- name: Told ${n}\n  debug:\n    msg: "{{ app${n}.a | int + 1 }} of {{ groups['all'] | length }}"\n  when:\n    - app${n} is defined\n    - app${n}.a | int > 3\n`,
  n =>
    `- block:\n    - name: Line ${n}\n      lineinfile: {path: /etc/hosts, line: "10.0.0.${n % 250} app${n}", regexp: 'app${n}$'}\n  rescue:\n    - fail: {msg: "no line ${n}"}\n  when: manage_hosts | bool\n`,
  n =>
    `- name: Copy ${n}\n  copy:\n    content: |\n      # {{ ansible_managed }}\n      port = {{ port }}\n      {% for host in groups['web'] %}\n      peer = {{ host }}\n      {% endfor %}\n    dest: /etc/app${n}.d/x.conf\n`,
  n =>
    `- name: Wait ${n}\n  uri:\n    url: "https://{{ host }}:{{ port }}/${n}"\n    return_content: true\n  register: answer${n}\n  until: answer${n}.status == 200\n  retries: 3\n  delay: 1\n`,
]

const dir = mkdtempSync(join(tmpdir(), 'regplay-bench-'))
try {
  mkdirSync(join(dir, 'tasks'))
  for (let i = 0; i < files; i++)
    writeFileSync(
      join(dir, 'tasks', `t${i}.yml`),
      Array.from({ length: tasks }, (_, j) => KINDS[j % KINDS.length]?.(i * tasks + j)).join('\n'),
    )
  const imports = Array.from({ length: files }, (_, i) => `    - import_tasks: tasks/t${i}.yml\n`).join('')
  writeFileSync(
    join(dir, 'site.yml'),
    `- hosts: all\n  tasks:\n${imports}  handlers:\n    - name: Restart app\n      service: {name: app, state: restarted}\n`,
  )
  const context = parseContext(new Map(modules.map(module => [module.name, module])))
  const begin = performance.now()
  const before = process.cpuUsage()
  const { faults } = checkPlaybook(join(dir, 'site.yml'), context)
  const took = (performance.now() - begin) / 1000
  const { user, system } = process.cpuUsage(before)
  const cpu = ((user + system) / 1e6).toFixed(2)
  process.stdout.write(
    `${files} files, ${files * tasks} tasks: ${took.toFixed(2)} s (${cpu} s of CPU), ${faults.length} faults\n`,
  )
  for (const fault of faults.slice(0, 5)) process.stdout.write(`  ${fault.message}\n`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
