"""What text generators learn and forget, and when they cannot."""

from .ngrams import FrozenModel


def check_knows_counts(generator, purpose, which="This", error=ValueError):
    """Raise an error if a fitted generator lacks the counts of its n-grams.

    Parameters
    ----------
    generator : NGramTextGenerator
    purpose : str
        What the counts are needed for.
    which : str, default="This"
        Which generator it is.
    error : type, default=ValueError
        What is raised.
    """
    model, name = generator._model, type(generator).__name__
    if model.knows_all_counts:
        return
    is_compact = isinstance(model, FrozenModel)
    origin = "is a compact copy" if is_compact else "was read from probabilities"
    advice = "use the one it was made of" if is_compact else "fit it on texts"
    msg = (
        f"{which} {name} {origin}, without the counts of all n-grams that {purpose} "
        f"needs; {advice}, or call fit to begin anew."
    )
    raise error(msg)


def check_leaves_none_out(generator):
    """Raise an error if a fitted generator cannot be compact, as it leaves n-grams out.

    To tell which, it needs counts that a compact copy does not have.
    """
    if generator._model.min_count[-1] > 1:
        msg = (
            f"The 'min_count' parameter of {type(generator).__name__} must have been 1 "
            f"for compact. Got {list(generator._model.min_count)}; write_arpa leaves "
            "out of a file what the model leaves out, and read_arpa reads that."
        )
        raise ValueError(msg)
