"""How a file is read."""


class LoadMethod:
    """How KenLM brings a binary file into memory.

    ARPA files are always read, in KenLM and here, so that all of these mean the same.
    """

    LAZY = 0
    POPULATE_OR_LAZY = 1
    POPULATE_OR_READ = 2
    READ = 3
    PARALLEL_READ = 4


class ARPALoadComplain:
    """What is said of an ARPA file that is odd, though it can be read.

    `ALL` and `EXPENSIVE` warn, `NONE` does not.
    """

    ALL = 0
    EXPENSIVE = 1
    NONE = 2


class Config:
    """How a file is read, to be given to `Model`.

    Attributes
    ----------
    load_method : int, default=LoadMethod.POPULATE_OR_READ
        It is kept for programs that set it; see `LoadMethod`.
    show_progress : bool, default=True
        It is kept for programs that set it. KenLM draws a bar on standard error; here
        reading is silent.
    arpa_complain : int, default=ARPALoadComplain.ALL
        Whether odd files are warned of.

    Examples
    --------
    >>> from sklearn_sslm.compat import kenlm
    >>> config = kenlm.Config()
    >>> config.arpa_complain = kenlm.ARPALoadComplain.NONE
    """

    def __init__(self) -> None:
        self.load_method = LoadMethod.POPULATE_OR_READ
        self.show_progress = True
        self.arpa_complain = ARPALoadComplain.ALL
