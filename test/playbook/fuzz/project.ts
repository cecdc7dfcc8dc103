/** A small project with a file of every kind that `regplay check` reads. The names of inventories begin with `inventory`. */
export const PROJECT: Readonly<Record<string, string>> = {
  'site.yml': `---
- name: One
  hosts: "web:&db"
  become: true
  gather_facts: false
  vars: {x: 1, y: "{{ z | default('a') }}"}
  vars_files: [vars/main.yml, [vars/none.yml, vars/more.yml]]
  roles: [{role: r, when: "a == 1", p: [1, 2]}, other]
  tasks:
    - name: copy it
      ansible.builtin.copy: src=a dest="b c" mode=0644
      notify: restart
      environment: &env {A: "1"}
    - block:
        - command: ls -l creates=/x
          args: {chdir: /tmp}
          register: out
          until: out is succeeded
          retries: 3
        - import_tasks: tasks/more.yml
          vars: {<<: *env, f: more}
      rescue: [{fail: {msg: "no"}}]
      always: [{debug: {var: out}}]
      when: [a, "b in c"]
      tags: "c,d"
    - debug: {msg: "{{ item }}"}
      with_items: [1, 2]
      loop_control: {loop_var: q, label: "{{ q }}"}
    - {include_role: {name: r}, vars: {k: !unsafe "{{ v }}"}}
    - include_tasks: {file: tasks/more.yml, apply: {tags: [t]}}
    - set_fact: {a: [1, {b: c}], cacheable: true}
    - assert:
        that: ["x == 1", "y is defined"]
        fail_msg: |
          no
  handlers:
    - {name: restart, service: {name: x, state: restarted}, listen: [foo]}
- import_playbook: two.yml
`,
  'two.yml':
    "- hosts: all\n  serial: [1, '50%']\n  max_fail_percentage: 10\n  vars_prompt: [{name: v, prompt: V, private: true}]\n  tasks:\n  - meta: flush_handlers\n  - shell: |\n      echo {{ x }}\n    async: 10\n    poll: 0\n    delegate_to: localhost\n    run_once: yes\n",
  'tasks/more.yml':
    '- name: More\n  file: {path: /x, state: directory, mode: "0755"}\n  loop: "{{ [1] + l }}"\n  changed_when: false\n- template: {src: t.j2, dest: /t}\n  become_user: www\n- lineinfile:\n    path: /etc/hosts\n    regexp: ^a\n    line: "a {{ b }}"\n  no_log: true\n',
  'vars/main.yml':
    'plain: text\nnumber: 0x1f\nlist: [1, ~, 1.5, yes]\ndeep: {a: {b: [c, {d: e}]}}\nblock: |\n  one\n  two\nfolded: >-\n  three\n  four\n',
  'vars/more.yml': '---\nmore: &m {a: 1}\nagain: {<<: *m, b: 2}\nquoted: "a\\tb\\x41"\n',
  'group_vars/all.yml': 'ansible_user: root\nfrom_group: "{{ from_host }}"\n',
  'host_vars/a.yml': 'from_host: {x: [1, 2]}\n',
  'roles/r/meta/main.yml':
    "dependencies: [{role: other, when: x, vars: {k: v}}]\nallow_duplicates: true\ngalaxy_info: {author: a, platforms: [{name: Debian, versions: ['12']}]}\n",
  'roles/r/meta/argument_specs.yml':
    'argument_specs:\n  main:\n    short_description: x\n    options:\n      p: {type: list, elements: int, required: true}\n      opt: {type: dict, options: {z: {type: str, choices: [a, b], default: a}}}\n',
  'roles/r/tasks/main.yml':
    '- ping:\n- include_vars: more.yml\n- apt: {name: [a, b], state: present}\n  when: x is defined\n',
  'roles/r/defaults/main.yml': 'p: [1]\nopt: {z: a}\n',
  'roles/r/handlers/main.yml': '- name: again\n  command: /bin/true\n  listen: foo\n',
  'roles/other/tasks/main.yml': '- debug: msg=hello\n  vars: {a: b}\n',
  'inventory.ini': `a ansible_host=10.0.0.1 x="[1, 'a', None]" y=1.5
b[1:3:2] ansible_port=22 # comment
[web]
a
b[1:3]:2222
[db:children]
web
[db:vars]
k = {'a': 1}
z=0644
[all:vars]
ansible_user=root
`,
  'inventory.yml': `all:
  hosts: {a: {x: 1}, "b[1:2]": }
  children:
    web: {hosts: {a: , c.example: {ansible_port: 22}}, vars: {k: [1, ~]}}
    db: {children: {web: }, vars: {z: "{{ x }}"}}
`,
  'inventory-constructed.yml': `plugin: constructed
strict: false
compose: {y: x + 1, name: inventory_hostname | upper}
groups: {many: x > 1, odd: "inventory_hostname is match('a')"}
keyed_groups:
  - {key: x, prefix: p, separator: '-', default_value: none}
`,
}
