"""The transformer of texts into word ids."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from numbers import Integral
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..saving import check_names, pack_words, seal, unpack_words, unseal
from ..utils import DOC_LINK, HasMethods, Interval, StrOptions, int_from
from ._checks import check_texts
from ._encoding import encode, learn_texts
from ._index_parameters import (
    check_index,
    choice_of,
    pack_patterns,
    tokenizer_of,
    unpack_patterns,
)
from ._known_words import initial_vocabulary, vocabulary_in_use, with_vocabulary
from ._tokenizer import Splitter
from ._vocabulary import UNKNOWN_WORD, Vocabulary
from ._word_ids import WordIds, padded


class WordIndexTransformer(  # type: ignore[call-arg]  # not known from scikit-learn
    TransformerMixin, BaseEstimator, auto_wrap_output_keys=None
):
    """Transform texts into rows of word ids, numbered in the order of first occurrence.

    The first word has id 1, the next new word id 2, and so on. 0 is the padding, which
    also marks the end of a text. The id of a word never changes.

    Parameters
    ----------
    analyzer : {"word", "char", "char_wb"} or callable, default="word"
        The units of texts, which are called words everywhere. "word": those of
        `tokenizer`. "char": user-perceived characters, such as a letter with its
        combining marks, a flag or an emoji of a family; white space is kept. "char_wb":
        the characters of each word between blanks, with a blank before and after it. A
        callable takes the text as it is and returns its units; `lowercase`,
        `strip_accents` and `normalize` do not apply then.
    tokenizer : callable or "ascii", default=None
        Takes a text and returns its words, an iterable of str; empty words are left
        out. None splits at white space; "ascii" splits at white space of ASCII only, as
        KenLM and other programs do, so that a no-break space, for example, is part of a
        word. A method ``join`` of the callable is used to join words to a text. Trained
        tokenizers of the packages `tokenizers` and `sentencepiece` are accepted, too; see
        `SubwordTokenizer`. It is used with ``analyzer="word"`` only.
    lowercase : bool, default=False
        Whether texts are lower-cased first.
    strip_accents : {"ascii", "unicode"} or callable, default=None
        Removes accents from lower-cased texts; "ascii" also removes all characters that
        are not ASCII.
    normalize : {"NFC", "NFD", "NFKC", "NFKD"}, default=None
        The Unicode normalization form of texts, after `strip_accents`. With "NFC", "é"
        is the same word whether it was typed as one character or as two.
    vocabulary : iterable of str, or mapping of str to int, default=None
        The words in the order of their ids (a set in alphabetical order), or their ids.
        All other words are unknown. None learns the words of texts.
    max_features : int, default=None
        Maximal number of words: the most frequent ones in the first texts fitted. All
        other words are unknown. None is no limit.
    unk_min_count : int, default=1
        Words with a smaller count in the first texts fitted are unknown.
    frozen : bool, default=False
        Whether a fitted index never changes: `fit` and `partial_fit` have no effect, and
        clones by models and searches have the same words. An index that is not fitted
        yet learns once.
    max_length : int, default=None
        Length of all rows. None takes the length of the longest text plus one, so that
        each row ends with padding.
    padding : {"post", "pre"}, default="post"
        The side on which short rows are padded.
    truncating : {"post", "pre"}, default="post"
        The side on which long texts are cut.
    padding_value : int, default=0
        The value of padding, at most 0.
    unknown_value : int, default=-1
        The value of words without id, at most 0 and not `padding_value`.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        The id of each word.
    words_ : list of str
        ``words_[id]`` is the word; it is "" for id 0 and for forgotten words. The last
        one is "<unk>" if the words are limited by `vocabulary`, `max_features`,
        `unk_min_count` or `frozen`.
    n_words_ : int
        Number of known words.

    See Also
    --------
    NGramTextGenerator : Learns from the rows and writes new texts.
    sklearn.feature_extraction.text.CountVectorizer : Counts words, drops their order.

    Notes
    -----
    If the words are limited, models learn all other words as one unknown word, which has
    counts and probabilities as any word ([1]_, chapter 3, "Unknown words"). Models score
    it, but never generate it. `partial_fit` does not learn new words then.

    References
    ----------
    .. [1] D. Jurafsky and J. H. Martin, "Speech and Language Processing", 3rd edition,
       draft of 2023.

    Examples
    --------
    >>> from sklearn_sslm import WordIndexTransformer
    >>> index = WordIndexTransformer().fit(["Olá! Como você está?", "Oi! Tudo bem?"])
    >>> index.transform(["Oi! Como está?", "Olá!"])
    WordIds([[5, 2, 4, 0],
             [1, 0, 0, 0]], dtype=int32)
    >>> index.inverse_transform([[5, 2, 4, 0]])
    array(['Oi! Como está?'], dtype=object)
    """

    __module__ = "sklearn_sslm"  # where users have it: the name in saved files

    _parameter_constraints: dict = {
        "analyzer": [StrOptions({"word", "char", "char_wb"}), callable],
        "tokenizer": [
            callable,
            StrOptions({"ascii"}),
            HasMethods(["encode", "decode"]),  # of the packages of SubwordTokenizer
            None,
        ],
        "lowercase": ["boolean"],
        "strip_accents": [StrOptions({"ascii", "unicode"}), callable, None],
        "normalize": [StrOptions({"NFC", "NFD", "NFKC", "NFKD"}), None],
        "vocabulary": ["array-like", set, frozenset, Mapping, Iterator, None],
        "max_features": [int_from(1), None],
        "unk_min_count": [int_from(1)],
        "frozen": ["boolean"],
        "max_length": [int_from(1), None],
        "padding": [StrOptions({"pre", "post"})],
        "truncating": [StrOptions({"pre", "post"})],
        "padding_value": [Interval(Integral, -(2**31), 0, closed="both")],
        "unknown_value": [Interval(Integral, -(2**31), 0, closed="both")],
    }

    _doc_link_module = "sklearn_sslm"
    _doc_link_template = DOC_LINK

    def __init__(
        self,
        *,
        analyzer: Literal["word", "char", "char_wb"] | Splitter = "word",
        tokenizer: Splitter | Literal["ascii"] | None = None,
        lowercase: bool = False,
        strip_accents: Literal["ascii", "unicode"] | Callable[[str], str] | None = None,
        normalize: Literal["NFC", "NFD", "NFKC", "NFKD"] | None = None,
        vocabulary: Iterable[str] | Mapping[str, int] | None = None,
        max_features: int | None = None,
        unk_min_count: int = 1,
        frozen: bool = False,
        max_length: int | None = None,
        padding: Literal["post", "pre"] = "post",
        truncating: Literal["post", "pre"] = "post",
        padding_value: int = 0,
        unknown_value: int = -1,
    ) -> None:
        self.analyzer = analyzer
        self.tokenizer = tokenizer
        self.lowercase = lowercase
        self.strip_accents = strip_accents
        self.normalize = normalize
        self.vocabulary = vocabulary
        self.max_features = max_features
        self.unk_min_count = unk_min_count
        self.frozen = frozen
        self.max_length = max_length
        self.padding = padding
        self.truncating = truncating
        self.padding_value = padding_value
        self.unknown_value = unknown_value

    def fit(self, X: Iterable[str], y: None = None) -> Self:
        """Forget all words, then learn the words of texts.

        A fitted index that is frozen does not change.

        Parameters
        ----------
        X : iterable of str of length n_samples
            Texts.
        y : object, default=None
            Ignored.

        Returns
        -------
        self : WordIndexTransformer

        Raises
        ------
        TypeError
            If `X` is no iterable of str.
        ValueError
            If there is no word in `X`.
        """
        check_index(self)
        if not self._is_settled:
            self._fit(X, initial_vocabulary(self))
        return self

    def partial_fit(self, X: Iterable[str], y: None = None) -> Self:
        """Learn the new words of texts; the ids of known words do not change.

        Parameters
        ----------
        X : iterable of str of length n_samples
            Texts.
        y : object, default=None
            Ignored.

        Returns
        -------
        self : WordIndexTransformer

        Raises
        ------
        TypeError
            If `X` is no iterable of str.
        ValueError
            If no word is known afterwards.

        Examples
        --------
        >>> from sklearn_sslm import WordIndexTransformer
        >>> index = WordIndexTransformer().fit(["a b"]).partial_fit(["b c"])
        >>> index.vocabulary_
        {'a': 1, 'b': 2, 'c': 3}
        """
        check_index(self)
        if not self._is_settled:
            is_fitted = hasattr(self, "n_words_")
            self._fit(X, self._vocabulary if is_fitted else initial_vocabulary(self))
        return self

    def fit_transform(self, X: Iterable[str], y: None = None) -> WordIds:
        """Forget all words, learn the words of texts, and return their rows.

        Parameters
        ----------
        X : iterable of str of length n_samples
            Texts.
        y : object, default=None
            Ignored.

        Returns
        -------
        WordIds of shape (n_samples, n_columns), int32
        """
        check_index(self)
        if self._is_settled:
            return self.transform(X)
        ids, lengths = self._fit(X, initial_vocabulary(self))
        ids[ids < 0] = self.unknown_value
        return self._pad(ids, lengths)

    def transform(self, X: Iterable[str]) -> WordIds:
        """Transform texts into padded rows of ids.

        Parameters
        ----------
        X : iterable of str of length n_samples
            Texts.

        Returns
        -------
        WordIds of shape (n_samples, n_columns), int32
            An array with the vocabulary as an attribute.

        Raises
        ------
        NotFittedError
            If the index was not fitted.
        TypeError
            If `X` is no iterable of str.
        """
        check_is_fitted(self)
        check_index(self)
        texts = check_texts(X, type(self).__name__)
        ids, lengths, _ = encode(texts, vocabulary_in_use(self), tokenizer_of(self))
        ids[ids < 0] = self.unknown_value
        return self._pad(ids, lengths)

    def inverse_transform(self, X: ArrayLike) -> NDArray[np.object_]:
        """Transform rows of ids back into texts.

        Words are joined by blanks, characters without.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_columns), int
            Rows of ids. Padding is left out and an unknown word becomes ``<unk>``.

        Returns
        -------
        ndarray of shape (n_samples,), object
            Texts.

        Raises
        ------
        NotFittedError
            If the index was not fitted.
        ValueError
            If `X` holds an id that no word has.
        """
        check_is_fitted(self)
        rows = self._checked_rows(X)
        words = dict(enumerate(self.words_)) | {self.unknown_value: UNKNOWN_WORD}
        join = tokenizer_of(self).join
        texts = np.empty(len(rows), dtype=object)
        texts[:] = [
            join([words[number] for number in row if number != self.padding_value])
            for row in rows.tolist()
        ]
        return texts

    @property
    def vocabulary_(self) -> dict[str, int]:
        """The id of each word."""
        return vocabulary_in_use(self).ids

    @property
    def words_(self) -> list[str]:
        """The word of each id."""
        return vocabulary_in_use(self).words

    def tokenize(self, text: str) -> list[str]:
        """Split one text into its words.

        Parameters
        ----------
        text : str
            The text.

        Returns
        -------
        list of str
            Its words.

        Examples
        --------
        >>> from sklearn_sslm import WordIndexTransformer
        >>> WordIndexTransformer(lowercase=True).tokenize("Olá! Como vai?")
        ['olá!', 'como', 'vai?']
        """
        if not isinstance(text, str) and not callable(self.tokenizer or self.analyzer):
            msg = (
                f"The 'text' parameter of {type(self).__name__}.tokenize must be a str. "
                f"Got {text!r:.80} instead."
            )
            raise TypeError(msg)
        return tokenizer_of(self)(text)

    def join(self, words: Iterable[str]) -> str:
        """Join words to a text, the inverse of `tokenize`.

        Parameters
        ----------
        words : iterable of str
            The words.

        Returns
        -------
        str
            Words are joined by blanks, characters without blanks; a `tokenizer` or
            `analyzer` with a method ``join`` joins them itself.

        Examples
        --------
        >>> from sklearn_sslm import WordIndexTransformer
        >>> index = WordIndexTransformer(analyzer="char")
        >>> index.tokenize("Olá!"), index.join(["O", "l", "á", "!"])
        (['O', 'l', 'á', '!'], 'Olá!')
        """
        listed = list(words) if np.iterable(words) else [words]
        if not all(isinstance(word, str) for word in listed):
            msg = (
                f"The 'words' parameter of {type(self).__name__}.join must be an "
                f"iterable of str. Got {words!r:.80} instead."
            )
            raise TypeError(msg)
        return tokenizer_of(self).join(listed)

    def __getstate__(self):
        state = dict(super().__getstate__())
        if "_vocabulary" in state:
            del state["n_words_"]  # follows from the words
            vocabulary = state.pop("_vocabulary")
            state["words_"] = pack_words(vocabulary.words)
            if vocabulary.is_closed:
                state["words_"] = pack_words(vocabulary.words[:-1])
                state["is_closed_"] = True
        pack_patterns(state)
        self._check_names(state)
        return seal(state)

    def __setstate__(self, state):
        state = unseal(state, type(self))
        self._check_names(state)
        unpack_patterns(state)
        if "words_" in state:
            words, is_closed = state.pop("words_"), state.pop("is_closed_", False)
            self._know(Vocabulary(unpack_words(words), is_closed is True))
        super().__setstate__(state)

    def _check_names(self, state):
        never = "_vocabulary", "n_words_"
        saved = "words_", "is_closed_"
        check_names(state, type(self), WordIndexTransformer, saved, never)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags

    def _fit(self, X, known):
        """Learn the words of `X` in addition to those of a vocabulary.

        Fitted attributes are replaced, never changed in place, so that shallow copies do
        not change.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), int32
            The ids of the words of all texts, concatenated.
        lengths : ndarray of shape (n_samples,), int64
            Number of words of each text.
        """
        owner = type(self).__name__
        texts = check_texts(X, owner)
        choice = None if known.n_words else choice_of(self)
        ids, lengths, known = learn_texts(texts, known, tokenizer_of(self), owner)
        if choice is not None:
            count = np.bincount(ids, minlength=known.n_ids)
            numbers, known = choice.of(known, count, owner)
            ids = numbers[ids]
        self._know(known)
        return ids, lengths

    @property
    def _is_settled(self):
        """Whether this is a fitted index that is frozen."""
        return self.frozen and hasattr(self, "n_words_")

    def __sklearn_clone__(self):
        twin = super().__sklearn_clone__()
        return (
            with_vocabulary(twin, vocabulary_in_use(self)) if self._is_settled else twin
        )

    def _know(self, vocabulary):
        """Set the fitted attributes to those of a vocabulary."""
        self._vocabulary = vocabulary
        self.n_words_ = vocabulary.n_words

    def _checked_rows(self, X):
        """Check that rows have only ids of words, padding and unknown words."""
        rows = np.asarray(X)
        if rows.ndim != 2 or rows.dtype.kind not in "iu":
            msg = (
                "'X' of WordIndexTransformer.inverse_transform must be a 2-D array of "
                f"int. Got {rows.ndim}-D {rows.dtype} instead."
            )
            raise ValueError(msg)
        no_word = (rows != self.padding_value) & (rows != self.unknown_value)
        no_word &= (rows < 1) | (rows >= len(self.words_))
        no_word |= np.isin(rows, vocabulary_in_use(self).unused_ids)
        if no_word.any():
            msg = (
                "'X' of WordIndexTransformer.inverse_transform must hold ids from 1 to "
                f"{len(self.words_) - 1}. Got {rows[no_word][0]} in row "
                f"{np.argwhere(no_word)[0][0]} instead."
            )
            raise ValueError(msg)
        return rows

    def _pad(self, ids, lengths):
        """The ids of texts as `WordIds`."""
        width = int(self.max_length or lengths.max() + 1)
        rows = padded(
            ids, lengths, width, self.padding, self.truncating, self.padding_value
        )
        return WordIds.carrying(
            rows,
            self.words_,
            self.padding,
            self.padding_value,
            self.unknown_value,
            tokenizer_of(self),
            vocabulary_in_use(self).is_closed,
        )
