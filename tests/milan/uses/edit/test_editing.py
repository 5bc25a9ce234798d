import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from milan.ablation import SetTo, TestImages, outcome
from milan.catalog import Catalog
from milan.datasets import LabelledImages
from milan.errors import CatalogError, DataError, UnknownName, UsageError
from milan.networks import Network, change, open_network
from milan.networks.outputs import logits_of
from milan.records import UnitId, zeroed
from milan.uses.edit import EditData, EditOptions, EditReport, Rule, edit_network, undo_edit

Make = Callable[..., Catalog]
OPTIONS = EditOptions(("word", "letters"), rule=Rule.LEAST, set_to=SetTo.ZERO, seeds=3)
"""As MILAN did: the words of both classes are known, one by blue and one by none."""
CONTROLS = ("sort-all", "blind sort-all", "random", "layer-matched random")


def data_of(folders: dict[str, Path], *tests: str) -> EditData:
    return EditData(folders["validation"], folders["clean"], {name: folders[name] for name in tests})


@pytest.fixture
def report(network: Network, make_catalog: Make, folders: dict[str, Path], tmp_path: Path) -> EditReport:
    return edit_network(
        network, make_catalog(), data_of(folders, "adversarial", "test"), OPTIONS, tmp_path / "edited"
    )


def test_units_that_are_said_to_see_words_are_switched_off_and_the_shortcut_is_gone(
    report: EditReport,
) -> None:
    adversarial, test = report.sets
    assert {unit.index for unit in report.chosen.units} == {2, 3, 6}
    assert report.chosen.n_candidates == 3
    assert adversarial.before.value < 0.1
    assert adversarial.after.value > 0.8
    assert adversarial.change.low > 0.5
    assert abs(test.change.value) <= 0.05


def test_units_that_the_validation_images_need_least_go_first(report: EditReport) -> None:
    assert report.chosen.units[0] == UnitId("net", "act", 6)  # no output reads it
    drops = [report.chosen.validation_drop[unit] for unit in report.chosen.units]
    assert drops == sorted(drops)


def test_as_many_units_of_other_choices_do_worse(report: EditReport) -> None:
    arms = {(arm.name, arm.n_units): arm for arm in report.sets[0].arms}
    assert set(arms) == {(name, 3) for name in ("edit", *CONTROLS)}
    for name in CONTROLS:
        difference = arms[name, 3].difference
        assert difference is not None
        assert difference.value > 0.2  # of eight units three random ones may well be the right ones
    assert arms["sort-all", 3].difference.low > 0.5


def test_the_last_layer_fitted_to_clean_images_stands_beside(report: EditReport) -> None:
    retrained = report.sets[0].retrained
    assert retrained is not None
    assert retrained.n_images == 80
    assert 0 <= retrained.accuracy.low <= retrained.accuracy.high <= 1


def test_the_folder_opens_as_the_edited_network(
    report: EditReport, network: Network, folders: dict[str, Path], tmp_path: Path
) -> None:
    plain = open_network(f"edited:{tmp_path / 'edited'}")
    assert plain.preprocessing == network.preprocessing
    images = TestImages.read(network, LabelledImages.read(folders["adversarial"], 2))
    inputs = next(images.inputs(network, 80))
    with change(network, zeroed(report.chosen.units)):
        wanted = logits_of(network.forward(inputs))
    assert torch.allclose(wanted, logits_of(plain.forward(inputs)), atol=1e-4)
    assert outcome(plain, images).accuracy == report.sets[0].after.value


