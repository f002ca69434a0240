"""Models of all kinds that a chat page is made of."""

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.arpa import read_arpa, write_arpa


def odd_models(path):
    """Models of which not all can be moved or taught."""
    model = NGramTextGenerator(n=3, smoothing="kneser_ney").fit(["um dois"])
    write_arpa(model, path)
    yield read_arpa(path)
    yield NGramTextGenerator(n=1).fit(["um dois"])
    yield NGramTextGenerator(unknown="error").fit(["um dois"])
    yield NGramTextGenerator(num_beams=2, num_return_sequences=2).fit(["um dois"])
    yield NGramTextGenerator(temperature=9).fit(["um"], ["dois"])
