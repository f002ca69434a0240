"""Tests of `sklearn_sslm.ngrams.generation._streams`."""

import numpy as np
from scipy import stats

from sklearn_sslm.ngrams import Streams


def test_numbers_are_those_of_splitmix():
    """The first numbers of seed 1234567 are those that the authors' program prints."""
    streams = Streams(np.array([1234567], dtype=np.uint64))
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    found = [streams.random()[0] for _ in range(3)]
    assert found == [(number >> 11) * 2.0**-53 for number in expected]
    one = Streams(np.array([1234567], dtype=np.uint64)).only()
    assert [one.random() for _ in range(3)] == found


def test_a_stream_does_not_depend_on_the_others():
    """Each stream goes on by itself, whichever are asked, in parts or all at once."""
    seeds = np.arange(6, dtype=np.uint64) * 7
    alone = [[*map(float, _numbers(seeds[[at]], 4))] for at in range(6)]
    streams = Streams(seeds)
    first = streams.random()
    some = streams[np.array([4, 1])][np.array([1])].random()
    rest = streams.part(2, 4).random()
    assert first.tolist() == [numbers[0] for numbers in alone]
    assert some.tolist() == [alone[1][1]]
    assert rest.tolist() == [alone[2][1], alone[3][1]]
    assert seeds.tolist() == [0, 7, 14, 21, 28, 35]


def _numbers(seeds, size):
    streams = Streams(seeds)
    return [streams.random()[0] for _ in range(size)]


def test_numbers_are_uniform_within_and_across_streams():
    """The chi-square of 50 equal classes is ordinary, for neighbouring seeds too."""
    streams = Streams(np.arange(4000, dtype=np.uint64))
    numbers = np.stack([streams.random() for _ in range(50)])
    for some in (numbers.ravel(), numbers[0], numbers[:, 0], numbers[1] - numbers[0]):
        if some.min() < 0:  # the difference of independent ones is triangular
            some = np.where(some < 0, (1 + some) ** 2 / 2, 1 - (1 - some) ** 2 / 2)
        counts = np.histogram(some, bins=10, range=(0, 1))[0]
        assert stats.chisquare(counts).pvalue > 1e-4


def test_numbers_drawn_one_by_one_are_those_of_the_arrays():
    """A stream that Python numbers were drawn from goes on in the arrays."""
    streams, same = (Streams(np.arange(5, dtype=np.uint64)) for _ in range(2))
    some = streams[np.array([3, 1])]
    one_by_one = [(stream.random(), stream.random()) for stream in some.each()]
    first, second = same[np.array([3, 1])].random(), same[np.array([3, 1])].random()
    assert one_by_one == list(zip(first, second, strict=True))
    assert (streams.random() == same.random()).all()
