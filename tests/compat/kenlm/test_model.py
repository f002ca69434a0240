"""Tests of `sklearn_sslm.compat.kenlm._model`: call for call as the module of that name."""

import copy
import pickle
import warnings
from itertools import combinations, pairwise

import numpy as np
import pytest
from _backings import BACKINGS
from _random_arpa import files
from hypothesis import given, reject
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import write_arpa
from sklearn_sslm.compat import kenlm as ours
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.smoothing import SMOOTHINGS

theirs = pytest.importorskip("kenlm")

GREETINGS = load_greetings().data
WORDS = ["Oi!", "Olá!", "bem", "com", "você?", "Tudo", "zero", "<unk>", "</s>", "<s>"]

HAND_MADE = r"""
\data\
ngram 1=5
ngram 2=4
ngram 3=2

\1-grams:
-1.2	<unk>
-0.9	</s>
-99	<s>	-0.35
-0.5	a	-0.25
-0.7	b	-0.125

\2-grams:
-0.3	<s> a	-0.2
-0.25	a b	-0.4
-0.8	b </s>
-1.1	b b

\3-grams:
-0.125	<s> a b
-0.5	a b </s>

\end\
"""

WEIGHT_ALONE = r"""
\data\
ngram 1=5
ngram 2=2
ngram 3=1

\1-grams:
-1.2	<unk>
-0.9	</s>
-99	<s>
-0.5	a	-0.25
-0.7	b

\2-grams:
-0.8	a a	-0.3
-0.25	a b	-0.4

\3-grams:
-0.5	a a a

\end\
"""
"""After "a b" there is a weight and no word, after "b" neither."""

HAND_MADE_FILES = {
    "hand-made": HAND_MADE,
    "unknown words in n-grams": HAND_MADE.replace("<unk>", "<unk>\t-0.375")
    .replace("\n-1.1\tb b", "\n-1.5\ta <unk>\t-0.15\n-0.8\t<unk> b\n-2\t<unk> <unk>\n-1.1\tb b")
    .replace("\n\\end", "-1.4\ta <unk> b\n\n\\end")
    .replace("2=4", "2=7").replace("3=2", "3=3"),
}  # fmt: skip

sentences = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
small_sentences = st.lists(st.sampled_from("a b zero".split()), max_size=6).map(
    " ".join
)


@pytest.fixture(scope="module", params=[1, 2, 3, 5, *HAND_MADE_FILES])
def pair(request, tmp_path_factory):
    """The same file, read by both: what this package wrote, or a pruned one by hand."""
    path = tmp_path_factory.mktemp("kenlm") / "model.arpa"
    if request.param in HAND_MADE_FILES:
        path.write_text(HAND_MADE_FILES[request.param])
    else:
        n = max(request.param, 2)  # KenLM has no model of single words
        write_arpa(NGramTextGenerator(n, smoothing="kneser_ney").fit(GREETINGS), path)
    return theirs.Model(str(path)), ours.Model(str(path))


def close(mine, expected):
    """Whether scores are equal but for single precision."""
    return mine == pytest.approx(expected, abs=1e-4)


@given(text=st.one_of(sentences, small_sentences), bos=st.booleans(), eos=st.booleans())
def test_scores(pair, text, bos, eos):
    """`score`, `full_scores` and `perplexity` are those of KenLM, also without the ends."""
    kenlm, model = pair
    if "<s>" in text and kenlm.score("<s>", False, False) < 0:
        text = text.replace("<s>", "a")  # its own probability is not that of lmplz
    for sentence in (text, text.encode(), f" {text}\t\n"):
        assert close(model.score(sentence, bos, eos), kenlm.score(sentence, bos, eos))
        assert close(model.perplexity(sentence), kenlm.perplexity(sentence))
    mine = list(model.full_scores(text, bos=bos, eos=eos))
    expected = list(kenlm.full_scores(text, bos=bos, eos=eos))
    assert [row[1:] for row in mine] == [row[1:] for row in expected]
    assert close([row[0] for row in mine], [row[0] for row in expected])
    assert all(type(value) is kind for row in mine
               for value, kind in zip(row, (float, int, bool), strict=True))  # fmt: skip


