"""Loads the texts that come with the package."""

from importlib import resources

from sklearn.utils import Bunch

_HERE = resources.files("sklearn_sslm.datasets")


def load_greetings() -> Bunch:
    """Load ten Portuguese greetings, one sentence a text.

    Returns
    -------
    greetings : :class:`~sklearn.utils.Bunch`
        Dictionary-like object with the attributes

        data : list of str
            The ten sentences.
        DESCR : str
            The description of the data set.
        filename : str
            The path of the file the sentences were read from.

    Examples
    --------
    >>> from sklearn_sslm.datasets import load_greetings
    >>> greetings = load_greetings()
    >>> len(greetings.data)
    10
    >>> greetings.data[0]
    'Olá! Como você está?'
    """
    texts = _HERE / "data" / "greetings.txt"
    description = _HERE / "descr" / "greetings.rst"
    return Bunch(
        data=texts.read_text(encoding="utf-8").splitlines(),
        DESCR=description.read_text(encoding="utf-8"),
        filename=str(texts),
    )
