"""Peak memory of learning a file: ``python -m benchmarks.memory FILE JOBS``.

In a process of its own, as a peak never goes down again. Prints the bytes above what
the interpreter and its modules take.
"""

import resource
import sys
from pathlib import Path

from .corpus import fit, fit_file


def peak():
    """The most memory that this process has taken so far, in bytes."""
    try:  # on Linux what getrusage tells begins with the peak of the parent process
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except OSError:
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size if sys.platform == "darwin" else size * 1024


if __name__ == "__main__":
    fit(["a b"])  # what is imported late is no memory of the model
    base = peak()
    model = fit_file(Path(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(str(peak() - base))