@given(
    histories=st.lists(st.one_of(sentences, small_sentences), min_size=2, max_size=4)
)
def test_states(pair, histories):
    """Word by word scores are KenLM's, and two states are equal if there they are."""
    kenlm, model = pair
    ends = []
    for text in histories:
        states = []
        for module, scorer in ((theirs, kenlm), (ours, model)):
            state, after = module.State(), module.State()
            begin = (
                scorer.NullContextWrite if len(text) % 2 else scorer.BeginSentenceWrite
            )
            begin(state)
            scores = []
            for word in text.replace("<s>", "a").split():
                full = scorer.BaseFullScore(state, word, after)
                again = module.State()
                scores.append(scorer.BaseScore(state, word, again))
                assert again == after
                assert hash(again) == hash(after)
                assert full.log_prob == scores[-1]
                scores += [full.ngram_length, full.oov]
                state, after = after, state
            states.append((state, scores))
        assert close(states[1][1], states[0][1])
        ends.append([state for state, _ in states])
    for a, b in pairwise(ends):
        assert (a[0] == b[0]) == (a[1] == b[1])
        assert (a[0] != b[0]) == (a[1] != b[1])


@given(
    text=files,
    asked=st.lists(
        st.lists(st.sampled_from("a b zero".split()), min_size=1, max_size=6).map(
            " ".join
        ),
        min_size=2,
        max_size=6,
    ),
)
def test_any_file(text, asked, tmp_path_factory):
    """Scores, lengths of n-grams, unknown words and equal states are KenLM's in any file."""
    path = tmp_path_factory.mktemp("kenlm") / "model.arpa"
    path.write_text(text)
    try:
        kenlm = theirs.Model(str(path))
    except OSError:  # it has little room for endings of n-grams that are missing
        reject()
    model, ends = ours.Model(path), []
    for sentence in asked:
        for bos in (True, False):
            mine = list(model.full_scores(sentence, bos=bos))
            expected = list(kenlm.full_scores(sentence, bos=bos))
            assert [row[1:] for row in mine] == [row[1:] for row in expected]
            assert close([row[0] for row in mine], [row[0] for row in expected])
            states = []
            for module, scorer in ((theirs, kenlm), (ours, model)):
                state = module.State()
                begin = scorer.BeginSentenceWrite if bos else scorer.NullContextWrite
                begin(state)
                for word in sentence.split():
                    before, state = state, module.State()
                    scorer.BaseScore(before, word, state)
                states.append(state)
            ends.append(states)
    for a, b in combinations(ends, 2):
        assert (a[0] == b[0]) == (a[1] == b[1])


def test_contexts_that_differ_in_nothing(tmp_path):
    """What is put in below a context that has a weight alone makes no context of its own."""
    path = tmp_path / "model.arpa"
    path.write_text(WEIGHT_ALONE)
    for module in (theirs, ours):
        model = module.Model(str(path))
        null, after_b, after_a, after_a_b = (module.State() for _ in range(4))
        model.NullContextWrite(null)
        model.BaseScore(null, "b", after_b)
        model.BaseScore(null, "a", after_a)
        model.BaseScore(after_a, "b", after_a_b)
        assert after_b == null
        assert after_a_b != null


def test_the_vocabulary(pair):
    """Words and the two marks of ends are in a model, the unknown word is not."""
    kenlm, model = pair
    for word in [*WORDS, "a", "", "<UNK>", "um dois", b"Oi!", b"\xff"]:
        assert (word in model) == (word in kenlm), word
    assert model.order == kenlm.order
    assert model.path == kenlm.path
    assert repr(model) == repr(kenlm)


def test_how_the_module_is_used(pair):
    """The steps of KenLM's own example of use hold, in both modules."""
    for module, model in zip((theirs, ours), pair, strict=True):
        sentence = "a b Oi! zero"
        total = sum(prob for prob, _, _ in model.full_scores(sentence))
        assert abs(total - model.score(sentence)) < 1e-3
        state, other = module.State(), module.State()
        model.BeginSentenceWrite(state)
        total = model.BaseScore(state, "a", other) + model.BaseScore(other, "b", state)
        assert abs(total - model.score("a b", eos=False)) < 1e-3
        total += model.BaseScore(state, "</s>", other)
        assert abs(total - model.score("a b")) < 1e-3


def document_perplexity(model, document):
    """What datatrove and cc_net filter by: words are counted by the program itself."""
    log_score, length = 0, 0
    for line in document.split("\n"):
        log_score += model.score(line)
        length += len(line.split()) + 1
    return round(10.0 ** (-log_score / length), 1)


