"""Replies and texts by brute force: what generation is compared with.

Nothing here draws, prunes or looks ahead: every text there can be is written out with
its probability. Words are ids; ``after(said)`` is the distribution of the word after
some words, an array in which entry 0 is the end.
"""

from collections import Counter
from functools import cache

import numpy as np
from scipy import stats

END = 0


def next_of(model):
    """What a fitted generator says comes next; an unknown word would be drawn anew."""
    words = model.word_index_.words_

    @cache
    def after(said):
        p = model.next_word_proba([" ".join(words[j] for j in said)])[0]
        return p / p.sum()

    return after


def windows(words, size):
    """All so many neighbours: ``[1, 2, 3], 2 -> [(1, 2), (2, 3)]``."""
    return [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]


def allowed(p, said=(), may_end=True, *, bad_words=(), no_repeat_ngram_size=0):
    """The words that may come next with their probabilities: ``{word: p}``."""
    choices = {word: q for word, q in enumerate(p) if q > 0 and word not in bad_words}
    for phrase in bad_words:  # some may be tuples of words
        if isinstance(phrase, tuple) and said[1 - len(phrase) :] == phrase[:-1]:
            choices.pop(phrase[-1], None)
    if not may_end:
        choices.pop(END, None)
    if size := no_repeat_ngram_size:
        before = windows(said, size)
        for word in set(choices) - {END}:
            if tuple([*said, word][-size:]) in before:
                del choices[word]
    return choices


def reshaped(choices, *, temperature=1, top_k=None, top_p=None, min_p=None):
    """What controls make of the probabilities that are left; they add up to 1."""
    if temperature == 0:
        return {min(choices, key=lambda word: (-choices[word], word)): 1.0}
    choices = {word: p ** (1 / temperature) for word, p in choices.items()}
    if top_k is not None:
        limit = sorted(choices.values(), reverse=True)[:top_k][-1]
        choices = {word: p for word, p in choices.items() if p >= limit}
    if top_p is not None:
        total, reached, kept = sum(choices.values()), 0, {}
        for word in sorted(choices, key=lambda word: (-choices[word], word)):
            if kept and reached >= top_p - 1e-9:
                break
            kept[word] = choices[word]
            reached += choices[word] / total
        choices = kept
    if min_p is not None:
        limit = min_p * max(choices.values())
        choices = {word: p for word, p in choices.items() if p >= limit}
    total = sum(choices.values())
    return {word: p / total for word, p in choices.items()}


BANS = ("bad_words", "no_repeat_ngram_size")  # what `allowed` takes
WARPS = ("temperature", "top_k", "top_p", "min_p")  # what `reshaped` takes
OFF = (None, 0, 1, ())


def all_replies(after, echo=(), *, min_length=0, max_length, stop=(), **controls):
    """Every reply that may be drawn, echo included, and its probability.

    Without other controls they are those that are long enough, where there are any.
    """
    if len(echo) < min_length and all(value in OFF for value in controls.values()):
        whole = all_replies(after, echo, max_length=max_length)
        long = {said: p for said, p in whole.items() if len(said) >= min_length}
        if total := sum(long.values()):
            replies = Counter()
            for said, p in long.items():
                ends = [j + 1 for j in range(len(echo), len(said)) if said[j] in stop]
                replies[said[: min(ends, default=len(said))]] += p / total
            return dict(replies)
    bar = {name: controls.pop(name) for name in BANS if name in controls}
    replies, begun = {}, [(tuple(echo), 1.0)]
    while begun:
        said, so_far = begun.pop()
        stopped = len(said) > len(echo) and said[-1] in stop
        if stopped or len(said) >= max_length:
            replies[said] = so_far
            continue
        may_end = len(said) >= min_length
        choices = allowed(after(said), said, may_end, **bar)
        if not choices:
            if not may_end:
                raise ValueError("nothing left to say")
            choices = {END: 1.0}
        for word, p in reshaped(choices, **controls).items():
            if word == END:
                replies[said] = so_far * p
            else:
                begun.append(((*said, word), so_far * p))
    return replies


def likeliest(after, echo=(), *, min_length=0, max_length, stop=(), **bar):
    """Every reply, likeliest first, with its log probability by the model itself."""
    replies, begun = [], [(tuple(echo), 0.0)]
    while begun:
        said, log_p = begun.pop()
        stopped = len(said) > len(echo) and said[-1] in stop
        if stopped or len(said) >= max_length:
            replies.append((log_p, said))
            continue
        may_end = len(said) >= min_length
        choices = allowed(after(said), said, may_end, **bar)
        if not choices and may_end:
            choices = {END: 1.0}
        for word, p in choices.items():
            if word == END:
                replies.append((log_p + np.log(p), said))
            else:
                begun.append(((*said, word), log_p + np.log(p)))
    return sorted(replies, key=lambda reply: (-reply[0], reply[1]))


