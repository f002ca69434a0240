"""Tests of `sklearn_sslm.ngrams.scoring._table_cache`."""

import copy
import pickle

import pytest
from _engine import N_WORDS, model_of, stream_of

from sklearn_sslm.ngrams import Events, OnlineModel, log_probabilities
from sklearn_sslm.ngrams.scoring import _table_cache
from sklearn_sslm.ngrams.scoring._changed_tables import ChangedTables
from sklearn_sslm.ngrams.scoring._ngram_tables import NGramTables
from sklearn_sslm.ngrams.scoring._table_cache import tables_of


def test_tables_are_made_when_enough_was_asked():
    """They are made once, when as many words were asked for as half of the bigrams."""
    model = model_of([[1, 2, 3, 4, 5]], 3, "mle")  # 6 + 6 + 5 n-grams
    assert tables_of(model, 3) is None
    tables = tables_of(model, 1)
    assert isinstance(tables, NGramTables)
    assert tables_of(model, 0) is tables
    assert tables_of(model.compact(), 100) is None  # what is compact stays so


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_copies_have_no_tables(copied):
    """Copies and pickles of a model are without what was computed from it."""
    model = model_of([[1, 2, 3, 4, 5]], 3, "kneser_ney")
    assert isinstance(tables_of(model, 100), NGramTables)
    assert copied(model).computed.tables == 0
    assert isinstance(model.computed.tables, NGramTables)


def learned(model, text):
    """The model after it learned a text."""
    return model.update(stream_of([text]), 1, N_WORDS + 1, Events(N_WORDS))


def test_tables_are_there_after_a_lesson():
    """The tables stay; those of the changes are made when enough was asked since."""
    base = model_of([[1, 2, 3, 4, 5]], 3, "kneser_ney")
    tables = tables_of(base, 100)
    model = learned(OnlineModel(base), [1, 2])  # three words: 48 have to be asked
    assert tables_of(model, 48) is None
    changed = tables_of(model, 1)
    assert isinstance(changed, ChangedTables)
    assert tables_of(model, 0) is changed
    assert tables_of(learned(model, [3]), 48) is None
    assert base.computed.tables is tables


def test_tables_of_a_model_that_learns_are_made_when_enough_was_asked():
    """What is asked after lessons counts like what was asked before."""
    model = learned(OnlineModel(model_of([[1, 2, 3, 4, 5]], 3, "mle")), [1])
    assert tables_of(model, 3) is None
    assert isinstance(model.base.computed.tables, int)
    tables_of(model, 1)
    assert isinstance(model.base.computed.tables, NGramTables)


def test_what_is_found_in_tables_needs_no_sorting(monkeypatch):
    """Words that are scored from tables cost no more for lessons; others count as used."""
    monkeypatch.setattr(_table_cache, "_ASKED_SINCE", 0)
    base = model_of([list(range(1, 6)) * 80], 3, "kneser_ney")
    model, asked = learned(OnlineModel(base), [1, 2]), stream_of([[1, 2, 3]] * 50)
    monkeypatch.setattr(_table_cache, "_ASKED", 1 << 60)
    log_probabilities(model, asked)
    assert model.n_used == 0
    log_probabilities(model, stream_of([[1, 2, 3]]))  # word by word
    assert model.n_used == 5
