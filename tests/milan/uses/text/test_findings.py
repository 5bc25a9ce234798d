"""What each study leaves of each unit, and that it meets the described unit in a catalog."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from milan.ablation.text import Removed, TranslatorUnits
from milan.catalog import Catalog
from milan.errors import CatalogError
from milan.networks.text import open_text_network
from milan.records import Figure, Study, StudyKind, UnitId
from milan.texts import Activations, Tagged, read_annotated
from milan.texts.activations import Unit
from milan.translation import Parallel, shipped_translator
from milan.uses.text import (
    Ablated,
    AblateOptions,
    DistanceOptions,
    ProbeOptions,
    Studied,
    StudiedNetwork,
    TextSource,
    ablate_study,
    compare_networks,
    correlate_study,
    decide,
    describe_texts,
    distance_study,
    keep_study,
    probe_study,
    probe_words,
)


def test_a_probe_leaves_places_and_weights_of_the_units_it_chose(activations: Path, tagged: Tagged) -> None:
    options = ProbeOptions(l1=0.02, permutations=20)
    probed = probe_words(Activations.open(activations), tagged, options)
    studied = probe_study("tags.tsv", tagged, options, probed)
    found = list(studied.found)
    first = [one for unit, one in found if unit == found[0][0]]
    assert found[0][0] in [Unit("low", number) for number in (3, 4, 5)]
    assert (first[0].measure, first[0].value) == ("place among 40", 1)
    assert first[1].measure == "false discovery rate"
    weights = [abs(one.value) for one in first[2:]]
    assert weights == sorted(weights, reverse=True)
    assert studied.layers == ("low", "high")
    assert studied.study.figures["accuracy"] == probed.accuracy
    assert {unit for unit, _ in found} == {
        unit for unit, own in zip(probed.units, probed.probe.weights.T, strict=True) if own.any()
    }


def test_distances_leave_the_pairs_that_a_unit_decides(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    told = rng.choice(["x", "y"], 800)
    np.save(tmp_path / "cells.npy", np.stack([rng.normal(size=800), 5.0 * (told == "x")], 1))
    (tmp_path / "words").write_text("t\n" * 800)
    opened = Activations.open(tmp_path / "cells.npy", tmp_path / "words")
    tagged = Tagged(opened.words, tuple(told.tolist()))
    options = DistanceOptions(n_bins=20)
    studied = distance_study("letters", tagged, options, decide(opened, tagged, options))
    found = list(studied.found)
    assert [(unit.index, one.about) for unit, one in found] == [(1, "t → x"), (1, "t → y")]
    assert found[0][1].by_chance is not None
    assert found[0][1].value > 0.99 > found[0][1].by_chance
    assert found[0][1].n == 800


def test_comparing_leaves_the_closest_units_of_others(
    activations: Path, write_activations: Callable[[Path, int], Path], tmp_path: Path
) -> None:
    other = write_activations(tmp_path / "second", 1)
    compared = compare_networks({"first": Activations.open(activations), "second": Activations.open(other)})
    studied = correlate_study(compared)
    found = [one for unit, one in studied.found if unit == Unit("low", 7)]
    assert str(studied.study) == "correlate (against second)"
    assert [one.about for one in found] == ["second low/7", "second", "position", "word"]
    assert abs(found[0].value) > 0.9
    assert found[2].value > 0.9


def test_ablation_leaves_of_each_unit_what_the_smallest_set_cost_beside_random_ones() -> None:
    def removed(which: str, n: int, lost: float) -> Removed:
        figure = Figure(lost, lost - 1, lost + 1)
        return Removed(which, n, {"bleu": figure}, {"bleu": figure})  # type: ignore[arg-type]

    table = [
        removed("none", 0, 0),
        *(removed("top", 1, 3), removed("random", 1, 0.5), removed("bottom", 1, 0.25)),
        *(removed("top", 2, 4), removed("random", 2, 1.5), removed("bottom", 2, 1.25)),
    ]
    text = Parallel(["a"], ["b"])
    studied = ablate_study(AblateOptions(counts=(1, 2)), text, Ablated((3, 1, 0, 2, 4), table, 150))
    assert [(unit.index, one.about, one.value, one.by_chance) for unit, one in studied.found] == [
        (3, "first 1 switched off", 3, 0.5),
        (4, "last 1 switched off", 0.25, 0.5),
        (1, "first 2 switched off", 4, 1.5),
        (2, "last 2 switched off", 1.25, 1.5),
    ]


def test_a_study_meets_the_described_unit_in_the_catalog(
    activations: Path, tagged: Tagged, tmp_path: Path
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("".join(" ".join(each) + "\n" for each in tagged.sentences.each()))
    options = ProbeOptions(l1=0.02)
    studied = probe_study(
        "kinds", tagged, options, probe_words(Activations.open(activations), tagged, options)
    )
    network = StudiedNetwork.of_activations(activations, None, None)
    assert keep_study(tmp_path / "units.db", network, studied) > 3
    describe_texts(TextSource.open(activations, text), read_annotated(text), tmp_path / "units.db")
    with Catalog.open(tmp_path / "units.db") as catalog:
        (study, found), *_ = catalog.unit(UnitId(network.name, "low", 3)).studies
    assert (study.kind, study.subject) == (StudyKind.PROBE, "kinds")
    assert found[0].measure == "place among 40"


def test_a_network_of_other_weights_keeps_its_name(tmp_path: Path) -> None:
    network = StudiedNetwork("one", "spec", "w0", ("low",))
    study = Study(StudyKind.CORRELATE, "against two", {})
    nothing = Studied(study, ("low",), iter(()))
    keep_study(tmp_path / "units.db", network, nothing)
    with pytest.raises(CatalogError, match="its weights differ"):
        keep_study(tmp_path / "units.db", network._replace(weights_hash="w1"), nothing)


def test_a_translators_encoder_is_the_network_that_is_described() -> None:
    described = open_text_network("milan.translation:sentence_reader")
    studied = StudiedNetwork.of_translator(TranslatorUnits(shipped_translator()), None, None)
    assert (studied.name, studied.weights_hash) == (described.name, described.weights_hash)
    assert set(studied.layers) <= {layer.name for layer in described.layers}
