"""Answers ansible-inventory command lines: a JSON line {"cwd", "argv"} in, a JSON line {"status", "out", "err"} out.
With "patterns" in place of "argv", `out` is JSON too: for each pattern the hosts of the file `hosts`, or null when it is wrong.

Ansible is loaded once; each command runs in a fork of its own, so that nothing is remembered between them.
"""
import json
import os
import sys
import tempfile

# Settings of this machine are not asked for
config = tempfile.NamedTemporaryFile(suffix='.cfg')  # pylint: disable=consider-using-with
for name in [name for name in os.environ if name.startswith('ANSIBLE_')]:
    del os.environ[name]
os.environ['ANSIBLE_CONFIG'] = config.name
from ansible.cli.inventory import InventoryCLI  # noqa: E402
from ansible.errors import AnsibleError  # noqa: E402
from ansible.inventory.manager import InventoryManager  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402
import ansible.plugins.loader  # noqa: E402,F401
import ansible.plugins.inventory.ini  # noqa: E402,F401


def select(patterns):
    inventory = InventoryManager(loader=DataLoader(), sources=['hosts'])
    found = []
    for pattern in patterns:
        try:
            found.append([host.name for host in inventory.get_hosts(pattern)])
        except AnsibleError:
            found.append(None)
    return found


def child(command, out, err):
    os.chdir(command['cwd'])
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(0)
    os.open(os.devnull, os.O_RDONLY)
    status = 0
    try:
        if 'patterns' in command:
            print(json.dumps(select(command['patterns'])))
            sys.exit(0)
        cli = InventoryCLI(['ansible-inventory'] + command['argv'])
        cli.parse()
        cli.run()
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException as error:  # pylint: disable=broad-except
        sys.stderr.write(str(error))
        status = 250
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def answer(command):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            child(command, out.fileno(), err.fileno())
        _, status = os.waitpid(pid, 0)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode())
    return {'status': os.waitstatus_to_exitcode(status), 'out': texts[0], 'err': texts[1]}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
