"""Names that an ImageNet classifier knows by heart."""

from pathlib import Path

import numpy as np
import pytest

from captioner.classes import class_names
from captioner.errors import CaptionerError
from captioner.known_names import N_CLASSES, KnownNames, known_names


def test_a_name_is_as_likely_as_its_classes_together() -> None:
    members = np.zeros((2, N_CLASSES), np.bool_)
    members[0, 3] = members[1, 3] = members[1, 5] = True
    chances = np.zeros((1, N_CLASSES), np.float32)
    chances[0, [3, 5]] = 0.5, 0.25
    np.testing.assert_allclose(KnownNames(("a shark", "a fish"), members).chances(chances), [[0.5, 0.75]])


def test_the_table_that_ships_names_nearly_every_class_and_what_classes_are_kinds_of() -> None:
    table = known_names()
    assert table.members.any(axis=0).sum() >= 995  # a few have no decent name
    assert len(set(class_names()) - set(table.phrases)) < 10  # but for a few that are not said
    n_classes = dict(zip(table.phrases, table.members.sum(axis=1).tolist(), strict=True))
    assert n_classes["a tench"] == 1
    assert 110 <= n_classes["a dog"] <= 130
    assert n_classes["a mammal"] > n_classes["a dog"]


def test_a_crane_is_a_bird_and_a_machine() -> None:
    table = known_names()
    assert table.members[table.phrases.index("a crane")].sum() == 2


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    members = np.zeros((1, N_CLASSES), np.bool_)
    members[0, [7, 999]] = True
    KnownNames(("a cock",), members).save(tmp_path / "classes.tsv")
    again = KnownNames.load(tmp_path / "classes.tsv")
    assert again.phrases == ("a cock",)
    np.testing.assert_array_equal(again.members, members)


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaptionerError, match="no table of class names"):
        KnownNames.load(tmp_path / "none.tsv")
