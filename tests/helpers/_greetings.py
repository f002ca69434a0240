"""What models of the greetings say, to compare one with another."""

from sklearn_sslm.datasets import load_greetings

GREETINGS = load_greetings().data
MESSAGES = ["Olá!", "Oi!", "Boa", "que você", "zebra", "", "Olá! Como"] * 3


def answers(model, messages=MESSAGES, texts=GREETINGS):
    """Everything a fitted generator says, for comparison."""
    return {
        "words": list(model.word_index_.words_),
        "n_texts": model.n_texts_seen_,
        "n_tokens": model.n_tokens_seen_,
        "replies": model.predict(messages).tolist(),
        "samples": model.sample(5).tolist(),
        "scores": model.score_samples(texts).tolist(),
        "proba": model.next_word_proba(["Olá!", "que você", "Boa", ""]).tolist(),
    }
