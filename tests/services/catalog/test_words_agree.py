"""Searches find the same units in both back ends; their order may differ."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from captioner.files import data_file
from milan.catalog import Catalog
from milan.catalog.listing import Wanted
from milan.records import (
    Candidate,
    Description,
    LayerExemplars,
    Measured,
    Provenance,
    UnitStatus,
)

N_UNITS = 600
ASKED = [
    *("dog", "dogs", "running", "runner", "the", "a", "of the", "red car", "half-timbered", "half_life"),
    *("café", "cafe", "größe", "շուն", "naïve", "ÅNGSTRÖM", "angstrom", "3", "3.5", "3d", "O'Hare", "dog's"),
    *("e-mail", "user@host.com", "http://a.b/c", "university", "universe", "flies", "fly", "skies", "sky"),
    *("wheels wheel", '"a dog"', "half timbered"),
]
OWN = [
    *("a café on the left", "größe", "շուն եւ կատու", "3.5 mm jack", "a 3D printer", "the O'Hare airport"),
    *("e-mail", "mail to user@host.com", "http://a.b/c d", "half_life of a half-timbered house", "the sky"),
    *("universities", "flying flies", "naive painting", "ångström", "a dog's wheel", "ﬁre"),
]


def phrases() -> list[str]:
    bank = [line.split("\t")[0] for line in data_file("captioner/bank.tsv").read_text("utf-8").splitlines()]
    chosen = np.random.default_rng(0).choice(len(bank), 3 * N_UNITS, replace=False)
    return OWN + [bank[at] for at in chosen.tolist()]


@pytest.fixture(scope="module")
def said() -> list[str]:
    return phrases()


def fill(place: str, said: list[str]) -> Catalog:
    """A layer of units with two candidates each, every third unit abstaining."""
    nothing = np.zeros((0, N_UNITS), np.float32)
    layer = LayerExemplars(
        "layer", ("a.jpg",), np.ones(N_UNITS, np.float32), (UnitStatus.PENDING,) * N_UNITS,
        np.zeros((N_UNITS, 1), np.int64), np.ones((N_UNITS, 1), np.float32),
        np.ones((N_UNITS, 1, 1, 1), np.float16), np.ones((N_UNITS, 1), np.float32),
        Measured((), nothing, nothing), Measured((), nothing, nothing),
    )  # fmt: skip
    catalog = Catalog.open(place, create=True)
    made = Provenance("n", "w", {}, "d", {}, {})
    catalog.add_network("n", made, ["layer"])
    catalog.store_layer("n", layer, made, {})
    catalog.store_descriptions(
        catalog.start_description("n", "layer", {}, {}),
        [
            Description(
                unit,
                UnitStatus.DESCRIBED if unit % 3 else UnitStatus.INCONSISTENT,
                0.5,
                tuple(Candidate(phrase, 1.0, -1.0, -1.0, "bank") for phrase in said[2 * unit : 2 * unit + 2]),
            )
            for unit in range(N_UNITS)
        ],
    )
    return catalog


@pytest.fixture
def both(database: str, tmp_path: Path, said: list[str]) -> Iterator[tuple[Catalog, Catalog]]:
    with fill(str(tmp_path / "units.db"), said) as file, fill(database, said) as shared:
        yield file, shared


def test_the_same_units_are_found_and_the_same_words_marked(
    both: tuple[Catalog, Catalog], said: list[str]
) -> None:
    words = sorted({word for phrase in said for word in phrase.split()})
    assert len(words) > 1000
    wrong = []
    for asked in [*ASKED, *words[::3], *said[: len(OWN)]]:
        found, other = (
            {str(hit.unit): (hit.snippet, hit.marks) for hit in catalog.search(asked, 2 * N_UNITS)}
            for catalog in both
        )
        if found != other:
            wrong.append(
                (asked, {unit: (found.get(unit), other.get(unit)) for unit in found.keys() ^ other.keys()})
            )
    assert wrong == []


def test_lists_of_a_layer_hold_the_same_units(both: tuple[Catalog, Catalog]) -> None:
    for wanted in (
        Wanted(),
        Wanted(order="words", page=2),
        Wanted(words="dog", order="faithful"),
        Wanted(words="of a"),
    ):
        found, other = (catalog.listed("n", "layer", wanted) for catalog in both)
        assert found == other
