/** An inventory of several files, and the command line that reads it. */
export interface Case {
  readonly files: Readonly<Record<string, string>>
  /** Default: the file `hosts`. */
  readonly sources?: readonly string[]
  readonly args?: readonly string[]
  /** Settings, by their variables. */
  readonly env?: Readonly<Record<string, string>>
  /** Python prints its tuples in round brackets; here they are lists. */
  readonly tuples?: true
}

const ini = (hosts: string): Case => ({ files: { hosts } })
const yaml = (text: string): Case => ({ files: { 'hosts.yml': text }, sources: ['hosts.yml'] })
const script = (list: string, host = '{}'): Case => ({
  files: { inv: `#!/bin/sh\nif [ "$1" = --list ]; then cat <<'E'\n${list}\nE\nelse cat <<'E'\n${host}\nE\nfi\n` },
  sources: ['inv'],
})

/** Made by hand: every corner that we know of. */
export const HAND_MADE: Readonly<Record<string, Case>> = {
  'INI: groups, children, ranges, aliases': ini(
    'x:22 a=1\n[b]\nh[1:3] v="[1, 2]"\n[a]\nh2 z=0644 y=1.50 q=yes\n[c:children]\nb\na\n[c:vars]\nk = {"a": None}\n',
  ),
  'INI: numbers': ini(
    'h a=1 b=-1 c=+1 d=--1 e=1_000 f=0644 g=00 h=0x1f i=0o17 j=0b101 k=1. l=.5 m=1e5 n=1E-2 o=12345678901234567890 p=1.0 q=-0.0 r=1__0 s=0x t=1e r2=10L\n',
  ),
  'INI: words that are literals, and words that are not': ini(
    'h a=True b=False c=None d=true e=none f=yes g=~ h=null i=TRUE j=Truex k=True.x l=on\n',
  ),
  'INI: strings in strings': ini(
    `h a="'x'" b='"x"' c="'a' 'b'" d="'a''b'" e="u'x'" f="b'x'" g="r'\\\\n'" h="f'x'" i="'a\\\\tb'" j="'''x'''" k="ub'x'" l="bu'x'" m="rb'x'"\n`,
  ),
  'INI: lists and dicts': ini(
    `h a="[1, 2, ]" c="(1)" h="{'a': [1, {'b': 2}]}" i="{1: 2}" j="[1, 2" k="[a, b]" l="[]" m="{}" n="{'a': 1, 'a': 2}" o="[[], {}]" p="[1 2]"\n`,
  ),
  'INI: tuples': {
    ...ini(`h b="(1, 2)" d="(1,)" e="()" f="1, 2" g="1,"\n[g]\nh\n[g:vars]\ni = 1, 2\nj = ('a')\n`),
    tuples: true,
  },
  'INI: expressions are no literals': ini('h a="1+1" b="2*3" c="-True" d="not 1" e="x" f="x.y" g="f(1)" h="[1][0]"\n'),
  'INI: templates stay': ini(
    'h a="{{ x }}" c="{% if x %}y{% endif %}" d="{{x}}"\n[all:vars]\ne={{ x }} y\nf="{{ x }}"\n',
  ),
  'INI: shell words': ini(
    `h a='b c' d="e f" g=h\\ i j="k \\"l\\" m" n='o "p" q' r="" s= t=a=b=c u="a"'b'c w="\\x" 'y z'=1\n`,
  ),
  'INI: comments': ini(
    '# one\n; two\nh a=1 # three\n  # four\ni a="#5" # x\n[g] # six\nj\n[g:vars] # seven\nk=1 # eight\nl=a # nine\nm="a" # ten\nn=a#b\n[p:children] # c\ng # eleven\n',
  ),
  'INI: blanks and odd ends of lines': ini(
    '\n\n  h  a=1   b=2  \r\n\t[g]\r\n\ti\n[g:vars]\n  a   =   b  c  \n =\n'.replace(' =\n', ''),
  ),
  'INI: vars with equals signs and quotes': ini(
    '[g]\nh\n[g:vars]\na=b=c\nb = "quoted"\nc = \'single\'\nd = "a" "b"\ne=\nf = # only a comment\ng = [1,\nh = a, b\n',
  ),
  'INI: ranges': ini(
    'a[1:3]\nb[01:03]\nc[001:010:3]\nd[a:c]\ne[1:2][a:b]\nf[:3]\ng[1:9:4]-x\nh[x:z:2]\n10.0.0.[1:3]\ni[09:11]\nj[0:2]\n',
  ),
  'INI: a range over letters of both cases': ini('d[y:B]\n'),
  'INI: addresses and ports': ini(
    '10.0.0.1\n10.0.0.2:2222\nfd00::1\n[fd00::2]:2222\n::1 a=1\nh.example.org:22\ni:22 ansible_port=23\nj ansible_port="{{ p }}"\n',
  ),
  'INI: one host in many groups': ini(
    'h a=0\n[a]\nh a=1\n[b]\nh b=2\n[c]\nh a=3 c=3\n[d]\nh\n[a:vars]\nz=a\n[b:vars]\nz=b\n',
  ),
  'INI: ungrouped by name and by all': ini('a\n[ungrouped]\nb\n[all]\nc\nd\n[g]\nd\nb\n'),
  'INI: nobody': ini('[g]\n[h:children]\ng\n[g:vars]\na=1\n'),
  'INI: nothing at all': ini('# nothing\n'),
  'INI: sections again': ini('[a]\nh1\n[b]\nh2\n[a]\nh3\n[a:vars]\nx=1\n[a:vars]\nx=2\ny=3\n[a:hosts]\nh4\n'),
  'INI: children before their groups': ini(
    '[p:children]\nq\nr\n[q:children]\ns\n[s]\nh1\n[r]\nh2\n[p:vars]\nv=p\n[s:vars]\nv=s\n',
  ),
  'INI: a child of two, of all, and of ungrouped': ini(
    '[a:children]\nc\n[b:children]\nc\n[all:children]\nc\nd\n[ungrouped:children]\ne\n[c]\nh\n[d]\ni\n[e]\nj\n',
  ),
  'INI: depth, priority, name': ini(
    '[b]\nh\n[a]\nh\n[z:children]\na\n[y]\nh\n[x]\nh\n[all:vars]\nv=all\n[z:vars]\nv=z\nw=z\n[a:vars]\nv=a\n[b:vars]\nv=b\nw=b\n[y:vars]\nw=y\nu=y\nansible_group_priority=5\n[x:vars]\nu=x\n',
  ),
  'INI: priority of a group far up, negative and zero': ini(
    '[a]\nh\n[b]\nh\n[c]\nh\n[t:children]\na\n[t:vars]\nansible_group_priority=10\nv=t\n[a:vars]\nv=a\nansible_group_priority=-1\n[b:vars]\nv=b\nansible_group_priority=0\n[c:vars]\nv=c\nansible_group_priority="3"\n',
  ),
  'INI: a diamond of groups': ini(
    '[top:children]\nl\nr\n[l:children]\nbot\n[r:children]\nmid\n[mid:children]\nbot\n[bot]\nh1\nh2\n[l:vars]\nv=l\n[r:vars]\nv=r\n[mid:vars]\nv=mid\n[top:vars]\nv=top\n',
  ),
  'INI: names that are odd but allowed': ini(
    '[web-servers]\nh_1\n[2019]\nmy-host.example\n[a.b]\nÄrger\n[web-servers:vars]\nkey-with-dash=1\n[x/y]\nh9\n',
  ),
  'INI: a host named as a group': ini('[web]\nweb a=1\ndb\n[db]\nweb\n[web:vars]\nb=2\n'),
  'INI: names that Ansible hides': ini(
    'h inventory_dir=x ansible_limit=y playbook_dir=z groups=1 omit=2 ansible_check_mode=3\n',
  ),
  'INI: localhost': ini('localhost ansible_connection=local\n127.0.0.1 a=1\n[g]\nlocalhost\n'),
  'YAML: the usual': yaml(
    'all:\n  hosts:\n    top:\n  vars: {v: all, w: all}\n  children:\n    web:\n      hosts:\n        web[1:2]: {n: 1}\n      vars: {v: web}\n    site:\n      children:\n        web:\n        db:\n          hosts: db1\n',
  ),
  'YAML: scalars of 1.1': yaml(
    'all:\n  hosts:\n    h:\n      a: yes\n      b: no\n      c: 0644\n      d: 0o644\n      e: 1:30\n      f: 1e3\n      g: 1.0e+3\n      h: ~\n      i: null\n      j: "1"\n      k: 1_000\n      l: 0x1F\n      m: 0b11\n      n: On\n      o: y\n      p: .5\n      q: -.5\n      r: 1.\n      s: +1\n      t: 2001-01-02\n      u: "{{ x }}"\n      v: !unsafe "{{ x }}"\n      big: 12345678901234567890\n',
  ),
  'YAML: anchors, merges, block text': yaml(
    'x: &x {vars: {a: 1, b: {c: 2}}}\nall:\n  vars:\n    base: &base {p: 1, q: 2}\n    more: {<<: *base, q: 3}\n    list: &l [1, 2]\n    same: *l\n    text: |\n      one\n        two\n    folded: >-\n      one\n      two\n  hosts: {h: }\ny: {<<: *x}\n',
  ),
  'YAML: vaults': yaml(
    'all:\n  hosts:\n    h:\n      v: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n        31323334\n      l: [!vault "$ANSIBLE_VAULT;1.1;AES256\\n3132\\n"]\n',
  ),
  'YAML: ports, addresses, ranges': yaml(
    'g:\n  hosts:\n    h:22: {a: 1}\n    "[fd00::1]:2222":\n    fd00::2: {}\n    w[01:03].x: {r: 1}\n    10.0.0.[1:2]:\n',
  ),
  'YAML: empty sections, strings for mappings': yaml(
    'a:\nb: {}\nc: {hosts: , vars: , children: }\nd: {hosts: one, children: a}\nall: {hosts: two}\n',
  ),
  'YAML: a group in many places': yaml(
    'a: {children: {c: {hosts: {h1: {x: 1}}}}}\nb: {children: {c: {vars: {y: 2}}}}\nc: {hosts: {h2: , h1: {z: 3}}, vars: {y: 4}}\n',
  ),
  'YAML: priority': yaml(
    'a: {hosts: {h: }, vars: {v: a, ansible_group_priority: 2}}\nb: {hosts: {h: }, vars: {v: b}}\nc: {hosts: {h: }, vars: {v: c, ansible_group_priority: "2"}}\n',
  ),
  'YAML without an ending': { files: { hosts: 'all:\n  hosts:\n    h: {a: 1}\n' } },
  'JSON without an ending': { files: { hosts: '{"all": {"hosts": {"h": {"a": [1, null, true]}}}}' } },
  'JSON by its ending': {
    files: { 'h.json': '{"g": {"hosts": {"h": null}, "vars": {"a": {"b": 1.0}}}}' },
    sources: ['h.json'],
  },
  'a list of hosts': { files: {}, sources: ['a,b:2222, c ,10.0.0.1,[fd00::1]:22,fd00::2,a'] },
  'a list of one': { files: {}, sources: ['localhost,'] },
  'a script': script(
    '{"web": {"hosts": ["h1", "h2"], "vars": {"v": 1}, "children": ["sub"]}, "sub": ["h3"], "e": {"vars": {"z": 1}}, "_meta": {"hostvars": {"h1": {"x": [1, "a"]}, "nobody": {"y": 1}}}}',
  ),
  'a script without _meta': script('{"web": ["h1", "h2"]}', '{"a": 1, "b": {"c": null}}'),
  'a script: a group that is a host': script('{"h1": {"a": 1}, "g": {"hosts": []}, "_meta": {"hostvars": {}}}'),
  'a script: all and ungrouped': script(
    '{"all": {"hosts": ["a", "b"], "vars": {"v": 1}, "children": ["g"]}, "ungrouped": ["b"], "g": ["c"], "_meta": {"hostvars": {"c": {"ansible_host": "::1"}}}}',
  ),
  'a script that tells vaults and unsafe texts': script(
    '{"g": ["h"], "_meta": {"hostvars": {"h": {"v": {"__ansible_vault": "$ANSIBLE_VAULT;1.1;AES256\\n3132\\n"}, "u": {"__ansible_unsafe": "{{ x }}"}}}}}',
  ),
  'a directory': {
    files: {
      'inv/01-hosts': '[web]\nh1 a=1\n',
      'inv/02.yml': 'web: {hosts: {h2: {a: 2}}}\ndb: {hosts: {h1: {a: 3}}}\n',
      'inv/10-more': 'h1 a=10\nh3\n',
      'inv/9-last': '[web:children]\nsub\n[sub]\nh4\n',
      'inv/notes.txt': 'no',
      'inv/old.bak': 'no',
      'inv/.hidden': 'no',
      'inv/x.cfg': 'no',
      'inv/y.retry': 'no',
      'inv/z~': 'no',
      'inv/deep/a': '[deep]\nh5\n',
      'inv/deep/group_vars/deep.yml': 'not: read\n',
      'inv/group_vars/all.yml': 'a: all\nb: all\n',
      'inv/group_vars/web/1.yml': 'b: one\nc: one\n',
      'inv/group_vars/web/2.yaml': 'c: two\n',
      'inv/group_vars/web/skip.txt': '- not read\n',
      'inv/host_vars/h1.json': '{"c": "host"}',
      'inv/host_vars/h2': 'd: 0644\n',
    },
    sources: ['inv'],
  },
  'variables beside a file': {
    files: {
      hosts: '[g]\nh v=host\n[g:children]\ni\n[i]\nj\n[g:vars]\nw=g\n[all:vars]\nw=all\nx=all\n',
      'group_vars/all.yml': 'x: file all\ny: yes\nz: 0644\n',
      'group_vars/g/x.yml': 'a: 1.0\nx: file g\n',
      'group_vars/g/y/deep.yml': 'deep: 1\n',
      'group_vars/g/.hid.yml': 'hid: 1\n',
      'group_vars/g/b~': 'back: 1\n',
      'group_vars/g/plain': 'plain: 1\n',
      'group_vars/g/dotted.d/x.yml': 'dotted: 1\n',
      'group_vars/i': 'x: file i\n',
      'group_vars/i.yml': 'never: 1\n',
      'group_vars/ungrouped.yaml': 'u: 1\n',
      'host_vars/h': 'c: {d: [~]}\nv: file\n',
      'host_vars/j.yaml': '---\n# nothing\n',
    },
  },
  'group_vars where a directory has no files': {
    files: { hosts: '[g]\nh\n', 'group_vars/g/.keep': '', 'group_vars/g.yml': 'a: 1\n', 'host_vars/h.yml': 'b: 1\n' },
  },
  'several sources, later ones win': {
    files: {
      'a/hosts': '[g]\nh v=a\n[g:vars]\nw=a\n',
      'a/group_vars/g': 'x: a\ny: a\n',
      'b/hosts': '[g]\nh v=b\ni\n[g:vars]\nw=b\n',
      'b/group_vars/g': 'x: b\n',
      'b/host_vars/h': 'z: b\n',
    },
    sources: ['a/hosts', 'b/hosts', 'j,'],
  },
  'a source twice: its directory counts last': {
    files: {
      'a/one': 'h\n',
      'a/two': 'i\n',
      'a/group_vars/all': 'x: a\n',
      'b/hosts': 'h\n',
      'b/group_vars/all': 'x: b\n',
    },
    sources: ['a/one', 'b/hosts', 'a/two'],
  },
  'extra variables': {
    files: { hosts: 'h a=1\ni\n[g]\ni\n[g:vars]\nb=1\n', 'v.yml': 'c: {d: 1}\nb: file\n' },
    args: ['-e', 'a=2 x="y z"', '-e', '{"l": [1, null]}', '-e', '@v.yml'],
  },
  'variables beside the playbook': {
    files: {
      'inv/hosts': '[g]\nh\n',
      'inv/group_vars/all': 'a: inventory all\nb: inventory all\n',
      'inv/group_vars/g': 'c: inventory g\nd: inventory g\n',
      'inv/host_vars/h': 'e: inventory h\nf: inventory h\n',
      'play/group_vars/all': 'b: playbook all\nc: playbook all\n',
      'play/group_vars/g': 'd: playbook g\ne: playbook g\n',
      'play/host_vars/h': 'f: playbook h\n',
    },
    sources: ['inv/hosts'],
    args: ['--playbook-dir', 'play'],
  },
  constructed: {
    files: {
      hosts:
        "[a]\nweb1 n=1 tags=\"['x', 'y z']\" d=\"{'k': 'v', 'e': ''}\" os=Debian\nweb2 n=2 os=\n[b]\ndb1 n=3 os=\"Red Hat\"\n[a:vars]\nsite=north\n",
      'zz.yml': [
        'plugin: constructed',
        'strict: false',
        'compose:',
        '  twice: (n * 2) | string',
        '  greeting: "\'hello \' ~ inventory_hostname"',
        '  lost: nothing.at.all',
        '  again: twice ~ twice',
        'groups:',
        '  webs: inventory_hostname.startswith("web")',
        '  big: n | int > 1',
        '  with-dash: n == 1',
        '  none: nothing is defined and nothing',
        '  in_a: "\'a\' in group_names"',
        'keyed_groups:',
        '  - {prefix: os, key: os}',
        '  - {key: tags, prefix: tag, separator: "-"}',
        '  - {key: d, prefix: d}',
        '  - {key: site, parent_group: sites}',
        '  - {key: os, prefix: "", separator: "", default_value: unknown}',
        '  - {key: d, default_value: empty, prefix: dd}',
        '  - {key: d, trailing_separator: false, prefix: t}',
        '  - {key: nothing, prefix: never}',
        '',
      ].join('\n'),
    },
    sources: ['hosts', 'zz.yml'],
  },
  'constructed with variables of directories, by its full name': {
    files: {
      hosts: '[a]\nh1\nh2\n',
      'group_vars/a': 'role_of: web\n',
      'host_vars/h2': 'role_of: db\n',
      'c.yaml':
        'plugin: ansible.builtin.constructed\nuse_vars_plugins: true\nuse_extra_vars: true\ncompose: {who: role_of ~ suffix}\nkeyed_groups: [{key: role_of, separator: ""}]\n',
    },
    sources: ['hosts', 'c.yaml'],
    args: ['-e', 'suffix=!'],
  },
  'constructed without a leading separator': {
    files: {
      hosts: 'h1 k=x\nh2 k=y\n',
      'c.yml': 'plugin: constructed\nleading_separator: false\nkeyed_groups: [{key: k}, {key: k, prefix: p}]\n',
    },
    sources: ['hosts', 'c.yml'],
  },
  'two sources, one constructed, in a directory': {
    files: {
      'inv/1-hosts': '[web]\nh1 e=prod\nh2 e=test\n',
      'inv/2-groups.yml': 'plugin: constructed\nkeyed_groups: [{key: e, prefix: env, parent_group: "{{ e }}_all"}]\n',
      'inv/group_vars/env_prod': 'p: 1\n',
    },
    sources: ['inv'],
  },
  'dicts of several places are merged': {
    files: {
      hosts: "h1 d=\"{'h': 1, 'n': {'x': 1}}\" l=\"[1]\" u=text v=\"{'h': 1}\"\nh2\n[c]\nh1\nh2\n[p:children]\nc\n",
      'more.yml':
        'all:\n  vars: {d: {all: 1, s: all, l: [1, 2]}, v: {all: 1}}\n  children:\n    p: {vars: {d: {p: 1, s: p}, v: text}}\n    c: {vars: {d: {c: "{{ s }}", n: {y: {z: 1}}}}}\n  hosts: {h1: {d: {n: {x: 2, w: 3}}, l: [2], u: {h: 1}}}\n',
      'group_vars/all/a.yml': 'd: {a: 1, s: a, f: {one: 1}}\n',
      'group_vars/all/b.yml': 'd: {b: 1, f: {two: 2}}\n',
      'group_vars/c': 'd: {s: c, l: [3]}\n',
      'host_vars/h1': 'd: {s: h1, n: none}\n',
      'z.yml': "plugin: constructed\ncompose: {d: \"{'z': d.l, 'h': 2}\"}\n",
    },
    sources: ['hosts', 'more.yml', 'z.yml'],
    args: ['-e', '{"e": {"a": {"b": 1}}}', '-e', '{"e": {"a": {"c": 1}}}', '--playbook-dir', '.'],
    env: { ANSIBLE_HASH_BEHAVIOUR: 'merge' },
  },
  'names of groups get other signs': {
    files: {
      hosts: 'h0\n[web-1]\nh1\nh2\n[web-1:vars]\na=1\n[2nd]\nh1 v=x-1\n[p.a:children]\nweb_1\n[ü-1]\nh3\n',
      'y.yml':
        'all:\n  children:\n    web-1: {hosts: {h4: {}}, vars: {b: 2}, children: {sub.x: {hosts: {h5: {}}}}}\n    web_1: {vars: {c: 3}}\n',
      's.sh':
        '#!/bin/sh\necho \'{"scr-1": {"hosts": ["h6"], "children": ["sub.x", "new-y"], "vars": {"z": 1}}, "_meta": {"hostvars": {}}}\'\n',
      'z.yml':
        'plugin: constructed\ngroups: {a-b: a is defined}\nkeyed_groups: [{key: v, separator: "-", parent_group: v-s}]\n',
      'group_vars/web-1': 'gv: minus\n',
      'group_vars/web_1': 'gv: under\n',
    },
    sources: ['hosts', 'y.yml', 's.sh', 'z.yml'],
    env: { ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS: 'silently' },
  },
}
