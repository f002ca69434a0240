"""
Unusual sessions in a log
=========================

A program that goes wrong often still writes valid log lines, but in an order that it
never writes them in. An n-gram model learns the usual order; what it finds surprising is
where to look. The detector needs no example of what goes wrong.
"""

# %%
# These are the lines that Hadoop's file system logs while it stores a block of data on
# three machines, serves it and deletes it. The sessions, one for each block, are made up
# here; each is made of real lines with numbers and addresses of its own.
import numpy as np

rng = np.random.default_rng(0)

ALLOCATE = "BLOCK* NameSystem.allocateBlock: /user/hadoop/part-{n}. {block}"
RECEIVING = "Receiving block {block} src: /{ip}:{n} dest: /{ip}:50010"
RECEIVED = "Received block {block} of size {n} from /{ip}"
RESPONDER = "PacketResponder {n} for block {block} terminating"
STORED = "BLOCK* NameSystem.addStoredBlock: {ip}:50010 is added to {block} size {n}"
SERVED = "{ip}:50010 Served block {block} to /{ip}"
VERIFIED = "Verification succeeded for {block}"
SERVING_FAILED = "{ip}:50010:Got exception while serving {block} to /{ip}:"
INVALID = "BLOCK* NameSystem.delete: {block} is added to invalidSet of {ip}:50010"
DELETING = "Deleting block {block} file /mnt/hadoop/dfs/data/current/{block}"
DELETED_TWICE = "Unexpected error trying to delete block {block}. BlockInfo not found."
NO_FILE = "BLOCK* NameSystem.addStoredBlock: {block} does not belong to any file"


def session():
    """The lines of one block, in an order that Hadoop writes them in."""
    lines = [RECEIVING, RECEIVING, RECEIVING]
    lines.insert(rng.integers(3), ALLOCATE)
    for _ in range(3):
        lines += [RESPONDER, RECEIVED] if rng.random() < 0.8 else [RECEIVED, RESPONDER]
    lines += [STORED] * 3
    for _ in range(rng.geometric(0.4) - 1):
        lines.append(rng.choice([SERVED, VERIFIED, SERVING_FAILED], p=[0.5, 0.3, 0.2]))
    if rng.random() < 0.8:
        lines += [INVALID] * 3 + [DELETING] * 3
    return lines


def failing():
    """A session in which something goes wrong."""
    lines = session()
    place = rng.integers(4, len(lines))
    match rng.choice(["lost", "twice", "stopped", "late"]):
        case "lost":  # nobody says that the block was received
            lines = [line for line in lines if line not in (RECEIVED, RESPONDER)]
        case "twice":
            lines += [DELETING, DELETED_TWICE]
        case "stopped":
            lines = lines[:place]
        case "late":
            lines.insert(place, NO_FILE)
    return lines


def written(lines):
    """The lines as they stand in the log, with numbers and addresses."""
    block = f"blk_{rng.integers(2**60)}"
    numbers = {"block": block, "n": rng.integers(9000), "ip": "10.0.0.7"}
    return [line.format(**numbers) for line in lines]


normal = [written(session()) for _ in range(3000)]
test = [written(session()) for _ in range(2000)]
test += [written(failing()) for _ in range(60)]
is_failing = np.repeat([False, True], [2000, 60])
print(*test[0][:6], sep="\n")

# %%
# A block's number never comes again, so that every line would be new. Numbers and addresses
# are masked: what is left of a line tells which statement of the program wrote it.
import re

NUMBER = re.compile(r"blk_-?\d+|\d+(\.\d+){3}(:\d+)?|\d+")


def masked(lines):
    """The lines of a session without their numbers."""
    return [NUMBER.sub("#", line) for line in lines]


normal, test = [list(map(masked, sessions)) for sessions in (normal, test)]
print(*test[0][:6], sep="\n")

# %%
# Each line is a token now, and a session a row of tokens. The score of a session is minus
# its largest surprise, in bits. The threshold comes from the sessions learned, each scored
# by the model without it, so that it fits to new sessions: 0.27 % of the normal ones may
# raise a false alarm.
from sklearn_sslm import NGramOutlierDetector

detector = NGramOutlierDetector().fit(normal)
alarm = detector.predict(test) == -1
threshold = -detector.offset_
print(f"threshold: {threshold:.1f} bits")
print(f"false alarms: {alarm[~is_failing].sum()} of 2000")
print(f"found: {alarm[is_failing].sum()} of 60")

# %%
# An isolation forest on the number of lines of each kind does not see their order.
import matplotlib.pyplot as plt
from sklearn.ensemble import IsolationForest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import RocCurveDisplay
from sklearn.pipeline import make_pipeline

counts = CountVectorizer(analyzer=list)
forest = make_pipeline(counts, IsolationForest(random_state=0)).fit(normal)

fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
for name, model in {"surprise": detector, "isolation forest": forest}.items():
    score = -model.score_samples(test)
    RocCurveDisplay.from_predictions(is_failing, score, name=name, ax=left)
left.set(title="Detecting failing sessions")

bits = -detector.score_samples(test)
bins = np.linspace(0, bits.max(), 40)
for label, value in [("normal", False), ("failing", True)]:
    right.hist(bits[is_failing == value], bins, density=True, alpha=0.6, label=label)
right.axvline(threshold, color="black", linestyle="--", label="threshold")
right.set(xlabel="largest surprise, in bits", title="Normal and failing sessions")
right.legend()
plt.show()

# %%
# Where in a session is it? The surprises along the most unusual one, line by line. A
# detector that is given a callable hands it the surprises of each session.
worst = test[int(np.argmax(bits))]
along = []
detector.set_params(aggregate=lambda surprises: along.append(surprises) or 0)
detector.score_samples([worst])

fig, ax = plt.subplots(figsize=(9, 0.28 * len(along[0]) + 1), layout="constrained")
lines = [line[:60] for line in worst] + ["(end)"]
ax.barh(np.arange(len(lines)), along[0], color="C3")
ax.axvline(threshold, color="black", linestyle="--")
ax.set_yticks(np.arange(len(lines)), lines, fontsize=8)
ax.invert_yaxis()
ax.set(xlabel="surprise in bits", title="Surprise along the most unusual session")
plt.show()