def beams(after, n_beams, max_length):
    """What a beam search finds, likeliest first, as textbooks write it.

    Each step extends all beams by all words and keeps the likeliest `n_beams` of those
    that go on, and of those that ended ever so far. Returned are these with their log
    probabilities, and whether rounding alone may have decided which were kept.
    """

    def likeliest_of(hypotheses):
        nonlocal by_rounding
        ranked = sorted(hypotheses, key=lambda found: (-found[0], found[1]))
        gaps = -np.diff([log_p for log_p, _ in ranked])
        by_rounding |= bool(((gaps > 0) & (gaps < 1e-9)).any())
        return ranked[:n_beams]

    going, ended, by_rounding = [(0.0, ())], [], False
    for _ in range(max_length):
        longer = []
        for log_p, said in going:
            for word, p in allowed(after(said)).items():
                if word == END:
                    ended.append((log_p + np.log(p), said))
                else:
                    longer.append((log_p + np.log(p), (*said, word)))
        going, ended = likeliest_of(longer), likeliest_of(ended)
    return likeliest_of(ended + going), by_rounding


def fulfils(words, starts=(), ends=(), contains=(), least=0, most=None):
    """Whether a text is one that was asked for, by searching it through.

    `ends` is a phrase, or a list of phrases of which it ends with one.
    """
    ends = ends if isinstance(ends, list) else [ends]
    return (
        tuple(words[: len(starts)]) == tuple(starts)
        and any(tuple(words[max(len(words) - len(e), 0) :]) == tuple(e) for e in ends)
        and all(tuple(phrase) in windows(words, len(phrase)) for phrase in contains)
        and least <= len(words)
        and (most is None or len(words) <= most)
    )


def fits(text, constraints):
    """Whether a text meets `Constraints`, by searching it through."""
    return fulfils(
        text,
        ends=list(constraints.endings) or (),
        contains=constraints.contained,
        least=constraints.min_length,
        most=constraints.max_length,
    ) and not any(bad in windows(text, len(bad)) for bad in constraints.forbidden)


def texts_given(after, most, said=(), **conditions):
    """Every text of up to `most` words that fulfils conditions, and its probability.

    Its probability is that of what comes after the words already said.
    """
    texts, begun = {}, [(tuple(said), 1.0)]
    while begun:
        words, so_far = begun.pop()
        p = after(words)
        if p[END] > 0 and fulfils(words, most=most, **conditions):
            texts[words] = so_far * p[END]
        if len(words) < most:
            begun += [
                ((*words, word), so_far * p[word]) for word in np.flatnonzero(p) if word
            ]
    return texts


def probability_given(after, n, said=(), *, ends=(), contains=(), least=0):
    """Probability that a text of any length comes to fulfil conditions.

    Texts are followed side by side, all those as one that go on alike: with the same
    last words, the same phrases said, as many words still missing.
    """
    memory = max([n - 1, len(ends), *map(len, contains)])

    def seen(words):
        return {phrase for phrase in contains if phrase in windows(words, len(phrase))}

    said, reached = tuple(said), 0.0
    tail = said[max(len(said) - memory, 0) :]
    begun = {(tail, frozenset(seen(said)), min(len(said), least)): 1.0}
    while sum(begun.values()) > 1e-12:
        going = Counter()
        for (tail, have, length), so_far in begun.items():
            p = after(tail)
            ending = tail[max(len(tail) - len(ends), 0) :]
            if len(have) == len(set(contains)) and length >= least and ending == ends:
                reached += so_far * p[END]
            for word in np.flatnonzero(p):
                if word:
                    longer = (*tail, int(word))
                    now = (
                        longer[max(len(longer) - memory, 0) :],
                        have | seen(longer),
                        min(length + 1, least),
                    )
                    going[now] += so_far * p[word]
        begun = going
    return reached


def assert_drawn_from(expected, drawn):
    """Texts have their frequencies: the chi-square of the counts is ordinary.

    Seeds are fixed, so this is no matter of luck; 1e-4 allows for new seeds.
    """
    total = sum(expected.values())
    assert abs(total - 1) < 1e-6
    counts = Counter(map(tuple, drawn))
    assert set(counts) <= {text for text, p in expected.items() if p > 0}
    size = len(drawn)
    often = [text for text, p in expected.items() if p * size >= 5]
    observed = [counts[text] for text in often]
    wanted = [expected[text] * size / total for text in often]
    # Texts that come too rarely for a chi-square are counted together.
    if size - sum(wanted) > 1:
        observed.append(size - sum(observed))
        wanted.append(size - sum(wanted))
    if len(observed) > 1:
        wanted = np.array(wanted) * (sum(observed) / sum(wanted))
        assert stats.chisquare(observed, wanted).pvalue > 1e-4
