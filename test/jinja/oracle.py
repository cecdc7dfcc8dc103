"""Asks Python's Jinja2 for the answers to test/jinja/cases.txt and writes them to test/jinja/answers.json.

Run it with an interpreter that has jinja2 and yaml (Debian: python3-jinja2, python3-yaml):

    /usr/bin/python3 test/jinja/oracle.py

A line of cases.txt is one case: `E expression` or `T template`; in a template `\\n` is a newline. Lines beginning with
`#` are comments. Ansible's own filters and tests are defined below from what its documentation says and the standard
library does. Iterators become lists, as Ansible makes them.
"""
import base64, hashlib, itertools, json, os, posixpath, random, re, shlex, sys, types, uuid
from datetime import datetime
import jinja2, yaml
from jinja2.filters import do_unique

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = json.load(open(os.path.join(HERE, 'oracle.json')))


def flags(ignorecase=False, multiline=False):
    return (re.I if ignorecase else 0) | (re.M if multiline else 0)


def regex_search(value, regex, *args, ignorecase=False, multiline=False):
    match = re.compile(regex, flags(ignorecase, multiline)).search(str(value))
    if not match:
        return None
    groups = [re.match(r'\\(?:g<(\S+)>|(\d+))', a) for a in args]
    return [match.group(g.group(1) or int(g.group(2))) or '' for g in groups] if groups else match.group()


def to_bool(value):
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        value = value.lower()
    return value in ('yes', 'on', '1', 'true', 1)


def combine(*terms, recursive=False, list_merge='replace'):
    def lay(left, right):
        out = dict(left)
        for key, value in right.items():
            old = out.get(key)
            if recursive and isinstance(old, dict) and isinstance(value, dict):
                out[key] = lay(old, value)
            elif isinstance(old, list) and isinstance(value, list) and list_merge != 'replace':
                out[key] = {
                    'keep': old,
                    'append': old + value,
                    'prepend': value + old,
                    'append_rp': [x for x in old if x not in value] + value,
                    'prepend_rp': value + [x for x in old if x not in value],
                }[list_merge]
            else:
                out[key] = value
        return out
    flat = []
    def add(t):
        for x in t:
            add(x) if isinstance(x, list) else flat.append(x)
    add(terms)
    out = {}
    for term in flat:
        out = lay(out, term)
    return out


def flatten(value, levels=None, skip_nulls=True):
    out = []
    for item in value:
        if skip_nulls and item in (None, 'None', 'null'):
            continue
        if isinstance(item, (list, tuple)) and (levels is None or levels >= 1):
            out.extend(flatten(item, None if levels is None else levels - 1, skip_nulls))
        else:
            out.append(item)
    return out


def extract(item, container, morekeys=None):
    out = container[item]
    for key in [] if morekeys is None else morekeys if isinstance(morekeys, list) else [morekeys]:
        out = out[key]
    return out


def subelements(obj, path, skip_missing=False):
    out = []
    for item in obj.values() if isinstance(obj, dict) else obj:
        found = item
        try:
            for key in path.split('.'):
                found = found[key]
        except KeyError:
            if skip_missing:
                continue
            raise
        if not isinstance(found, list):
            raise TypeError('not a list')
        out.extend((item, element) for element in found)
    return out


def comment(text, style='plain', **kw):
    styles = {
        'plain': {'decoration': '# '},
        'erlang': {'decoration': '% '},
        'c': {'decoration': '// '},
        'cblock': {'beginning': '/*', 'decoration': ' * ', 'end': ' */'},
        'xml': {'beginning': '<!--', 'decoration': ' - ', 'end': '-->'},
    }
    edge = (kw.get('decoration') or styles[style]['decoration']).rstrip()
    p = dict(newline='\n', beginning='', prefix=edge, prefix_count=1, decoration='', postfix=edge, postfix_count=1, end='')
    p.update(styles[style])
    p.update(kw)
    nl = p['newline']
    body = (p['decoration'] + text.replace(nl, nl + p['decoration'])).replace(p['decoration'] + nl, p['decoration'].rstrip() + nl)
    return ''.join([
        p['beginning'] and p['beginning'] + nl,
        p['prefix'] and (p['prefix'] + nl if p['prefix'] != nl else nl) * p['prefix_count'],
        body,
        nl.join([''] + [p['postfix']] * p['postfix_count']),
        p['end'] and nl + p['end'],
    ])


