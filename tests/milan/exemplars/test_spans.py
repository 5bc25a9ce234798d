"""Passages that drive text units most, at both ends of their range."""

import numpy as np

from milan.exemplars import SpanSettings, find_spans
from milan.records import LayerExemplars, UnitStatus
from milan.texts import Passages, Sentences

TEXT = Sentences.of([["a", "b"], ["c"], [], ["d", "e", "f"], ["a", "b"]])


def spans_of(*columns: list[float], dropped: int = 99, k: int = 2) -> LayerExemplars:
    """Exemplars over words that all serve them; one word may have no activations."""
    matrix = np.array(columns, np.float32).T
    words = np.array([word for word in range(len(TEXT)) if word != dropped])
    rows = np.full(len(TEXT), -1)
    rows[words] = words
    return find_spans("layer", matrix, rows, words, Passages.of(TEXT), SpanSettings(k))


def test_a_passage_is_as_strong_as_its_strongest_word() -> None:
    found = spans_of([0, 5, 1, -9, 2, 7, 0, 1])
    assert [found.paths[at] for at in found.images[0]] == ["sentence 4", "sentence 1"]
    assert found.peaks[0].tolist() == [7, 5]
    shown = found.maps[0, 0, 0].astype(np.float32) * found.scales[0, 0]
    np.testing.assert_allclose(shown[:3], [-9, 2, 7], rtol=1e-3)


def test_the_lowest_words_are_found_on_the_negated_scale() -> None:
    below = spans_of([0, 5, 1, -9, 2, 7, 0, 1]).downward
    assert below is not None
    assert below.paths[below.images[0, 0]] == "sentence 4"
    assert below.peaks[0, 0] == 9


def test_equal_sentences_stay_apart_and_the_earlier_comes_first() -> None:
    found = spans_of([3, 0, 0, 0, 0, 0, 3, 0])
    assert [found.paths[at] for at in found.images[0]] == ["sentence 1", "sentence 5"]


def test_dead_silent_and_broken_units_say_so() -> None:
    found = spans_of([1] * 8, [0, 0, 0, 0, 0, 0, 0, -1], [np.nan, *range(7)], list(range(8)))
    dead, silent, failed, alive = found.statuses
    assert dead is UnitStatus.DEAD
    assert silent is UnitStatus.NEVER_POSITIVE
    assert failed is UnitStatus.FAILED
    assert alive is UnitStatus.PENDING
    assert found.downward is not None
    assert found.downward.statuses[1] is UnitStatus.PENDING
    assert (found.images[:3] == -1).all()


def test_a_word_without_activations_is_a_gap_in_its_passage() -> None:
    found = spans_of([0, 5, 1, 4, 100, 7, 0, 1], dropped=4)
    assert found.peaks[0, 0] == 7
    assert np.isnan(found.maps[0, 0, 0, 1])
    assert not np.isnan(found.maps[0, 0, 0, [0, 2]]).any()


def test_fewer_passages_than_asked_for_leave_ranks_unfilled() -> None:
    found = spans_of([0, 5, 1, -9, 2, 7, 0, 1], k=9)
    assert (found.images[0, 4:] == -1).all()
    assert np.isneginf(found.peaks[0, 4:]).all()
