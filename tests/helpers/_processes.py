"""Python in processes of their own, which have the package at hand."""

import os
import subprocess
import sys
from pathlib import Path

import sklearn_sslm


def settings():
    """The environment of such a process, wherever it runs."""
    return os.environ | {"PYTHONPATH": str(Path(sklearn_sslm.__file__).parents[1])}


def python(*argv):
    """What Python printed on both of its streams, run in the current folder."""
    ran = subprocess.run(
        [sys.executable, *argv], env=settings(), capture_output=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode(), ran.stderr.decode()
