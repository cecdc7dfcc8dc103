#!/usr/bin/env python3
"""Writes free-form.json: how Ansible's parse_kv reads argument lines. Run where ansible-core is importable:

python3 test/kit/free-form.py > test/kit/free-form.json
"""
import json, random, sys
from ansible.errors import AnsibleParserError
from ansible.parsing.splitter import parse_kv, split_args

LINES = [
    'src=a dest="b c"', "src='a b'  mode=0644", 'src={{ a }} dest={{ b | default("x y") }}/c', 'line=a\\nb', 'msg="a=b c"',
    'msg=it"s x" y', 'a\\=b c=d', '=x', 'k=', 'a=1\n  b=2\n', 'x.yml', 'ls -l creates=/x', 'creates="/a b" ls',
    'env A=1 B="2 3" cmd chdir=/tmp', 'echo "creates=/x"', 'a  b   c', 'a  b chdir=/x  c', 'set -e\n  ls |\n  wc\n',
    'set -e\nls\nchdir=/x\n', 'stdin="a b" cat', 'line="a\\"b" c', 'x="{{ y }}" z', 'line="  a"', "k='it\\'s'", 'k=\\x41\\u00e9',
    'k="a\\tb" l=c\\\\d', '{% if x %}a b{% endif %} k=v', 'a="b"c', 'echo \'a "b\' c', 'k={{ {"a": "b c"}["a"] }} l=1',
    'a=b=c', '"a b"=c', 'echo {# c d #} x', "it's", 'x={{ a', 'a="b', 'regexp=^a line="b=c d"', 'a = b', 'name=x state=present ',
    'echo hi > /x; chdir=/y cat', 'echo a \\\n  b', 'echo a; \\\ncreates=/x',
]
PIECES = ['a', 'b=1', 'creates=/x', 'chdir="a b"', ' ', '  ', '\n', '"', "'", '\\', '{{ x y }}', '=', 'k=', '{% a %}', 'c d', '\\n', '\t']

def crashes(line):
    """Ansible's splitter fails with an IndexError when a line begins with two blanks or a line end; here it may."""
    try:
        split_args(line)
    except IndexError:
        return True
    except AnsibleParserError:
        pass
    return False

def answer(line, command):
    try:
        found = parse_kv(line, check_raw=command)
    except AnsibleParserError:
        return None
    rest = found.pop('_raw_params', '')
    return {'pairs': found, 'rest': rest}

random.seed(7)
lines = LINES + [''.join(random.choice(PIECES) for _ in range(random.randint(2, 9))) for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 150)]
lines = [line for line in lines if not crashes(line)]
json.dump([{'line': line, 'command': command, 'answer': answer(line, command)} for line in lines for command in (False, True)], sys.stdout, indent=0, ensure_ascii=False)
print()
