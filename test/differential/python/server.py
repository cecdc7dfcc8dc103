"""Runs the texts that `python3` beside this file is given, each in a process that begins with Ansible's library read.

    server.py SOCKET

Whoever connects to SOCKET is a process whose streams, environment, directory and umask a new process takes, which then
runs what stands on its stdin; the answer is one byte, its status. The server goes into the background when it listens.
"""

import atexit
import base64  # noqa: F401
import ctypes
import gc
import os
import runpy  # noqa: F401
import selectors
import shutil  # noqa: F401
import socket
import struct
import sys
import tempfile  # noqa: F401
import threading
import time
import types
import zipfile  # noqa: F401

import ansible.module_utils.basic
import ansible_collections  # noqa: F401

PIDFD_GETFD = 438
NOT_ALLOWED = 77
LIBC = ctypes.CDLL(None, use_errno=True)


def take(pid):
    """Makes the streams and surroundings of the process `pid` those of this one."""
    process = os.pidfd_open(pid)
    taken = [LIBC.syscall(PIDFD_GETFD, process, number, 0) for number in range(3)]
    if min(taken) < 0:
        os._exit(NOT_ALLOWED)
    for number, stream in enumerate(taken):
        os.dup2(stream, number)
        os.close(stream)
    os.close(process)
    with open(f"/proc/{pid}/environ", "rb") as file:
        environment = dict(pair.split(b"=", 1) for pair in file.read().split(b"\0") if b"=" in pair)
    os.environb.clear()
    # Python does the latter in the plain locale, and what it starts sees it.
    os.environb.update({**environment, b"LC_CTYPE": b"C.UTF-8"})
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        os.umask(next(int(line.split()[1], 8) for line in file if line.startswith("Umask:")))
    os.chdir(os.readlink(f"/proc/{pid}/cwd"))
    time.tzset()


def run():
    """Runs the text on stdin as Python does: as `__main__`, which knows of no file. Gives the status."""
    text = sys.stdin.buffer.read()
    sys.argv = [""]
    sys.path[0] = ""
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        exec(compile(text, "<stdin>", "exec"), main.__dict__)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 255
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def serve(listener):
    """Forks for each process that connects; gives in the child the number of that process, and never ends otherwise."""
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is not listener:
                pid, client = key.data
                status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                selector.unregister(key.fileobj)
                os.close(key.fileobj)
                with client:
                    client.sendall(bytes([status if status >= 0 else 128 - status]), socket.MSG_NOSIGNAL)
                continue
            client, _ = listener.accept()
            asking = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
            pid = os.fork()
            if pid == 0:
                # Each by whom it belongs to: nothing may close later what has got the same number meanwhile.
                for key in list(selector.get_map().values()):
                    if key.fileobj is not listener:
                        os.close(key.fileobj)
                        key.data[1].close()
                selector.close()
                listener.close()
                client.close()
                return asking
            selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, client))


def listen(path):
    """A socket that is there only when it listens, by a process in the background."""
    mine = f"{path}.{os.getpid()}"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(mine)
    listener.listen(64)
    gc.freeze()
    if os.fork() != 0:
        os.rename(mine, path)
        os._exit(0)
    return listener


take(serve(listen(sys.argv[1])))
status = run()
# What Python does at its end, but for giving back its memory piece by piece, which takes longer than most modules do.
threading._shutdown()
atexit._run_exitfuncs()
sys.stdout.flush()
sys.stderr.flush()
os._exit(status)
