"""Figures that studies found of units: kept by address, replaced by the same study, shown everywhere."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from milan.catalog import Catalog, draw_unit, export, unit_record
from milan.errors import UnknownName
from milan.records import Figure, Finding, LayerExemplars, Provenance, Study, StudyKind, UnitId

PROBE = Study(StudyKind.PROBE, "upos", {"l1": 0.02}, {"accuracy": Figure(0.9, 0.85, 0.95)})
UNIT = UnitId("tiny", "blocks.1", 2)


def keep(catalog: Catalog, study: Study, *findings: tuple[int, Finding]) -> int:
    addressed = [(UnitId("tiny", "blocks.1", number), found) for number, found in findings]
    return catalog.store_study("tiny", study, ["blocks.1"], addressed)


def test_a_unit_has_what_studies_found_in_their_order(catalog: Catalog) -> None:
    weight = Finding(PROBE, "NOUN", "weight", -0.25, 4000)
    rate = Finding(PROBE, "all tags", "false discovery rate", 0.01, 4000)
    pair = Study(StudyKind.DISTANCES, "letters", {})
    distance = Finding(pair, "t → ծ", "Hellinger distance", 0.9, 600, 0.85, 0.95, by_chance=0.79)
    assert keep(catalog, PROBE, (2, weight), (2, rate), (3, weight)) == 3
    assert keep(catalog, pair, (2, distance)) == 1
    found = catalog.unit(UNIT)
    assert found.findings == (distance, weight, rate)
    assert [(str(study), len(own)) for study, own in found.studies] == [
        ("distances (letters)", 1),
        ("probe (upos)", 2),
    ]
    assert [unit.findings for unit in catalog.units()][:4] == [(), (), found.findings, (weight,)]


def test_the_same_study_again_takes_the_place_of_the_first(catalog: Catalog) -> None:
    other = Study(StudyKind.PROBE, "Number", {})
    keep(
        catalog,
        PROBE,
        (2, Finding(PROBE, "NOUN", "weight", 1.0, 10)),
        (1, Finding(PROBE, "X", "weight", 1, 10)),
    )
    keep(catalog, other, (2, Finding(other, "Plur", "weight", 1.0, 10)))
    again = Study(StudyKind.PROBE, "upos", {"l1": 0.04})
    keep(catalog, again, (2, Finding(again, "VERB", "weight", 2.0, 20)))
    assert [found.about for found in catalog.unit(UNIT).findings] == ["Plur", "VERB"]
    assert catalog.unit(UnitId("tiny", "blocks.1", 1)).findings == ()


def test_findings_outlive_exemplars(
    catalog: Catalog,
    make_layer: Callable[..., LayerExemplars],
    make_provenance: Callable[..., Provenance],
    thumbnails: dict[str, bytes],
) -> None:
    keep(catalog, PROBE, (2, Finding(PROBE, "NOUN", "weight", 1.0, 10)))
    settings = Provenance("timm:tiny", "w0", {"size": 64}, "d0", {"k": 2}, {})
    catalog.store_layer("tiny", make_layer(k=2, seed=5), settings, thumbnails)
    assert [found.about for found in catalog.unit(UNIT).findings] == ["NOUN"]


def test_what_is_no_number_is_not_kept(catalog: Catalog) -> None:
    nothing = Finding(PROBE, "NOUN", "weight", math.nan, 10)
    unsure = Finding(PROBE, "VERB", "weight", 1.0, 10, math.nan, math.inf)
    assert keep(catalog, PROBE, (2, nothing), (2, unsure)) == 1
    (found,) = catalog.unit(UNIT).findings
    assert (found.about, found.low, found.high) == ("VERB", None, None)


def test_a_layer_that_there_is_not_keeps_nothing(catalog: Catalog) -> None:
    with pytest.raises(UnknownName, match=r"Did you mean 'blocks\.1'"):
        catalog.store_study("tiny", PROBE, ["blocks.11"], [])
    stray = (UnitId("tiny", "blocks.0", 1), Finding(PROBE, "NOUN", "weight", 1.0, 10))
    with pytest.raises(UnknownName, match=r"The study is of: blocks\.1"):
        catalog.store_study("tiny", PROBE, ["blocks.1"], [stray])
    assert catalog.unit(UNIT).findings == ()


def test_findings_are_in_the_export_the_gallery_the_picture_and_the_lines_beside_it(
    catalog: Catalog, tmp_path: Path
) -> None:
    without = draw_unit(catalog.unit(UNIT))
    study = Study(StudyKind.ABLATE, "by <gaussian>", {})
    lost = Finding(study, "first 5 off", "bleu lost", 1 / 3, 150, 0.125, 0.5, by_chance=0.25)
    keep(catalog, study, *[(2, lost)] * 5)
    unit = catalog.unit(UNIT)
    assert unit.asides[-1].startswith("ablate (by <gaussian>): first 5 off: bleu lost 0.333 [0.125, 0.5]")
    assert unit.asides[-1].endswith("· and 2 more")
    assert draw_unit(unit).height > without.height
    assert unit_record(unit)["findings"][0] == {
        "study": "ablate",
        "subject": "by <gaussian>",
        "about": "first 5 off",
        "measure": "bleu lost",
        "value": 0.333333,
        "low": 0.125,
        "high": 0.5,
        "by_chance": 0.25,
        "n": 150,
    }
    export(catalog, "html", tmp_path / "pages")
    chunk = (tmp_path / "pages" / "data" / "units-0.js").read_text("ascii")
    assert (
        json.dumps(["first 5 off", "bleu lost", 0.333333, 0.125, 0.5, 0.25, 150])[1:-1].replace(", ", ",")
        in chunk
    )
