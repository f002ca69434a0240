"""The benchmarks run and tell what they promise; the figures are not tested."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RIVALS = {"nltk.lm", "markovify", "kenlm", "lmplz, build_binary"}
WORKS = [
    "file to model, n=5",
    "file to model, a token, n=5",
    "peak memory, a token, n=5",
    "peak memory in chunks, n=5",
    "learning, a token, n=5",
    "scoring, a token, n=5",
    "scoring texts, n=5",
    "scoring ten copies of them, n=5",
    "10,000 texts at once, n=3, mle",
    "one at a time, n=3, mle",
    "10,000 texts at once, n=3, kneser_ney",
    "one at a time, n=3, kneser_ney",
]
ONLINE = "--each", 5, "--many", 50


@pytest.fixture
def corpus(tmp_path):
    """A text of 200 lines: the numbers from 1 on, as words of their digits."""
    path = tmp_path / "digits.txt"
    lines = [" ".join(str(number)) for number in range(1000, 1200)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(*arguments):
    """What a command of the benchmarks prints."""
    command = [sys.executable, "-m", *map(str, arguments)]
    result = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def cells(table):
    """The cells of a Markdown table, without its head."""
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines[1:]]


@pytest.mark.parametrize("name", ["race.py", "ratios.py"])
def test_examples(name):
    """Every example in a docstring gives what it says."""
    assert run("doctest", Path("benchmarks", name)) == ""


@pytest.mark.slow
def test_table(corpus):
    """The command measures every work, and who does it does it once."""
    rows = cells(run("benchmarks", corpus, "--repeats", 1, "--tokens", 500))
    ours = [row[0] for row in rows if row[1] not in RIVALS]
    assert list(dict.fromkeys(ours)) == WORKS
    assert len({tuple(row[:2]) for row in rows}) == len(rows)


@pytest.mark.slow
def test_only(corpus):
    """With ``--only`` a table holds the groups named and no others."""
    rows = cells(run("benchmarks", corpus, "--repeats", 1, "--only", "counting"))
    assert {row[0] for row in rows} == {WORKS[0]}


@pytest.mark.slow
def test_parity(corpus, tmp_path):
    """The differences are told order by order, 0 where the figures are ours."""
    # 10 digits, the end, <s> and <unk>; the other figures are far off on purpose.
    figures = {
        "ngrams": [13],
        "discounts_D1_D2_D3plus": [[0.5, 1.0, 1.5]],
        "perplexity_including_oov": 1.0,
        "perplexity_excluding_oov": 1.0,
        "first_five_test_lines_log10": [0.0] * 5,
    }
    reference = tmp_path / "reference.json"
    reference.write_text(json.dumps({"digits": {"1": figures}}))
    rows = cells(run("benchmarks.parity", corpus, corpus, reference, "digits"))
    assert [row[:3] for row in rows] == [["1", "0", "0.0e+00"]]


@pytest.fixture
def numbers(tmp_path):
    """A text of 200 lines of 12 words, as many as the messages of `online` need."""
    path = tmp_path / "numbers.txt"
    lines = [" ".join(str(number * k % 97) for k in range(12)) for number in range(200)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_online(numbers):
    """A model that learned message by message ends as one fitted on all at once."""
    rows = cells(run("benchmarks.online", numbers, numbers, *ONLINE))
    assert [row[0].split(",")[0] for row in rows[:4]] == ["one message"] * 4
    assert rows[-1][2].startswith("0e+00 apart, equal")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["benchmarks", "benchmarks.online"])
def test_ratios_of_two_runs_are_compared(command, numbers, tmp_path):
    """What one run saves is what the next is compared with, ratio by ratio."""
    options = ["--repeats", 1, "--only", "counting"]
    options = [numbers, *(options if command == "benchmarks" else [numbers, *ONLINE])]
    path = tmp_path / "ratios.json"
    run(command, *options, "--json", path)
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert saved
    assert all(ratio > 0 for ratio in saved.values())
    earlier = {name: ratio / 2 for name, ratio in saved.items()} | {"gone": 3.0}
    path.write_text(json.dumps(earlier), encoding="utf-8")
    printed = run(command, *options, "--compare", path)
    rows = cells(printed[printed.index("| ratio |") :])
    rows = {name: figures for name, *figures in rows}
    assert list(rows) == list(earlier)
    for name, was in earlier.items():
        assert rows[name][0] == f"{was:.3g}"
    for name in saved:
        _, now, change = map(float, rows[name])
        assert change == pytest.approx(now / earlier[name], rel=0.01, abs=0.01)


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="needs the files of Linux"
)
def test_travel(corpus):
    """Each file is measured; compact is smaller, and mapped takes as much as not."""
    options = "--words", 3000, "--processes", 2, "--repeats", 1
    rows = cells(run("benchmarks.travel", corpus, *options))
    sizes = {name: float(size) for name, size, *_ in rows}
    assert len(rows) == len(sizes) == 7
    assert sizes["``compact()``"] < sizes["as it is"]
    assert (
        sizes["as it is, mapped"] == sizes["as it is, mapped by 2"] == sizes["as it is"]
    )
    assert all(float(cell) > 0 for row in rows for cell in (row[2], row[4]))


@pytest.mark.slow
def test_alive(corpus):
    """Each work is done with both models, and each ratio is of what it names."""
    options = "--words", 900, "--texts", 50, "--repeats", 1
    rows = cells(run("benchmarks.alive", corpus, *options))
    assert len({tuple(row[:2]) for row in rows}) == len(rows)
    works = [[row[0].split(",")[0], row[0].endswith("(big)")] for row in rows]
    small, large = ([work for work, big in works if big is of] for of in (False, True))
    assert [work for work in small if work in large] == large
    assert all(float(row[3].split(" × ")[0]) > 0 for row in rows if len(row) > 3)


@pytest.mark.slow
def test_memory(numbers):
    """What a memory brings is told next to the static model, and what it costs."""
    rows = cells(run("benchmarks.memory", numbers, numbers, "--new", 80, "--n", 3))
    works = [row[0] for row in rows]
    assert works[:3] == ["perplexity, n=3"] * 3
    assert [row[1] for row in rows[:2]] == ["static", "memory"]
    assert "hearing a text, a token" in works
    assert works[-1] == "session, texts of a new word each"


def test_scoring_beside_kenlm(numbers, tmp_path):
    """One word, one text and many are measured, and files read by both are told."""
    pytest.importorskip("kenlm")
    good = "\\data\\\nngram 1=4\n\n\\1-grams:\n-1\t<unk>\n-0.5\t</s>\n-99\t<s>\n-1\t1\n\n\\end\\\n"
    (tmp_path / "good.arpa").write_text(good)
    (tmp_path / "wrong.arpa").write_text("no model")
    options = "--lines", 60, "--repeats", 1, "--files", tmp_path
    rows = cells(run("benchmarks.scoring", numbers, numbers, *options))
    works = list(dict.fromkeys(row[0] for row in rows if len(row) == 4))
    assert works[:3] == ["one word", "one text of 12 words", "200 different texts"]
    assert works[3].endswith(" different texts")
    files = {row[0]: row[1] for row in rows if row[0].endswith(".arpa")}
    # 12 words, none of which is 1 but that of line 0, "0 0 …": all are unknown.
    assert files == {"good.arpa": "-12.5000", "wrong.arpa": "refused (ValueError)"}
    for row in rows:
        if row[0].startswith("in another bucket"):
            assert int(row[1]) <= 1


@pytest.mark.slow
def test_heads(tmp_path):
    """Each classifier and detector is measured, and a clear task is solved by ours."""
    news, normal, abnormal = (tmp_path / name for name in ("n.csv", "n.txt", "a.txt"))
    rows_of_news = [f'"{i % 2}","title","{"ab"[i % 2] * 3} x{i}"' for i in range(60)]
    news.write_text("\n".join(rows_of_news))
    normal.write_text("1 2 3\n1 2 2 3\n" * 40)
    abnormal.write_text("3 2 1\n" * 20)
    rows = cells(
        run(
            *("benchmarks.heads", news, "--repeats", 1),
            *("--normal", normal, "--abnormal", abnormal),
        )
    )
    works = ["classifying"] * 7 + ["classifying, characters"] * 2 + ["detecting"] * 2
    assert [row[0] for row in rows] == works
    ours = [row[2] for row in rows if row[1].startswith("NGram")]
    assert all(figure.startswith(("accuracy 1.000", "F1 1.000")) for figure in ours)
