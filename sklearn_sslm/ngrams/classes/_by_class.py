"""Sparse matrices of the n-grams of one order: a row an n-gram, a column a class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

# In all of these matrices, the column indices of a row rise and are distinct.


def count_by_class(
    windows: Any, label_at: NDArray, weight_at: NDArray, n_classes: int
) -> Any:
    """The count of each n-gram of an order above 1 in each class.

    Parameters
    ----------
    windows : NGramSorter
        With the positions of the n-grams in a stream.
    label_at, weight_at : ndarray of shape (n_positions,), int
        The class of the text at each position, and its multiplicity.
    n_classes : int

    Returns
    -------
    csr_array of shape (n_ngrams, n_classes), int32
    """
    at, first = windows.starts, windows.first_start
    shape = len(first) - 1, n_classes
    labels = label_at[at].astype(np.int32)
    matrix = csr_array((weight_at[at], labels, first), shape)
    matrix.sum_duplicates()  # so far, each occurrence of an n-gram is an entry
    return matrix


def count_words_by_class(
    ids: NDArray, label_at: NDArray, weight_at: NDArray, shape: tuple[int, int]
) -> Any:
    """The count of each word in each class.

    Parameters
    ----------
    ids, label_at, weight_at : ndarray of shape (n_predictions,), int
        Words and ends of texts, the class of each text, and its multiplicity.
    shape : tuple of int
        Number of ids and of classes.

    Returns
    -------
    csr_array of shape (n_ids, n_classes), int32

    Examples
    --------
    >>> ones = np.ones(3, dtype=np.int32)
    >>> labels = np.array([1, 0, 1])
    >>> count_words_by_class(np.array([1, 1, 1]), labels, ones, (2, 2)).toarray()
    array([[0, 0],
           [1, 2]], dtype=int32)
    """
    return csr_array((weight_at, (ids, label_at)), shape)  # sums duplicates


def moved(matrix: Any, places: NDArray, n_rows: int) -> Any:
    """The matrix with each row at a new index; all other rows are empty.

    Parameters
    ----------
    matrix : csr_array of shape (n_ngrams, n_classes)
    places : ndarray of shape (n_ngrams,), int
        The new index of each row, in rising order.
    n_rows : int
        The new number of rows.

    Returns
    -------
    csr_array of shape (n_rows, n_classes)

    Examples
    --------
    >>> moved(csr_array([[1, 0], [0, 2]]), np.array([0, 2]), 3).toarray().tolist()
    [[1, 0], [0, 0], [0, 2]]
    """
    sizes = np.zeros(n_rows, dtype=matrix.indptr.dtype)
    sizes[places] = np.diff(matrix.indptr)
    shape = n_rows, matrix.shape[1]
    return csr_array((matrix.data, matrix.indices, _first(sizes)), shape)


def without_empty(matrix: Any, kept: NDArray) -> Any:
    """The rows `kept` of a matrix; all other rows must be empty.

    >>> without_empty(csr_array([[1, 0], [0, 0], [0, 2]]), np.array([0, 2])).toarray()
    array([[1, 0],
           [0, 2]])
    """
    first = np.append(matrix.indptr[kept], matrix.indptr[-1])
    return csr_array((matrix.data, matrix.indices, first), (len(kept), matrix.shape[1]))


def with_classes(matrix: Any, places: NDArray, n_classes: int) -> Any:
    """The matrix with each column at the new index in `places`, in rising order."""
    shape = matrix.shape[0], n_classes
    indices = places.astype(np.int32)[matrix.indices]
    return csr_array((matrix.data, indices, matrix.indptr), shape)


def with_whole_row(matrix: Any, row: int) -> Any:
    """The matrix with an explicit entry, possibly 0, in each column of one row."""
    n_classes = matrix.shape[1]
    begin, end = matrix.indptr[row : row + 2]
    if end - begin == n_classes:
        return matrix
    absent = np.setdiff1d(np.arange(n_classes), matrix.indices[begin:end])
    at = begin + np.searchsorted(matrix.indices[begin:end], absent)
    first = matrix.indptr.copy()
    first[row + 1 :] += len(absent)
    data = np.insert(matrix.data, at, 0)
    return csr_array((data, np.insert(matrix.indices, at, absent), first), matrix.shape)


def rows_of(matrix: Any) -> NDArray[np.int64]:
    """The row index of each entry of a matrix."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def are_entries(matrix: Any, row: NDArray, label: NDArray) -> bool:
    """Whether the matrix has an entry for each pair of a row and a class."""
    at = entries_at(matrix, row, label)
    if len(at) and at.max() >= matrix.nnz:
        return False
    is_row = rows_of(matrix)[at] == row
    return bool((is_row & (matrix.indices[at] == label)).all())


def entries_at(matrix: Any, row: NDArray, label: NDArray) -> NDArray[np.int64]:
    """The index of the entry of each pair of a row and a class; all must exist.

    >>> entries_at(csr_array([[1, 0], [3, 2]]), np.array([1, 0]), np.array([1, 0]))
    array([2, 0])
    """
    n_classes = matrix.shape[1]
    key = rows_of(matrix) * n_classes + matrix.indices
    return np.searchsorted(key, row * n_classes + label)


def dense(matrix: Any, row: NDArray, missing: float) -> NDArray[np.float64]:
    """Rows of a matrix as a dense array.

    Parameters
    ----------
    matrix : csr_array of shape (n_ngrams, n_classes)
    row : ndarray of shape (n_rows,), int
        Row indices; −1 stands for a row without entries.
    missing : float
        The value where the matrix has no entry.

    Returns
    -------
    ndarray of shape (n_rows, n_classes), float64

    Examples
    --------
    >>> dense(csr_array([[1, 0], [3, 2]]), np.array([1, 0, -1]), missing=-1)
    array([[ 3.,  2.],
           [ 1., -1.],
           [-1., -1.]])
    """
    found = np.full((len(row), matrix.shape[1]), missing, dtype=np.float64)
    begins = matrix.indptr[row].astype(np.int64)
    sizes = np.where(row < 0, 0, matrix.indptr[row + 1] - begins)
    at, entry = ranges(begins, sizes)
    found[at, matrix.indices[entry]] = matrix.data[entry]
    return found


def ranges(begins: NDArray, sizes: NDArray) -> tuple[NDArray, NDArray]:
    """The concatenation of several ranges of integers.

    Parameters
    ----------
    begins, sizes : ndarray of shape (n_ranges,), int
        The first integer of each range, and its length.

    Returns
    -------
    place, number : ndarray of int
        The index of the range of each integer, and the integer.

    Examples
    --------
    >>> ranges(np.array([5, 0]), np.array([2, 3]))
    (array([0, 0, 1, 1, 1]), array([5, 6, 0, 1, 2]))
    """
    place = np.repeat(np.arange(len(begins)), sizes)
    return place, np.arange(len(place)) + (begins - (np.cumsum(sizes) - sizes))[place]


def _first(sizes):
    """The index of the first entry of each row, given the number of entries of each.

    [2, 0, 1] -> [0, 2, 2, 3].
    """
    first = np.zeros(len(sizes) + 1, dtype=np.int32)
    np.cumsum(sizes, out=first[1:])
    return first
