"""The options of reading a file."""


class LoadMethod:
    """How KenLM loads a binary file into memory.

    ARPA files are read as a whole, in KenLM and here, so that the value has no effect.
    """

    LAZY = 0
    POPULATE_OR_LAZY = 1
    POPULATE_OR_READ = 2
    READ = 3
    PARALLEL_READ = 4


class ARPALoadComplain:
    """Whether an ARPA file that can be read but has odd entries causes warnings.

    `ALL` and `EXPENSIVE` warn, `NONE` does not.
    """

    ALL = 0
    EXPENSIVE = 1
    NONE = 2


class Config:
    """The options with which `Model` reads a file.

    Attributes
    ----------
    load_method : int, default=LoadMethod.POPULATE_OR_READ
        No effect; it exists for programs that set it. See `LoadMethod`.
    show_progress : bool, default=True
        No effect; it exists for programs that set it. KenLM shows a progress bar on
        standard error, and here reading is silent.
    arpa_complain : int, default=ARPALoadComplain.ALL
        Whether odd entries of the file cause warnings; see `ARPALoadComplain`.

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
