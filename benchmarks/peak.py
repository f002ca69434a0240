"""Peak memory of learning a file: ``python -m benchmarks.peak FILE JOBS [TIMES]``.

In a process of its own, as a peak never goes down again. Prints the bytes above what
the interpreter and its modules take, and the number of n-grams. With TIMES, the file is
learned so many times over, and no more than a chunk of it is in memory.
"""

import resource
import sys
from pathlib import Path

from .corpus import fit, fit_file, fit_in_chunks


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
    path, jobs, *times = Path(sys.argv[1]), *map(int, sys.argv[2:])
    model = fit_in_chunks(path, *times) if times else fit_file(path, jobs)
    sys.stdout.write(f"{peak() - base} {sum(model.counts_.n_ngrams())}")