def test_report_card_and_predictions_are_written(report: EditReport, tmp_path: Path) -> None:
    document = json.loads((tmp_path / "edited" / "edit.json").read_text())
    assert document["units"][0]["description"] == "letters"
    assert document["sets"][0]["change"]["low"] > 0.5
    card = (tmp_path / "edited" / "README.md").read_text()
    assert "3 units of" in card
    assert "layer-matched random" in card
    with (tmp_path / "edited" / "predictions.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 160
    gained = sum(int(row["right_after"]) - int(row["right_before"]) for row in rows[:80]) / 80
    assert gained == pytest.approx(report.sets[0].change.value)


def test_an_edit_is_undone_to_the_very_weights(report: EditReport, network: Network, tmp_path: Path) -> None:
    undo_edit(tmp_path / "edited", tmp_path / "original.safetensors")
    again = open_network(network.spec, weights=tmp_path / "original.safetensors")
    assert again.weights_hash == network.weights_hash
    with pytest.raises(UsageError, match="is there already"):
        undo_edit(tmp_path / "edited", tmp_path / "original.safetensors")


def test_no_more_go_than_the_clean_images_can_spare(
    network: Network, make_catalog: Make, folders: dict[str, Path]
) -> None:
    """Asked for colours, the edit would take what the classes are told by."""
    options = EditOptions(("thing",), rule=Rule.LEAST, set_to=SetTo.ZERO, seeds=2)
    report = edit_network(network, make_catalog(), data_of(folders, "test"), options)
    assert report.chosen.units == ()
    assert report.chosen.clean_curve[1] < report.chosen.clean_curve[0] - 0.01
    assert report.sets[0].change.value == 0


def test_the_other_rule_takes_first_what_carries_the_bias(
    network: Network, make_catalog: Make, folders: dict[str, Path]
) -> None:
    options = EditOptions(("word", "letters"), rule=Rule.MOST, set_to=SetTo.ZERO, max_units=2, seeds=2)
    report = edit_network(network, make_catalog(), data_of(folders, "test"), options)
    assert {unit.index for unit in report.chosen.units} == {2, 3}


def test_what_images_with_the_word_need_goes_and_is_held_at_what_it_says_without_the_word(
    network: Network, make_catalog: Make, folders: dict[str, Path], tmp_path: Path
) -> None:
    """Unit 4, of the sky, is always active; of the words only that of class a is asked for."""
    catalog = make_catalog(
        ("a red thing", "a green thing", "a printed word", "letters", "a word", "grass", "letters", "a dog")
    )
    data = data_of(folders, "adversarial", "test")
    report = edit_network(network, catalog, data, EditOptions(("word",), seeds=2), tmp_path / "edited")
    chosen = report.chosen
    assert chosen.units[0] == UnitId("net", "act", 2)
    assert chosen.n_shown == 20  # every second picture of class a has all its blue
    assert chosen.held_at[0] == 0
    assert chosen.held_at[1] > 0.1
    assert report.sets[0].change.low > 0
    plain = open_network(f"edited:{tmp_path / 'edited'}")
    images = TestImages.read(network, LabelledImages.read(folders["adversarial"], 2))
    assert outcome(plain, images).accuracy == report.sets[0].after.value
    written = json.loads((tmp_path / "edited" / "edit.json").read_text())["units"]
    assert [unit["held_at"] for unit in written] == pytest.approx(list(chosen.held_at))


def test_test_images_are_not_looked_at_before_all_is_chosen(
    network: Network, make_catalog: Make, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    read, choose = TestImages.read.__func__, "milan.uses.edit.editing.how_many"  # type: ignore[attr-defined]

    def note_read(
        cls: type[TestImages], opened: Network, labelled: LabelledImages, **more: object
    ) -> TestImages:
        happened.append(labelled.manifest.folder.name)
        return read(cls, opened, labelled, **more)

    from milan.uses.edit.choosing import how_many

    def note_choice(*given: object, **more: object) -> object:
        happened.append("chosen")
        return how_many(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(TestImages, "read", classmethod(note_read))
    monkeypatch.setattr(choose, note_choice)
    edit_network(network, make_catalog(), data_of(folders, "adversarial", "test"), OPTIONS)
    assert happened == ["validation", "clean", "chosen", "adversarial", "test"]


def test_a_query_that_nothing_answers_to_is_told_with_the_nearest_words(
    network: Network, make_catalog: Make, folders: dict[str, Path]
) -> None:
    with pytest.raises(
        DataError, match="none of 8 described units of net answers to 'a violin'; the nearest: "
    ):
        edit_network(network, make_catalog(), data_of(folders, "test"), EditOptions(("a violin",)))


def test_a_query_that_everything_answers_to_is_refused(
    network: Network, make_catalog: Make, folders: dict[str, Path]
) -> None:
    catalog = make_catalog(("letters",) * 8)
    with pytest.raises(DataError, match="all 8 described units of net answer to 'letters'"):
        edit_network(network, catalog, data_of(folders, "test"), EditOptions(("letters",)))


def test_a_catalog_of_other_weights_is_refused(
    network: Network, make_catalog: Make, folders: dict[str, Path]
) -> None:
    with pytest.raises(CatalogError, match="the weights differ"):
        edit_network(network, make_catalog(weights_hash="other"), data_of(folders, "test"), OPTIONS)


def test_a_validation_set_of_one_class_is_refused(
    network: Network, make_catalog: Make, folders: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a").symlink_to(folders["validation"] / "a")
    data = EditData(tmp_path / "one", folders["clean"], {"test": folders["test"]}, {"a": 0, "b": 1})
    with pytest.raises(DataError, match=r"holds one class only \(a\)"):
        edit_network(network, make_catalog(), data, OPTIONS)


def test_a_test_set_that_also_decides_is_refused(
    network: Network, make_catalog: Make, folders: dict[str, Path]
) -> None:
    data = EditData(folders["validation"], folders["clean"], {"same": folders["clean"]})
    with pytest.raises(UsageError, match="80 images of the test set same are in --validation or --clean too"):
        edit_network(network, make_catalog(), data, OPTIONS)


def test_an_output_that_is_there_is_told_before_anything_runs(
    network: Network, make_catalog: Make, folders: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "edited").mkdir()
    (tmp_path / "edited" / "kept.txt").touch()
    with pytest.raises(DataError, match="is there already"):
        edit_network(network, make_catalog(), data_of(folders, "test"), OPTIONS, tmp_path / "edited")


def test_an_unknown_layer_is_told_with_the_described_ones(
    network: Network, make_catalog: Make, folders: dict[str, Path]
) -> None:
    with pytest.raises(UnknownName, match=r"no described layer 'atc'\. Did you mean 'act'"):
        edit_network(network, make_catalog(), data_of(folders, "test"), EditOptions(("word",), ("atc",)))
