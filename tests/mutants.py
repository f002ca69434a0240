"""Plants faults in the package, one at a time, and tells which the tests let pass.

``python tests/mutants.py [--only WING]`` copies the checkout to a temporary folder, and
for each fault of `FAULTS` replaces one piece of source there and runs the tests that
should see it. What survives is a gap in the tests; a fault whose piece of source is not
found exactly once is stale. Both make the command fail.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Fault(NamedTuple):
    """One fault: in `file`, `old` becomes `new`; `tests` should fail then."""

    file: str
    old: str
    new: str
    tests: str


_CHILDREN = "ngrams/models/_children.py"
_WEIGHTS = "ngrams/models/_weights.py"
_ONLINE = "ngrams/models/_online_level.py"
_ONLINE_MODEL = "ngrams/models/_online_model.py"
_UPDATING = "ngrams/models/_updating.py"
_MODEL = "ngrams/models/_language_model.py"
_FITTED = "base/_fitted.py"
_BACKINGS = "tests/base/test_backings.py"
_MODELS = "tests/ngrams/models"

# fmt: off
FAULTS = [
    # Online learning and forgetting.
    Fault(_ONLINE_MODEL, "level.occurrences(row) >= times", "level.occurrences(row) >= 1", _BACKINGS),
    Fault(_ONLINE_MODEL, "times[BOUNDARY] -= 1", "times[BOUNDARY] -= 0", _BACKINGS),
    Fault(_ONLINE_MODEL, "if level.continued and (k == 1 or first_word != BOUNDARY):", "if level.continued and first_word != BOUNDARY:", _BACKINGS),
    Fault(_ONLINE_MODEL, "n_seen = int(len(base.events) - 1 - counts_of_counts[0])", "n_seen = 1", _BACKINGS),
    Fault(_ONLINE_MODEL, "continued = base.smoothing.continuation_counts and k < base.n", "continued = base.smoothing.continuation_counts", _BACKINGS),
    Fault(_ONLINE, "if 0 < before < 5:", "if 0 < before < 4:", _BACKINGS),
    Fault(_ONLINE, "(self._deleted.discard if count else self._deleted.add)(row)", "self._deleted.discard(row)", _BACKINGS),
    Fault(_ONLINE, "return -1 if row in self._deleted else row", "return row", f"{_MODELS} {_BACKINGS}"),
    Fault(_ONLINE, "has[place] = n > 0", "has[place] = n > 1", _BACKINGS),
    Fault(_ONLINE, "self._n_children[context] += appears", "self._n_children[context] += 0", _BACKINGS),
    Fault(_UPDATING, "counts = merge(counts, part) if sign > 0 else _forget(counts, part, texts)", "counts = merge(counts, part)", _BACKINGS),
    Fault(_UPDATING, "low, high = 0, len(stream.lengths)", "low, high = 1, len(stream.lengths)", "tests/base/test_online_learning.py"),
    # The language model.
    Fault(_MODEL, "count[:opening] = adjusted[k - 1][:opening]", "pass", _MODELS),
    Fault(_MODEL, "seen = (discounted > 0) | np.signbit(discounted)", "seen = discounted > 0", "tests/arpa tests/saving"),
    Fault(_MODEL, "return discounted + backoff_weight / len(self.events)", "return discounted + backoff_weight / (len(self.events) - 1)", "tests/generator/test_nltk_parity.py tests/ngrams/scoring"),
    Fault(_CHILDREN, "return self._how_many(self.count == 2)", "return self._how_many(self.count >= 2)", _MODELS),
    Fault(_CHILDREN, "parts = self.count, self.count == 1, self.count == 2", "parts = self.count, self.count == 1, self.count >= 2", f"{_MODELS} {_BACKINGS}"),
    Fault(_WEIGHTS, "rare &= row != BOUNDARY", "pass", "tests/base/test_min_count.py"),
    Fault(_WEIGHTS, "mass[rows] *= statistics.total", "mass[rows] *= statistics.total + 1", "tests/ngrams/generation"),
    # Counting.
    Fault("ngrams/counting/_merging.py", "if (found < 0).any() or (count[found] < 0).any():", "if (found < 0).any():", "tests/ngrams/counting tests/base/test_backings.py"),
    Fault("ngrams/counting/_trie.py", "count[BOUNDARY] -= n_texts", "count[BOUNDARY] -= 0", "tests/ngrams/counting"),
    Fault("ngrams/counting/_token_stream.py", "padded = lengths + 1 + closing", "padded = lengths + 2", "tests/ngrams/counting"),
    # Smoothings.
    Fault("smoothing.py", "discount = ones / (ones + 2 * twos) if ones else 0.5", "discount = ones / (ones + 2 * twos) if twos else 0.5", "tests/test_smoothing.py"),
    Fault("smoothing.py", "in_range = np.all((discounts >= 0) & (discounts <= i))", "in_range = np.all((discounts > 0) & (discounts <= i))", "tests/test_smoothing.py"),
    Fault("smoothing.py", "y = n[1] / (n[1] + 2 * n[2])", "y = n[1] / (n[1] + n[2])", "tests/test_smoothing.py tests/ngrams/models"),
    Fault("smoothing.py", "return context.types / (context.total + context.types)", "return context.types / context.total", "tests/test_smoothing.py"),
    # What estimators know.
    Fault(_FITTED, "index._know(index._vocabulary.without(gone))", "pass", _BACKINGS),
    Fault(_FITTED, "n_tokens = self.n_tokens - stream.n_predictions", "n_tokens = self.n_tokens", _BACKINGS),
    Fault(_FITTED, "check_n_tokens(n_tokens + texts.n_predictions, training.owner)", "pass", "tests/base tests/generator/test_text_generator.py"),
    Fault("base/_fitted_checks.py", "if mine != theirs:", "if False:", "tests/base/test_merging_models.py"),
    Fault("base/_reader.py", "batch.ids[batch.ids >= self.n_ids] = UNKNOWN", "pass", "tests/base tests/generator tests/words"),
    # Words.
    Fault("words/_encoding.py", "ids[unknown] = UNKNOWN", "pass", "tests/words tests/generator/test_tokenizing.py"),
    Fault("words/_encoding.py", "text = text.lower()", "pass", "tests/words"),
    # Generation.
    Fault("generator/_messages.py", "answered &= ~unresolved", "pass", "tests/generator/test_text_generator.py"),
    Fault("generator/_messages.py", "looked_at = np.minimum(counts.n - 1, batch.lengths)", "looked_at = np.minimum(counts.n, batch.lengths)", "tests/generator"),
    # Saved models.
    Fault("saving/_envelope.py", 'if envelope.get("checksum") != checksum([version, layout, fields]):', "if False:", "tests/saving"),
    Fault("saving/_envelope.py", "if layout > LAYOUT:", "if False:", "tests/saving"),
    Fault("saving/_arrays.py", "rises = (key[1:] > key[:-1]).all()", "rises = True", "tests/saving"),
]
# fmt: on


def main(argv=None):
    """Plant the faults asked for; the exit code tells whether all were seen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="a wing, such as ngrams or words")
    args = parser.parse_args(argv)
    faults = [fault for fault in FAULTS if fault.file.startswith(args.only)]
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        ignored = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, copy, ignore=ignored)
        for fault in faults:
            verdict = plant(fault, copy)
            missed += verdict != "seen"
            print(f"{verdict:8} {fault.file}: {fault.old} -> {fault.new}", flush=True)
    print(f"{len(faults) - missed} of {len(faults)} faults were seen")
    return int(missed > 0)


def plant(fault, copy):
    """Whether the tests see a fault: "seen", "SURVIVES" or "STALE"."""
    path = copy / "sklearn_sslm" / fault.file
    source = path.read_text(encoding="utf-8")
    if source.count(fault.old) != 1:
        return "STALE"
    path.write_text(source.replace(fault.old, fault.new), encoding="utf-8")
    options = "-x", "-q", "-p", "no:cacheprovider", "--no-header", "-m", "not slow"
    command = [sys.executable, "-m", "pytest", *options, *fault.tests.split()]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=900
        )
    finally:
        path.write_text(source, encoding="utf-8")
    return "SURVIVES" if done.returncode == 0 else "seen"


if __name__ == "__main__":
    sys.exit(main())
