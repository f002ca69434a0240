"""Every text is split into words once, whatever is asked of it."""

import pickle
import sys
from collections import Counter

import pytest

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.inspection import (
    NextWordDisplay,
    SurpriseDisplay,
    TransitionDisplay,
    VocabularyDisplay,
)
from sklearn_sslm.words import check_texts


class CountingTokenizer:
    """Splits at blanks, and counts how often each text comes."""

    def __init__(self):
        self.calls = Counter()

    def __call__(self, text):
        self.calls[text] += 1
        return text.split()


TEXTS = ["a b c", "a c", "b a"]
MESSAGES = ["a b", "b c a", "c a"]
REPLIES = ["c b a", "d", "a c b a"]

ASKED = {
    "fit": lambda model: model.fit(["a b c", "c a"]),
    "partial_fit": lambda model: model.partial_fit(["a b c", "d"]),
    "partial_forget": lambda model: model.partial_forget(TEXTS[:2]),
    "merge": lambda model: model.merge(model),
    "predict": lambda model: model.predict(MESSAGES),
    "predict one": lambda model: model.predict(["zebra a"]),
    "stream": lambda model: list(model.stream("a b")),
    "score_samples": lambda model: model.score_samples(MESSAGES),
    "score": lambda model: model.score(MESSAGES),
    "perplexity": lambda model: model.perplexity(MESSAGES, unknown="exclude"),
    "score of replies": lambda model: model.score(MESSAGES, REPLIES),
    "perplexity of replies": lambda model: model.perplexity(MESSAGES, REPLIES),
    "explain": lambda model: model.explain("a zebra b"),
    "explain a reply": lambda model: model.explain("a zebra b", message="b c"),
    "explain in a session": lambda model: model.session().explain("a zebra b", "b c"),
    "score in a session": lambda model: model.session().score_samples(MESSAGES),
    "next_words": lambda model: model.next_words(MESSAGES),
    "next_word_proba": lambda model: model.next_word_proba(MESSAGES),
    "sample": lambda model: model.sample(2),
    "compact": lambda model: model.compact().predict(MESSAGES),
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
    "word index": lambda model: model.word_index_.transform(MESSAGES),
    "fit of a word index": lambda model: model.word_index_.fit_transform(MESSAGES),
    "NextWordDisplay": lambda model: NextWordDisplay.from_estimator(model, "a b"),
    "SurpriseDisplay": lambda model: SurpriseDisplay.from_estimator(model, "a b zebra"),
    "VocabularyDisplay": lambda model: VocabularyDisplay.from_estimator(
        model, MESSAGES
    ),
    "VocabularyDisplay of replies": lambda model: VocabularyDisplay.from_estimator(
        model, MESSAGES, REPLIES
    ),
    "TransitionDisplay": lambda model: TransitionDisplay.from_estimator(model),
}

PARAMETERS = [
    {},
    {"echo": "message", "unknown": "backoff"},
    {"echo": "none", "bad_words": ["c"], "stop": ["b"]},
    {"echo": "message", "num_beams": 2},
    {"reply": "keyword", "bad_words": ["c"]},
]


@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
@pytest.mark.parametrize("name", ASKED)
def test_a_text_is_tokenized_once(name, parameters):
    """No method splits a text, a message or a bad word more than once in a call."""
    index = WordIndexTransformer(tokenizer=CountingTokenizer())
    model = NGramTextGenerator(
        smoothing="witten_bell", word_index=index, random_state=0, **parameters
    ).fit(TEXTS)
    tokenizer = model.word_index_.tokenizer
    tokenizer.calls.clear()
    ASKED[name](model)
    tokenizers = {id(t): t for t in (tokenizer, model.word_index_.tokenizer)}.values()
    assert max((max(t.calls.values(), default=0) for t in tokenizers), default=0) <= 1


@pytest.mark.parametrize("name", ASKED)
def test_texts_are_checked_once(name, monkeypatch):
    """No method checks twice that the same samples are texts."""
    model = NGramTextGenerator(smoothing="witten_bell", random_state=0).fit(TEXTS)
    checked = Counter()

    def counting(X, *args, **options):
        checked[tuple(X)] += 1
        return check_texts(X, *args, **options)

    for name_of_module, module in list(sys.modules.items()):
        if name_of_module.startswith("sklearn_sslm.") and hasattr(
            module, "check_texts"
        ):
            monkeypatch.setattr(module, "check_texts", counting)
    ASKED[name](model)
    assert max(checked.values(), default=0) <= 1


def test_conditions_are_tokenized_once():
    """Nor does a sampler split what was asked for more often than it was given."""
    index = WordIndexTransformer(tokenizer=CountingTokenizer())
    model = NGramTextGenerator(word_index=index, random_state=0).fit(TEXTS)
    model.word_index_.tokenizer.calls.clear()
    model.sample(2, starts_with="a", contains=["a b", "c"], ends_with="b c")
    expected = {"a": 1, "a b": 1, "c": 1, "b c": 1}
    assert model.word_index_.tokenizer.calls == expected


def test_replies_are_tokenized_once():
    """Neither are messages and replies that are learned and forgotten."""
    index = WordIndexTransformer(tokenizer=CountingTokenizer())
    model = NGramTextGenerator(word_index=index).fit(["a"], ["b"])
    calls = model.word_index_.tokenizer.calls
    for learn in (model.partial_fit, model.partial_forget, model.fit):
        calls.clear()
        learn(MESSAGES, REPLIES)
        tokenizer = model.word_index_.tokenizer
        assert tokenizer.calls == Counter([*MESSAGES, *REPLIES])


def test_files_are_tokenized_once(tmp_path):
    """Nor are the lines of files."""
    path = tmp_path / "texts.txt"
    path.write_text("\n".join(TEXTS), encoding="utf-8")
    index = WordIndexTransformer(tokenizer=CountingTokenizer())
    model = NGramTextGenerator(word_index=index, input="filename").fit([path])
    for learn in (lambda X: model, model.partial_fit, model.partial_forget):
        tokenizer = learn([path]).word_index_.tokenizer
        assert tokenizer.calls == Counter(TEXTS)
        tokenizer.calls.clear()


def test_the_unknown_word_of_an_error_is_not_split_out_again():
    """The error names the word that was read."""
    index = WordIndexTransformer(tokenizer=CountingTokenizer())
    model = NGramTextGenerator(word_index=index, unknown="error").fit(TEXTS)
    model.word_index_.tokenizer.calls.clear()
    with pytest.raises(ValueError, match="The word 'zebra' of message 1 is not known"):
        model.predict(["a", "a zebra"])
    assert model.word_index_.tokenizer.calls == {"a": 1, "a zebra": 1}