@given(st.lists(st.one_of(sentences, small_sentences), min_size=1, max_size=4))
def test_filters_of_web_corpora(pair, lines):
    """Documents of pieces of words, joined by blanks, have the same perplexity."""
    kenlm, model = pair
    document = "\n".join(line.replace("<s>", "▁a") for line in lines)
    expected = document_perplexity(kenlm, document)
    assert document_perplexity(model, document) == pytest.approx(expected, abs=0.11)


@pytest.mark.parametrize(
    "numbers", ["-99	<unk>", "-99	b	-0.125", "-0.7	b	-99"]
)
def test_numbers_that_stand_for_0_elsewhere(numbers, tmp_path):
    """-99 is a number like others: so KenLM takes it, whatever SRILM means by it."""
    path = tmp_path / "model.arpa"
    lines = HAND_MADE.split("\n")
    word = numbers.split()[1]
    place = next(i for i, line in enumerate(lines) if line.split()[1:2] == [word])
    path.write_text("\n".join([*lines[:place], numbers, *lines[place + 1 :]]))
    kenlm, model = theirs.Model(str(path)), ours.Model(path)
    for text in ("zero", "b a", "a b a b", "b zero b"):
        assert model.score(text) > -float("inf")
        assert close(model.score(text), kenlm.score(text))


def test_a_file_without_an_unknown_word(tmp_path):
    """An unknown word then has 10 ** -100, as KenLM gives it."""
    path = tmp_path / "model.arpa"
    path.write_text(HAND_MADE.replace("-1.2	<unk>\n", "").replace("1=5", "1=4"))
    kenlm, model = theirs.Model(str(path)), ours.Model(str(path))
    for text in ("a zero b", "zero", "a b"):
        assert close(model.score(text), kenlm.score(text))
    assert model.score("zero") < -100


@pytest.mark.parametrize("backing", BACKINGS)
@pytest.mark.parametrize("name", ["kneser_ney", "lidstone"])
def test_fitted_generators(backing, name, tmp_path):
    """A generator scores as it does itself, whatever it is stored in, and is not changed."""
    generator = NGramTextGenerator(3, smoothing=name)
    generator = BACKINGS[backing](generator, GREETINGS, tmp_path)
    model = ours.Model(generator)
    asked = [*GREETINGS, "", "você você zero hoje?"]
    expected = generator.score_samples(asked) / np.log(10)
    np.testing.assert_allclose(list(map(model.score, asked)), expected, rtol=1e-9)
    assert model.path is None
    assert model.order == 3
    generator.fit(["zero"])
    assert close([model.score(text) for text in asked], expected)
    again = pickle.loads(pickle.dumps(model))
    assert close([again.score(text) for text in asked], expected)
    assert "zero" not in model


@pytest.mark.parametrize("name", sorted(SMOOTHINGS))
def test_generators_of_all_smoothings(name):
    """Impossible words have a logarithm of −inf; all others are those of the generator."""
    generator = NGramTextGenerator(2, smoothing=name).fit(["a b", "a c", "b"])
    model = ours.Model(generator)
    for text in ("a b", "a c", "c a", "b b", "zero"):
        table = generator.explain(text)
        scores = [row[0] for row in model.full_scores(text)]
        with np.errstate(divide="ignore"):
            np.testing.assert_allclose(scores, np.log10(table["probability"]))
        assert model.score(text) == pytest.approx(sum(scores))


@given(
    st.lists(st.sampled_from(["a b", "b c", "d c", "a"]), min_size=1, max_size=9),
    st.lists(st.sampled_from("abcd"), max_size=5),
)
def test_generators_that_leave_ngrams_out(texts, words):
    """With `min_count` scores are the generator's, and contexts without words merge."""
    generator = NGramTextGenerator(3, smoothing="witten_bell", min_count=[1, 2])
    generator.fit(texts)
    model, scorer = ours.Model(generator), generator.scorer()
    state, expected = ours.State(), scorer.start()
    model.BeginSentenceWrite(state)
    for word in words:
        log_p, expected = scorer.score(expected, word)
        assert model.BaseScore(state, word, state) == pytest.approx(log_p / np.log(10))
        assert state.context == expected