def chance(seed):
    return random.Random(seed)


def rand(end, start=None, step=None, seed=None):
    if isinstance(end, int):
        return chance(seed).randrange(start or 0, end, step or 1)
    return chance(seed).choice(list(end))


def shuffle(value, seed=None):
    out = list(value)
    chance(seed).shuffle(out)
    return out


def to_yaml(value, default_flow_style=None, **kw):
    return yaml.dump(value, Dumper=NoAlias, allow_unicode=True, default_flow_style=default_flow_style, **kw)


class NoAlias(yaml.CSafeDumper):  # libyaml, as Ansible has it
    def ignore_aliases(self, data):
        return True


def loader(text):
    class Plain(yaml.SafeLoader):
        pass
    Plain.yaml_implicit_resolvers = {
        key: [pair for pair in pairs if not pair[0].endswith('timestamp')]
        for key, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Plain


FILTERS = {
    'bool': to_bool,
    'combine': combine,
    'comment': comment,
    'extract': extract,
    'flatten': flatten,
    'ternary': lambda v, a, b, n=None: n if v is None and n is not None else a if v else b,
    'regex_replace': lambda v, p='', r='', ignorecase=False, multiline=False, count=0: re.sub(p, r, str(v), count=count, flags=flags(ignorecase, multiline)),
    'regex_findall': lambda v, p, multiline=False, ignorecase=False: re.findall(p, str(v), flags(ignorecase, multiline)),
    'regex_search': regex_search,
    'regex_escape': lambda v: re.escape(v),
    'to_json': lambda v, **kw: json.dumps(v, **kw),
    'to_nice_json': lambda v, indent=4, sort_keys=True, **kw: json.dumps(v, indent=indent, sort_keys=sort_keys, separators=(',', ': '), **kw),
    'from_json': lambda v: json.loads(v),
    'to_yaml': to_yaml,
    'to_nice_yaml': lambda v, indent=4, **kw: to_yaml(v, indent=indent, **{'default_flow_style': False, **kw}),
    'from_yaml': lambda v: yaml.load(v, Loader=loader(v)),
    'from_yaml_all': lambda v: list(yaml.load_all(v, Loader=loader(v))),
    'b64encode': lambda v: base64.b64encode(v.encode()).decode(),
    'b64decode': lambda v: base64.b64decode(v).decode(),
    'hash': lambda v, t='sha1': hashlib.new(t, str(v).encode()).hexdigest(),
    'md5': lambda v: hashlib.md5(v.encode()).hexdigest(),
    'sha1': lambda v: hashlib.sha1(v.encode()).hexdigest(),
    'to_uuid': lambda v: str(uuid.uuid5(uuid.UUID('361E6D51-FAEC-444A-9079-341386DA8E2E'), v)),
    'basename': posixpath.basename,
    'dirname': posixpath.dirname,
    'splitext': posixpath.splitext,
    'path_join': lambda v: posixpath.join(*v) if isinstance(v, list) else v,
    'quote': lambda v: shlex.quote(str(v)),
    'split': lambda v, sep=None, maxsplit=-1: v.split(sep, maxsplit),
    'zip': lambda *v: list(zip(*v)),
    'zip_longest': lambda *v, fillvalue=None: list(itertools.zip_longest(*v, fillvalue=fillvalue)),
    'product': lambda *v, repeat=1: list(itertools.product(*v, repeat=repeat)),
    'permutations': lambda v, r=None: list(itertools.permutations(v, r)),
    'combinations': lambda v, r: list(itertools.combinations(v, r)),
    'dict2items': lambda v, key_name='key', value_name='value': [{key_name: k, value_name: x} for k, x in v.items()],
    'items2dict': lambda v, key_name='key', value_name='value': {x[key_name]: x[value_name] for x in v},
    'subelements': subelements,
    'union': lambda a, b: list(dict.fromkeys(a + b)),
    'intersect': lambda a, b: [x for x in dict.fromkeys(a) if x in b],
    'difference': lambda a, b: [x for x in dict.fromkeys(a) if x not in b],
    'symmetric_difference': lambda a, b: [x for x in dict.fromkeys(a) if x not in b] + [x for x in dict.fromkeys(b) if x not in a],
    'random': rand,
    'shuffle': shuffle,
    'to_datetime': lambda v, f='%Y-%m-%d %H:%M:%S': datetime.strptime(v, f),
    'type_debug': lambda v: type(v).__name__,
}
TESTS = {
    'match': lambda v, p, ignorecase=False, multiline=False: bool(re.match(p, v, flags(ignorecase, multiline))),
    'search': lambda v, p, ignorecase=False, multiline=False: bool(re.search(p, v, flags(ignorecase, multiline))),
    'regex': lambda v, p, ignorecase=False, multiline=False: bool(re.search(p, v, flags(ignorecase, multiline))),
    'contains': lambda v, x: x in v,
    'subset': lambda a, b: set(a) <= set(b),
    'superset': lambda a, b: set(a) >= set(b),
    'all': all,
    'any': any,
}


def plain(value):
    """An answer as data: the encoding that oracle.json explains."""
    if isinstance(value, jinja2.Undefined):
        raise jinja2.UndefinedError(value._undefined_message)
    if value is None or isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return {'$i': str(value)}
    if isinstance(value, float):
        return {'$f': repr(value)}
    if isinstance(value, dict):
        return {'$m': [[plain(k), plain(v)] for k, v in value.items()]}
    return [plain(v) for v in value]


def listed(function):
    def call(*args, **kwargs):
        out = function(*args, **kwargs)
        return list(out) if isinstance(out, types.GeneratorType) else out
    for name in dir(function):
        if name.startswith('jinja_pass_arg'):
            setattr(call, name, getattr(function, name))
    return call


def environment():
    env = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True,
        extensions=['jinja2.ext.do', 'jinja2.ext.loopcontrols'],
        loader=jinja2.DictLoader(ORACLE['templates']),
    )
    env.filters = {name: listed(f) for name, f in env.filters.items()}
    env.filters.update(FILTERS)
    env.tests.update(TESTS)
    return env


def answer(kind, source):
    env = environment()
    context = json.loads(json.dumps(ORACLE['context']))
    try:
        if kind == 'E':
            return {'kind': kind, 'source': source, 'v': plain(env.compile_expression(source, undefined_to_none=False)(**context))}
        source = source.replace('\\n', '\n')
        return {'kind': kind, 'source': source, 'v': env.from_string(source).render(context)}
    except Exception as error:
        return {'kind': kind, 'source': source, 'err': f'{type(error).__name__}: {error}'[:120]}


def main():
    cases = []
    for line in open(os.path.join(HERE, 'cases.txt'), encoding='utf-8'):
        line = line.rstrip('\n')
        if line and not line.startswith('#'):
            cases.append(answer(line[0], line[2:]))
    with open(os.path.join(HERE, 'answers.json'), 'w', encoding='utf-8') as out:
        json.dump({'context': ORACLE['context'], 'templates': ORACLE['templates'], 'cases': cases}, out, ensure_ascii=False, indent=1)
        out.write('\n')
    print(f'{len(cases)} cases, {sum("err" in c for c in cases)} errors', file=sys.stderr)


if __name__ == '__main__':
    main()
