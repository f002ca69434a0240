"""Texts: read from a file, made as long as one likes, and of awkward shapes."""

from itertools import islice

from sklearn_sslm import NGramTextGenerator

N = 5  # the order of the models that count and score
WORDS_A_LINE = 20  # of most languages, more or less
CHUNK = 10_000  # lines that are learned at a time


def read(path):
    """The lines of a file."""
    with path.open(encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file]


def lines_to_score(args):
    """The lines of TEST, or the last tenth of TRAIN."""
    if args.test:
        return read(args.test)
    lines = read(args.train)
    return lines[-max(1, len(lines) // 10) :]


def n_words(lines):
    """How many words some lines have."""
    return sum(len(line.split()) for line in lines)


def fit(lines, jobs=1, n=N, smoothing="kneser_ney"):
    """A model of ours."""
    model = NGramTextGenerator(n=n, smoothing=smoothing, random_state=0)
    if "n_jobs" in model.get_params():
        model.set_params(n_jobs=jobs)
    return model.fit(lines)


def fit_file(path, jobs=1):
    """A model of ours from a file, which has proved that it is ready to score."""
    with path.open(encoding="utf-8") as lines:
        model = fit(lines, jobs)
    model.score_samples([""])
    return model


def fit_in_chunks(path, times=1):
    """A model of a file, learned a chunk of lines at a time, some times over."""
    model = fit(["a"])
    for _ in range(times):
        with path.open(encoding="utf-8") as lines:
            while chunk := list(islice(lines, CHUNK)):
                model.partial_fit(chunk)
    return model


def write_sampled(model, n_tokens, path):
    """Write texts that a model makes up, until they have enough words."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < n_tokens:
            model.set_params(random_state=written)  # other texts each time
            texts = model.sample((n_tokens - written) // WORDS_A_LINE + 1)
            file.write("\n".join(texts) + "\n")
            written += n_words(texts)


def awkward(lines, n_tokens):
    """Texts on which something quadratic would show, by what is odd about them."""
    words = " ".join(lines).split()
    words = (words * (n_tokens // len(words) + 1))[:n_tokens]
    numbers = map(str, range(n_tokens))
    return {
        "all in one text": [" ".join(words)],
        "a text for each word": words,
        "all words different": [
            " ".join(islice(numbers, WORDS_A_LINE))
            for _ in range(0, n_tokens, WORDS_A_LINE)
        ],
    }
