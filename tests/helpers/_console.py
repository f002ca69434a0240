"""The command ``sslm`` for a shell, without waiting for imports each time.

A server has imported the package; for each call it forks a process that gets the caller's
folder, arguments, standard input, output and errors, and runs `main` with these.
"""

import contextlib
import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import sklearn_sslm

CLIENT = """\
#!{python} -ISE
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    language = {{k: v for k, v in os.environ.items() if k[:2] in ('LC', 'LA')}}
    call = json.dumps([os.getcwd(), sys.argv[1:], language]).encode()
    socket.send_fds(server, [call], [0, 1, 2])
    sys.exit(server.recv(1)[0])
"""


@contextlib.contextmanager
def folder_of_command():
    """A folder that holds the command; it works until the end."""
    package = str(Path(sklearn_sslm.__file__).parents[1])
    forks = "-Wignore::DeprecationWarning:__main__"  # Python 3.12 warns of threads
    with tempfile.TemporaryDirectory() as folder:
        address = os.path.join(folder, "socket")  # must be short
        command = Path(folder, "sslm")
        command.write_text(CLIENT.format(python=sys.executable, address=address))
        command.chmod(0o755)
        with subprocess.Popen(
            [sys.executable, forks, __file__, address],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": package},
        ) as server:
            try:
                assert server.stdout.readline() == b"ready\n"
                yield folder
            finally:
                server.kill()


def serve(address):
    """Run the command for everyone who calls, until killed."""
    from sklearn_sslm.cli import main

    importlib.import_module("sklearn_sslm.cli._commands")  # which `main` imports late
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            caller, _ = listening.accept()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:  # those that have ended
                    pass
            if not os.fork():
                listening.close()
                answer(caller, main)
            caller.close()


def answer(caller, main):
    """Run the command as its caller would have, and tell the exit code."""
    call, streams, _, _ = socket.recv_fds(caller, 1 << 16, 3)
    folder, argv, language = json.loads(call)
    os.chdir(folder)
    os.environ.update(language)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    code = main(argv)
    sys.stdout.flush()
    caller.send(bytes([code]))
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