def test_words_are_spelled_as_the_generator_does():
    """A sentence is split at blanks, and its words spelled as those that were learned."""
    index = WordIndexTransformer(lowercase=True)
    generator = NGramTextGenerator(2, smoothing="witten_bell", word_index=index)
    model = ours.Model(generator.fit(["Olá mundo"]))
    assert model.score("OLÁ mundo") == model.score("olá MUNDO")
    assert "MUNDO" in model


def test_copies_and_pickles(tmp_path):
    """A pickle of a model is of its file, or of its generator; states can be copied."""
    write_arpa(
        NGramTextGenerator(2, smoothing="kneser_ney").fit(["a b"]), tmp_path / "m"
    )
    generator = NGramTextGenerator(2, smoothing="kneser_ney").fit(["a b"])
    for source in (tmp_path / "m", generator):
        model = ours.LanguageModel(source)
        again = pickle.loads(pickle.dumps(model))
        assert type(again) is ours.LanguageModel
        assert close(again.score("a b"), model.score("a b"))
    state = ours.State()
    model.BeginSentenceWrite(state)
    for twin in (copy.copy(state), copy.deepcopy(state)):
        model.BaseScore(twin, "a", twin)
        assert twin != state


def test_what_is_kept_is_bounded(monkeypatch):
    """However many words are asked about, so many steps and ids are kept."""
    for of_kind in ("_MAX_IDS", "_MAX_STEPS"):
        monkeypatch.setattr(f"sklearn_sslm.compat.kenlm._steps.{of_kind}", 5)
    model = ours.Model(NGramTextGenerator(2, smoothing="witten_bell").fit(GREETINGS))
    fresh = ours.Model(NGramTextGenerator(2, smoothing="witten_bell").fit(GREETINGS))
    for text in GREETINGS * 2:
        assert model.score(text) == fresh.score(text)
        assert len(model._steps.kept) <= 5
        assert len(model._steps.ids) <= 5
    assert "<unk>" not in model


def test_exceptions(tmp_path):
    """Files that cannot be read, and arguments of other types, raise what KenLM raises."""
    (tmp_path / "no.arpa").write_text("no model")
    for module in (theirs, ours):
        for path in ("missing.arpa", "no.arpa"):
            with pytest.raises(OSError, match=f"Cannot read model '.*{path}'"):
                module.Model(str(tmp_path / path))
        with pytest.raises(TypeError):
            module.Model(3)
    model = ours.Model(NGramTextGenerator(2, smoothing="kneser_ney").fit(["a b"]))
    with pytest.raises(TypeError, match="Cannot convert <class 'int'> to string"):
        model.score(3)
    with pytest.raises(TypeError, match="Cannot convert"):
        assert 3 in model
    with pytest.raises(TypeError, match="'word' must be a str"):
        model.BaseScore(ours.State(), b"a", ours.State())
    with pytest.raises(TypeError, match="must be a State"):
        model.BaseScore(theirs.State(), "a", ours.State())
    with pytest.raises(NotFittedError):
        ours.Model(NGramTextGenerator())
    with pytest.raises(ValueError, match="fit it on texts"):
        ours.Model(NGramTextGenerator().fit([[1, 2, 0]]))


def test_what_is_odd_is_told_unless_it_is_not_to_be(tmp_path, recwarn, monkeypatch):
    """Warnings of reading are for `ARPALoadComplain.NONE` not given."""
    generator = NGramTextGenerator(2, smoothing="kneser_ney").fit(["a b"])

    def read(path, **_):
        warnings.warn("odd", stacklevel=2)
        return generator

    monkeypatch.setattr("sklearn_sslm.compat.kenlm._model.read_arpa", read)
    config = ours.Config()
    config.arpa_complain = ours.ARPALoadComplain.NONE
    ours.Model("odd.arpa", config)
    assert not recwarn.list
    ours.Model("odd.arpa")
    assert [str(warning.message) for warning in recwarn.list] == ["odd"]


def test_warnings_spell_the_path(tmp_path, recwarn):
    """They name the file as a user writes it, not as bytes."""
    path = tmp_path / "café.arpa"
    text = HAND_MADE.replace("\n-1.1\tb b", "\n-1.1\tb b\n-1.1\tb <s>")
    path.write_text(text.replace("2=4", "2=5"))
    ours.Model(str(path))
    assert str(recwarn.list[0].message).startswith(f"{path}, line ")
