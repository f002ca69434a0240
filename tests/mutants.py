"""Plants faults in the package, one at a time, and tells which the tests let pass.

``python tests/mutants.py [--only PATH] [--jobs 2]`` copies the checkout to a temporary
folder. For each fault of ``mutants.toml`` it replaces one piece of source there and runs
the tests that should fail then. A fault that survives is a gap in the tests; one whose
piece of source is not found exactly once, or whose tests are gone, is stale. Both make
the command fail.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PLAN = Path(__file__).with_suffix(".toml")
SEEN, SURVIVES, STALE = "seen", "SURVIVES", "STALE"


class Fault(NamedTuple):
    """One fault.

    Attributes
    ----------
    file : str
        The file of the package that it is planted in.
    breaks : str
        What goes wrong then.
    old, new : str
        The piece of source, and what takes its place.
    tests : list of str
        Files and folders of the tests, one of which should fail.
    """

    file: str
    breaks: str
    old: str
    new: str
    tests: list

    def __str__(self):
        """What is broken, and where, in one line."""
        old, new = (" ".join(source.split()) for source in (self.old, self.new))
        return f"{self.file}: {self.breaks} ({old} -> {new})"


def read_plan(path=PLAN):
    """The faults of a plan.

    A table of the plan is a file of the package. Its ``faults`` are triples: what breaks,
    the old and the new source; its ``tests`` are run for each of them.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Fault(file, *fault, table["tests"])
        for file, table in tables.items()
        for fault in table["faults"]
    ]


def why_stale(fault, checkout):
    """Why a fault cannot be planted in a checkout, "" if it can."""
    path = checkout / "sklearn_sslm" / fault.file
    source = path.read_text(encoding="utf-8") if path.is_file() else ""
    if (times := source.count(fault.old)) != 1:
        return f"found {times} times"
    try:
        compile(source.replace(fault.old, fault.new), str(path), "exec")
    except SyntaxError as error:
        return f"no Python: {error}"
    missing = [test for test in fault.tests if not (checkout / test).exists()]
    return f"no tests: {missing}" if missing or not fault.tests else ""


def verdict_on(fault, checkout, seconds=600):
    """Whether the tests see a fault, with the reason why one is stale.

    Tests that do not end in so many seconds have seen it, too. The checkout is in the
    end what it was.
    """
    if why := why_stale(fault, checkout):
        return f"{STALE} ({why})"
    path = checkout / "sklearn_sslm" / fault.file
    source = path.read_bytes()
    faulty = source.replace(fault.old.encode(), fault.new.encode())
    path.write_bytes(faulty)
    try:
        done = run_tests(checkout, fault.tests, timeout=seconds)
    except subprocess.TimeoutExpired:
        return SEEN
    finally:
        path.write_bytes(source)
    return SEEN if done.returncode else SURVIVES


def run_tests(checkout, tests, *options, **settings):
    """Run tests of a checkout, slow ones too, on its package, up to the first that fails."""
    options = "-x", "-q", "-m", "", "-p", "no:cacheprovider", *options, *tests
    environment = os.environ | {
        "PYTHONPATH": str(checkout),
        "PYTHONDONTWRITEBYTECODE": "1",  # a restored file may be as old as its fault
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        **settings,
    )


def copy_of(checkout, folder):
    """Copy a checkout, without what tools have left in it."""
    ignored = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache")
    return Path(shutil.copytree(checkout, folder, ignore=ignored))


def verdicts(faults, jobs, folder):
    """Yield each fault with the verdict on it, in their order, by so many processes."""
    free = SimpleQueue()
    for job in range(jobs):
        free.put(copy_of(ROOT, Path(folder) / str(job)))

    def judge(fault):
        checkout = free.get()
        try:
            return verdict_on(fault, checkout)
        finally:
            free.put(checkout)

    with ThreadPoolExecutor(jobs) as pool:
        yield from zip(faults, pool.map(judge, faults), strict=True)


def main(argv=None):
    """Plant the faults asked for; the exit code tells whether all were seen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="a wing or a file, such as words")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    args = parser.parse_args(argv)
    faults = [fault for fault in read_plan() if f"/{args.only}" in f"/{fault.file}"]
    if not faults:
        parser.error(f"--only: no fault is planned for {args.only!r}")
    tests = sorted({test for fault in faults for test in fault.tests})
    sound = run_tests(ROOT, tests, "-n", str(args.jobs))
    if sound.returncode:
        print(sound.stdout, "The tests fail without any fault.", sep="\n")
        return 2
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        for fault, verdict in verdicts(faults, args.jobs, folder):
            missed += verdict != SEEN
            print(f"{verdict}: {fault}", flush=True)
    print(f"{len(faults) - missed} of {len(faults)} faults were seen")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
