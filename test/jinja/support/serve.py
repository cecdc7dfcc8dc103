"""Answers expressions and templates, a JSON line each way, with Python's Jinja2: what the fuzz compares us with.

A request is {"kind": "E" or "T", "source", "context", "templates"}; the answer is {"v": ...} in the encoding of
oracle.json, {"err": "..."}, or {"skip": "..."} when Python itself needed too long or too much. Where Debian's
ansible-core is installed its filters and tests answer for themselves; the stand-ins of oracle.py do elsewhere.
"""
import json, os, resource, signal, sys, warnings

warnings.simplefilter('ignore')
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import jinja2
import oracle

LONGEST, MOST_MEMORY = 2.0, 2 << 30


class Chaining(jinja2.StrictUndefined):
    """Ansible's: what is taken from an undefined value is undefined too."""

    __slots__ = ()

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return self

    def __getitem__(self, key):
        return self

    def __repr__(self):
        return self._fail_with_undefined_error()


class TooLong(BaseException):
    pass


def late(*_):
    raise TooLong()


def of_ansible():
    try:
        from ansible.plugins.filter import core, mathstuff, urls, urlsplit
        from ansible.plugins.test import core as core_tests, mathstuff as mathstuff_tests
    except ImportError:
        return {}, {}
    filters, tests = {}, {}
    for module in (core, mathstuff, urls, urlsplit):
        filters.update(module.FilterModule().filters())
    for module in (core_tests, mathstuff_tests):
        tests.update(module.TestModule().tests())
    # Since 2.19 None is false; core 2.14 leaves it None
    old_bool = filters['bool']
    filters['bool'] = lambda value: False if value is None else old_bool(value)
    filters['type_debug'] = lambda value: 'AnsibleUndefined' if isinstance(value, Chaining) else type(value).__name__
    return filters, tests


def environment(templates):
    env = oracle.environment()
    env.undefined = Chaining
    filters, tests = of_ansible()
    env.filters.update({name: oracle.listed(f) for name, f in filters.items()})
    env.tests.update(tests)
    env.loader = jinja2.DictLoader(templates)
    return env


ENVIRONMENTS = {}


def answer(request):
    kind, source, templates = request['kind'], request['source'], request.get('templates') or {}
    key = json.dumps(templates)
    env = ENVIRONMENTS.get(key) or ENVIRONMENTS.setdefault(key, environment(templates))
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        if kind == 'T':
            return {'v': env.from_string(source).render(request['context'])}
        value = env.compile_expression(source, undefined_to_none=False)(**request['context'])
        return {'v': [] if type(value) is jinja2.Undefined else oracle.plain(value)}
    except (TooLong, MemoryError) as error:
        return {'skip': type(error).__name__}
    except Exception as error:
        return {'err': f'{type(error).__name__}: {error}'[:200]}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


signal.signal(signal.SIGALRM, late)
resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
