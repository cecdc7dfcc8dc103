"""Asks Ansible about inventories: a JSON line in, a JSON line out. Settings by their variables may be given with each question ("env").

{"cwd", "argvs"}: command lines of ansible-inventory; the answer is a list of {"status", "out", "err"}.
{"cwd", "patterns"}: the answer is, for each pattern, the hosts that it selects of the file `hosts`, or null when it is wrong.

Ansible is loaded once; each question is answered in a fork of its own, so that nothing is remembered between them.
"""
import contextlib
import io
import json
import os
import sys
import tempfile

# Settings of this machine are not asked for
config = tempfile.NamedTemporaryFile(suffix='.cfg')  # pylint: disable=consider-using-with
for name in [name for name in os.environ if name.startswith('ANSIBLE_')]:
    del os.environ[name]
os.environ['ANSIBLE_CONFIG'] = config.name
from ansible import constants  # noqa: E402
from ansible.cli.inventory import InventoryCLI  # noqa: E402
from ansible.errors import AnsibleError  # noqa: E402
from ansible.inventory.manager import InventoryManager  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.utils.context_objects import GlobalCLIArgs  # noqa: E402


def select(pattern, inventory):
    try:
        return [host.name for host in inventory.get_hosts(pattern)]
    except AnsibleError:
        return None


def show(argv):
    out, err, status = io.StringIO(), io.StringIO(), 0
    # A process of Ansible reads one command line; here the next one must not be told the words of the first
    GlobalCLIArgs._Singleton__instance = None  # pylint: disable=protected-access
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli = InventoryCLI(['ansible-inventory'] + argv)
            cli.parse()
            cli.run()
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 1
        except BaseException as error:  # pylint: disable=broad-except
            err.write(str(error))
            status = 250
    return {'status': status, 'out': out.getvalue(), 'err': err.getvalue()}


def answer(question):
    os.chdir(question['cwd'])
    os.environ.update(question.get('env', {}))
    for name in ('DEFAULT_HASH_BEHAVIOUR', 'TRANSFORM_INVALID_GROUP_CHARS'):
        setattr(constants, name, constants.config.get_config_value(name))
    if 'argvs' in question:
        return [show(argv) for argv in question['argvs']]
    inventory = InventoryManager(loader=DataLoader(), sources=['hosts'])
    return [select(pattern, inventory) for pattern in question['patterns']]


for line in sys.stdin:
    with tempfile.TemporaryFile('w+') as answered:
        pid = os.fork()
        if pid == 0:
            json.dump(answer(json.loads(line)), answered)
            answered.flush()
            os._exit(0)
        os.waitpid(pid, 0)
        answered.seek(0)
        print(answered.read(), flush=True)
