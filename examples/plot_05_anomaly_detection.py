"""
Anomaly detection by surprise
=============================

A model of what usually comes next can detect when something else does. Its mean surprise
per word is an anomaly score, and ``score_samples`` has the name and the sign of those of
scikit-learn's own detectors: the lower, the more unusual.
"""

# %%
# What a file server writes into its log, one session a text. People connect, mistype their
# passwords now and then, read and write files, and leave. The words are events.
import numpy as np

rng = np.random.default_rng(0)


def session():
    """Yield the events of a session."""
    yield "connect"
    yield from ["wrong_password"] * rng.binomial(2, 0.1)
    yield "password"
    for _ in range(rng.geometric(0.4)):
        if rng.random() < 0.6:
            yield from ["open", *["read"] * rng.geometric(0.5), "close"]
        else:
            yield from [
                "open",
                "lock",
                *["write"] * rng.geometric(0.5),
                "unlock",
                "close",
            ]
    yield rng.choice(["logout", "timeout"], p=[0.9, 0.1])
    yield "disconnect"


def damaged(events):
    """One event is lost, comes twice, or changes places with the next."""
    events = list(events)
    i = rng.integers(len(events) - 1)
    kind = rng.choice(["lost", "twice", "swapped"])
    if kind == "lost":
        del events[i]
    elif kind == "twice":
        events.insert(i, events[i])
    else:
        events[i : i + 2] = events[i + 1], events[i]
    return events


normal = [" ".join(session()) for _ in range(2000)]
test = [" ".join(session()) for _ in range(1000)]
test += [" ".join(damaged(session())) for _ in range(50)]
is_damaged = np.repeat([0, 1], [1000, 50])
print(*normal[:3], "", *test[-3:], sep="\n")

# %%
# Learn from normal sessions alone. A session is not unusual for being long, so the log
# probability is divided by the number of steps, each word and the end.
from sklearn_sslm import NGramTextGenerator


def surprise(model, texts):
    """Mean surprise of a step, in bits."""
    n_steps = np.array([len(text.split()) + 1 for text in texts])
    return -model.score_samples(texts) / n_steps / np.log(2)


models = {
    n: NGramTextGenerator(n=n, smoothing="kneser_ney").fit(normal) for n in [1, 2]
}

# %%
# How well does the surprise separate the 50 damaged sessions from the 1000 normal ones?
# With ``n=1`` the model uses how frequent events are but not their order, and neither does
# an isolation forest on counts of events: both guess. ``n=2`` adds the order.
import matplotlib.pyplot as plt
from sklearn.ensemble import IsolationForest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import RocCurveDisplay
from sklearn.pipeline import make_pipeline

forest = make_pipeline(CountVectorizer(), IsolationForest(random_state=0)).fit(normal)
scores = {"isolation forest": -forest.score_samples(test)}
scores |= {f"surprise, n={n}": surprise(model, test) for n, model in models.items()}

fig, ax = plt.subplots(figsize=(5.5, 5), layout="constrained")
for name, score in scores.items():
    RocCurveDisplay.from_predictions(is_damaged, score, name=name, ax=ax)
ax.plot([0, 1], [0, 1], ":", color="0.5")
ax.set(title="Damaged sessions among normal ones")
plt.show()

# %%
# The limit is not chosen on the test sessions: of new normal sessions, one in a hundred may
# raise a false alarm. No damaged session is needed for that.
limit = np.quantile(
    surprise(models[2], [" ".join(session()) for _ in range(2000)]), 0.99
)
alarm = scores["surprise, n=2"] > limit
print(f"false alarms: {alarm[:1000].sum()} of 1000, found: {alarm[1000:].sum()} of 50")

fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
bins = np.linspace(0.3, 2.5, 45)
for label, value in [("normal", 0), ("damaged", 1)]:
    chosen = scores["surprise, n=2"][is_damaged == value]
    ax.hist(chosen, bins, density=True, alpha=0.6, label=label)
ax.axvline(limit, color="black", linestyle="--", label="limit")
ax.set(xlabel="bits of surprise per step", ylabel="density", title="n=2")
ax.legend()
plt.show()

# %%
# The most surprising sessions, and the least surprising of the damaged ones. These cannot
# be found at all: where one ``read`` of several is lost, a normal session is left.
order = np.argsort(-scores["surprise, n=2"])
found = [test[i] for i in order if is_damaged[i]]
print("most surprising:", *found[:3], "", "least:", *found[-3:], sep="\n")
