"""What mypy knows of the public face, as who uses it sees it; it is not run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

from sklearn_sslm import (
    NGramClassifier,
    NGramMixture,
    NGramOutlierDetector,
    NGramTextGenerator,
    SurpriseFeatures,
    WordIndexTransformer,
)
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.compat import kenlm
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.inspection import SurpriseDisplay, TransitionDisplay
from sklearn_sslm.memory import RecentWords
from sklearn_sslm.smoothing import KneserNey

TEXTS = ["um dois", "dois três"]

index = WordIndexTransformer(tokenizer=str.split, padding="pre")
rows = assert_type(index.fit(TEXTS), WordIndexTransformer).transform(TEXTS)
assert_type(index.inverse_transform(rows), NDArray[np.object_])
assert_type(index.tokenize("um dois"), list[str])
characters = WordIndexTransformer(
    analyzer="char", strip_accents="unicode", normalize="NFC"
)
WordIndexTransformer(vocabulary={"um": 1}, frozen=True).fit(TEXTS)
WordIndexTransformer(max_features=2, unk_min_count=2).fit(TEXTS)
assert_type(characters.join(characters.tokenize("um")), str)

model = NGramTextGenerator(n=3, smoothing=KneserNey(discounts=[0.5, 1, 1.5]))
assert_type(model.fit(TEXTS).partial_fit(line for line in TEXTS), NGramTextGenerator)
model.fit(np.array(TEXTS)).fit(rows)
model.fit(TEXTS, sample_weight=[1, 2]).partial_fit(TEXTS, None, np.ones(2))
model.fit(TEXTS, ["três", "um"]).fit(load_greetings().data)
assert_type(model.predict(TEXTS), NDArray[Any])
assert_type(model.stream("um"), Iterator[str])
assert_type(model.sample(2, contains=["um", "dois"]), NDArray[Any])
assert_type(model.sample(2, ends_with=["um", "dois"], unique=True), NDArray[Any])
assert_type(model.sample(balanced=True), NDArray[Any])
NGramTextGenerator(bad_words=["um dois", "três"], novel=True)
NGramTextGenerator(reply="keyword", n_candidates=5).predict(["um"])
assert_type(model.score_samples(TEXTS), NDArray[np.float64])
assert_type(model.score_texts(TEXTS, unknown="exclude")["perplexity"], Any)
assert_type(model.score_tokens(TEXTS, as_frame=True), Any)
assert_type(model.score(TEXTS) + model.perplexity(TEXTS, unknown="exclude"), float)
assert_type(model.next_word_proba(TEXTS), NDArray[np.float64])
(word, p), *_ = model.next_words(TEXTS, k=2)[0]
model.next_words(TEXTS, prefix="a")
model.session().next_words(TEXTS, prefix=["a"] * len(TEXTS))
assert_type(p, float)
assert_type(
    model.session().observe("um dois").next_word_proba(TEXTS), NDArray[np.float64]
)
assert_type(model.session().forget().stream("um"), Iterator[str])
NGramTextGenerator(memory="recent").set_params(memory=RecentWords((500, 20), 2))
write_arpa(model, Path("model.arpa"))
assert_type(read_arpa("model.arpa", word_index=index), NGramTextGenerator)
read_arpa("model.lm", encoding="latin-1", unknown_log_proba=-7)
WordIndexTransformer(tokenizer="ascii")

classifier = NGramClassifier(n=2, class_prior=[0.5, 0.5]).fit(TEXTS, ["a", "b"])
small: NGramClassifier = classifier.compact()
stronger = NGramClassifier(smoothing=KneserNey(strength=0.01))
classifier.partial_fit(TEXTS, np.array([0, 1]), classes=[0, 1]).partial_forget(
    TEXTS, [0, 1]
)
assert_type(classifier.predict(TEXTS), NDArray[Any])
assert_type(classifier.predict_proba(rows), NDArray[np.float64])
classifier.explain("um dois", as_frame=True)
detector = NGramOutlierDetector(aggregate=np.median, contamination=0.1).fit(TEXTS)
assert_type(detector.partial_fit([[1, 2], [3]]).predict(TEXTS), NDArray[np.int64])
assert_type(detector.compact().offset_, float)
assert_type(
    detector.set_partial_forget_request(sample_weight=True), NGramOutlierDetector
)
assert_type(SurpriseFeatures().fit_transform(TEXTS), NDArray[np.float64])

mixture = NGramMixture([model, read_arpa("model.arpa")], weights=[0.5, 0.5])
assert_type(mixture.fit_weights(TEXTS), NGramMixture)
assert_type(mixture.score_samples(TEXTS), NDArray[np.float64])
assert_type(mixture.next_words(TEXTS, prefix="u"), list[list[tuple[str, float]]])
mixture_scorer = mixture.scorer()
assert_type(mixture_scorer.score(mixture_scorer.start(), "um")[0], float)
assert_type(list(mixture.stream("um")), list[str])
lm = kenlm.Model(model)
assert_type(lm.score("um dois", bos=False), float)

graph = TransitionDisplay.from_estimator(model, kind="graph", max_edges=3)
assert_type(graph.plot(min_probability=None), TransitionDisplay)
assert_type(TransitionDisplay(["um"], np.eye(2), n_words=1), TransitionDisplay)
assert_type(SurpriseDisplay(model.explain("um")).to_html(), str)

# What mypy must find wrong: an ignore that is not needed is an error too.
NGramTextGenerator(n="3")  # type: ignore[arg-type]
NGramTextGenerator(echo="loud")  # type: ignore[arg-type]
NGramTextGenerator(3, "mle")  # type: ignore[call-arg]
model.stream(TEXTS)  # type: ignore[arg-type]
model.next_words(TEXTS, k=None)  # type: ignore[arg-type]
index.tokenize(3)  # type: ignore[arg-type]
