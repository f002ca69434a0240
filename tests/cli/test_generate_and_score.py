"""``sslm generate`` and ``sslm score``: what they print."""

import joblib
import numpy as np
import pytest
from _commands import GREETINGS, complaint, write

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.cli._main import main


def test_generate_writes_k_texts(model_file, capsys):
    """``-k`` texts come, one a line, those the model samples with that seed."""
    assert main(["generate", "--model", model_file, "-k", "5", "--seed", "7"]) == 0
    model = joblib.load(model_file).set_params(random_state=7)
    assert capsys.readouterr().out.splitlines() == list(model.sample(5))


def test_generate_writes_ten_texts_by_default(model_file, capsys):
    """Without ``-k`` ten texts come."""
    assert main(["generate", "--model", model_file]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 10


@pytest.mark.parametrize("start", [[], ["--start", "Oi!"]])
def test_generate_repeats_with_the_same_seed(model_file, capsys, start):
    """One seed gives the same texts twice, another seed gives others."""
    texts = []
    for seed in ["1", "1", "2"]:
        main(["generate", "--model", model_file, "--seed", seed, *start])
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] != texts[2]


def test_generate_begins_with_the_start(model_file, capsys):
    """Every text begins with all words of ``--start`` and goes on from them."""
    main(["generate", "--model", model_file, "--start", "Boa noite! Espero que"])
    texts = capsys.readouterr().out.splitlines()
    assert len(texts) == 10
    assert all(text.startswith("Boa noite! Espero que você ") for text in texts)


def test_generate_from_an_empty_start_is_generate(model_file, capsys):
    """A start without a word is no start."""
    main(["generate", "--model", model_file, "--seed", "3"])
    main(["generate", "--model", model_file, "--seed", "3", "--start", " "])
    first, second = np.array_split(capsys.readouterr().out.splitlines(), 2)
    assert list(first) == list(second)


def test_generate_names_an_unknown_word_of_the_start(model_file, capsys):
    """A start that ends in a word the model does not know is an error with that word."""
    argv = ["generate", "--model", model_file, "--start", "Oi! zebra"]
    assert "'zebra'" in complaint(capsys, *argv)


def test_generate_backs_off_where_the_model_does(capsys):
    """A model with ``unknown="backoff"`` goes on after an unknown word."""
    model = NGramTextGenerator(n=3, unknown="backoff").fit(["um dois"])
    joblib.dump(model, "b.joblib")
    argv = ["generate", "--model", "b.joblib", "--start", "zebra um", "-k", "1"]
    assert main(argv) == 0
    assert capsys.readouterr().out == "zebra um dois\n"


def test_generate_writes_k_texts_of_a_model_of_several_replies(capsys):
    """It is ``-k`` that says how many texts there are, a line each."""
    model = NGramTextGenerator(num_return_sequences=3).fit(["um dois"])
    joblib.dump(model, "m.joblib")
    for start in ["", "um"]:
        main(["generate", "--model", "m.joblib", "-k", "2", "--start", start])
        assert capsys.readouterr().out == "um dois\n" * 2


def test_generate_tells_what_a_model_cannot_say(capsys):
    """Parameters that leave nothing to say are told in one line."""
    model = NGramTextGenerator(min_length=9, bad_words=["um", "dois"]).fit(["um dois"])
    joblib.dump(model, "m.joblib")
    said = complaint(capsys, "generate", "--model", "m.joblib")
    assert said.startswith("sslm: error: No word is left")


def test_score_prints_what_the_estimator_says(model_file, capsys):
    """A line for each text with its log probability; the summary is on standard error."""
    texts = [*GREETINGS[:2], "Oi! Tudo"]
    write("a.txt", "\n\n".join(texts[:2]))
    assert main(["score", "--model", model_file, "a.txt"]) == 0
    out, summary = capsys.readouterr()
    values = out.splitlines()
    model = joblib.load(model_file)
    np.testing.assert_allclose(
        [float(value) for value in values], model.score_samples(texts[:2]), atol=1e-6
    )
    # "Olá! Como você está?" and "Oi! Tudo bem com você?": 4 + 5 words, two ends.
    assert summary.rstrip("\n") == (
        f"2 texts, 11 tokens with their ends, mean log probability "
        f"{model.score(texts[:2]):.6f} a token, perplexity "
        f"{model.perplexity(texts[:2]):.6g}"
    )


n_tokenized = 0


def counting_tokenizer(text):
    """Split at blanks, and count the calls."""
    global n_tokenized
    n_tokenized += 1
    return text.split()


def test_score_tokenizes_each_text_once(capsys):
    """Its summary counts the tokens that were scored; equal texts share their scores."""
    index = WordIndexTransformer(tokenizer=counting_tokenizer)
    joblib.dump(NGramTextGenerator(word_index=index).fit(["a b", "b"]), "m.joblib")
    write("a.txt", "a b\nb\na b\n")
    before = n_tokenized
    assert main(["score", "--model", "m.joblib", "a.txt"]) == 0
    assert n_tokenized - before == 2
    assert "3 texts, 8 tokens with their ends" in capsys.readouterr().err


def test_score_of_an_impossible_text_is_minus_infinity(model_file, capsys):
    """A text with a word never seen has probability 0 and makes perplexity infinite."""
    write("a.txt", "zebra")
    assert main(["score", "--model", model_file, "a.txt"]) == 0
    out, err = capsys.readouterr()
    assert out == "-inf\n"
    warning, summary = err.splitlines()
    assert warning.startswith("sslm: warning: a text with -inf has a word that never")
    assert summary.endswith("perplexity inf")


def test_a_model_with_smoothing_takes_no_text_for_impossible(capsys):
    """What the warning advises helps, and the model is the one that Python fits."""
    write("a.txt", "\n".join(GREETINGS))
    write("b.txt", "zebra")
    assert main(["fit", "a.txt", "--smoothing", "kneser_ney", "-o", "m.joblib"]) == 0
    capsys.readouterr()
    assert main(["score", "--model", "m.joblib", "b.txt"]) == 0
    out, err = capsys.readouterr()
    model = NGramTextGenerator(3, smoothing="kneser_ney").fit(GREETINGS)
    assert out.splitlines()[0] == f"{model.score_samples(['zebra'])[0]:.6f}"
    assert err.startswith("1 text, 2 tokens")


@pytest.mark.parametrize(
    ("text", "options", "advice"),
    [
        ("zebra b", [], "'--unknown exclude' leaves them out"),
        ("zebra b", ["--unknown", "exclude"], "write the file from"),
        ("b", [], "write the file from a smoothed model"),
    ],
)
def test_what_to_do_about_an_impossible_text_of_a_file(text, options, advice, capsys):
    """The advice about a model of an ARPA file is not to learn it in another way."""
    write(
        "m.arpa",
        "\\data\\\nngram 1=4\n\n\\1-grams:\n-0.5\t</s>\n-99\t<s>\n-0.4\ta\n-99\tb\n\n\\end\\\n",
    )
    write("t.txt", text)
    assert main(["score", "-m", "m.arpa", *options, "t.txt"]) == 0
    out, err = capsys.readouterr()
    assert out == "-inf\n"
    assert advice in err
