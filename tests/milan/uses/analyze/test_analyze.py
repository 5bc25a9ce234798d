"""What is said of a network in which it is known which units matter."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from milan.ablation import SetTo
from milan.catalog import Catalog
from milan.errors import BadSetting, CatalogError, DataError, UnknownName
from milan.networks import Network
from milan.uses.analyze import AnalyzeOptions, Verdict, analyze_network, plan_analysis, write_analysis
from milan.uses.analyze import passes as passes_module

LATE = {"layers": ("act",), "fractions": (0.1, 0.2)}


def test_units_that_decide_are_found_by_measuring_and_by_words(
    catalog: Catalog, network: Network, val: Path
) -> None:
    asked = AnalyzeOptions(val, orders=("important", "prepositions", "unimportant"), seeds=12, **LATE)  # type: ignore[arg-type]
    found = analyze_network(catalog, network, asked)
    assert {unit.unit for unit in found.units[:2]} == {"net/act/3", "net/act/7"}
    assert found.units[2].drop == 0
    important, by_words, unimportant = found.orders
    assert found.counts == (0, 1, 2)
    assert important.curve[0] == found.accuracy
    assert important.curve[1].value < 0.75 < found.accuracy.value
    assert by_words.n_told_apart == 2  # of twelve phrases two hold a preposition
    assert by_words.curve[2] == important.curve[2]
    assert [unimportant.curve[at].value for at in range(3)] == [found.accuracy.value] * 3


def test_an_order_that_prefers_a_depth_is_no_better_than_chance_of_that_depth(
    catalog: Catalog, network: Network, val: Path
) -> None:
    """The longest phrases are those of the early layer, which carries everything: MILAN's own confound."""
    found = analyze_network(
        catalog, network, AnalyzeOptions(val, orders=("words",), fractions=(0.2,), seeds=5)
    )
    (words,) = found.orders
    assert words.layers == {"early": 3}
    assert words.curve[-1].value < found.random[-1].value  # worse than random units of any layer
    assert words.comparison.lost.value == 0
    assert words.comparison.verdict is Verdict.SAME


def test_scores_and_curves_use_different_images(catalog: Catalog, network: Network, val: Path) -> None:
    found = analyze_network(catalog, network, AnalyzeOptions(val, orders=("words",), **LATE))  # type: ignore[arg-type]
    assert found.n_scored + found.n_drawn == 160
    assert min(found.n_scored, found.n_drawn) > 55


def test_a_second_run_runs_the_network_no_more(
    catalog: Catalog, network: Network, val: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = AnalyzeOptions(val, orders=("important", "nouns"), **LATE)  # type: ignore[arg-type]
    first = analyze_network(catalog, network, asked)

    def never(*args: object, **named: object) -> None:
        raise AssertionError("the cache was not asked")

    monkeypatch.setattr(passes_module, "score_units", never)
    monkeypatch.setattr(passes_module, "right_without", never)
    assert analyze_network(catalog, network, asked) == first


def test_a_unit_held_at_its_mean_takes_with_it_what_it_tells_apart_and_no_more(
    catalog: Catalog, network: Network, val: Path
) -> None:
    """Without red all is greener than red; with as much red as ever, many pictures are still told apart."""
    drops = {}
    for set_to in (SetTo.ZERO, SetTo.MEAN):
        asked = AnalyzeOptions(val, orders=("important",), fractions=(0.1,), set_to=set_to)
        found = analyze_network(catalog, network, asked)
        assert found.set_to == set_to
        drops[set_to] = {unit.unit: unit.drop for unit in found.units}
    assert drops[SetTo.ZERO]["net/early/0"] > 0.4
    assert 0 < drops[SetTo.MEAN]["net/early/0"] < 0.3
    assert drops[SetTo.ZERO]["net/act/0"] == drops[SetTo.MEAN]["net/act/0"] == 0


def test_an_order_is_the_same_whichever_others_are_asked_for(
    catalog: Catalog, network: Network, val: Path
) -> None:
    both = AnalyzeOptions(val, orders=("important", "verbs"), **LATE)  # type: ignore[arg-type]
    alone = AnalyzeOptions(val, orders=("verbs",), **LATE)  # type: ignore[arg-type]
    assert (
        analyze_network(catalog, network, both).orders[1]
        == analyze_network(catalog, network, alone).orders[0]
    )


def test_a_damaged_file_of_the_cache_is_made_again(
    catalog: Catalog, network: Network, val: Path, own_cache: Path
) -> None:
    asked = AnalyzeOptions(val, orders=("important",), **LATE)  # type: ignore[arg-type]
    first = analyze_network(catalog, network, asked)
    for file in (own_cache / "analyze").iterdir():
        file.write_bytes(file.read_bytes()[:40])
    assert analyze_network(catalog, network, asked) == first


def test_all_is_written_to_a_folder_and_equal_runs_are_equal_bytes(
    catalog: Catalog, network: Network, val: Path, tmp_path: Path
) -> None:
    asked = AnalyzeOptions(val, concept="the colour red", fractions=(0.1, 0.2))
    found = analyze_network(catalog, network, asked)
    assert [order.order for order in found.orders] == [
        "words", "nouns", "verbs", "adjectives", "prepositions", "word-difference", "concept", "important",
        "unimportant",
    ]  # fmt: skip
    assert any("faithfulness" in line for line in found.notes)
    for name in ("one", "two"):
        write_analysis(found, tmp_path / name)
    for file in ("analysis.json", "units.csv", "curves.svg", "curves.png"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    document = json.loads((tmp_path / "one" / "analysis.json").read_text())
    assert document["orders"][0]["comparison"]["verdict"] in set(Verdict)
    assert document["fractions"] == [0, 0.1333, 0.2]
    rows = list(csv.DictReader((tmp_path / "one" / "units.csv").read_text().splitlines()))
    assert len(rows) == 15
    red = next(row for row in rows if row["unit"] == "net/act/3")
    assert (red["phrase"], red["prepositions"], red["adjectives"]) == ("a red wall behind a man", "1", "1")
    assert float(red["concept"]) > 0.2
    assert red["faithfulness"] == ""
    svg = (tmp_path / "one" / "curves.svg").read_text()
    assert "random units of the same layers" in svg


def test_a_plan_says_what_will_be_done_and_keeps_nothing(
    catalog: Catalog, network: Network, val: Path, own_cache: Path
) -> None:
    plan = plan_analysis(catalog, network, AnalyzeOptions(val, orders=("words",)), lambda *_: None)
    assert (plan.n_units, plan.layers) == (15, ("early", "act"))
    assert plan.n_passes == 1 + 3 * (5 + 6)  # 1, 2 and 3 units: at random, in order, and matched
    assert any("about" in line for line in plan.lines())
    assert not (own_cache / "analyze").exists()


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"layers": ("lat",)}, UnknownName, "no layer 'lat'. Did you mean 'act'"),
        ({"layers": ("late",)}, UnknownName, "describes early, act"),
        ({"max_units": 16}, BadSetting, "up to 16 units, but only 15 are described"),
        ({"name": "other"}, UnknownName, "no network 'other'"),
        ({"orders": ("faithfulness",)}, BadSetting, "no unit has a figure of faithfulness"),
        ({"outputs": {"0": 0, "1": 5}}, DataError, "output 5, but the network has outputs 0 to 1"),
        ({"outputs": {"0": 0}}, UnknownName, "no class '1'"),
        ({"limit": 1}, DataError, "do not fall on both sides"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    catalog: Catalog, network: Network, val: Path, options: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said) as raised:
        analyze_network(catalog, network, AnalyzeOptions(val, **options))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"orders": ("noun",)}, "no order 'noun'. Did you mean 'nouns'"),
        ({"orders": ("concept",)}, "give --concept"),
        ({"concept": "  "}, "the concept is empty"),
        ({"seeds": 4}, "5 random orders or more, got 4"),
        ({"fractions": (0.0,)}, "one above 0"),
        ({"fractions": (0.1, 1.5)}, "from 0 to 1"),
        ({"max_units": 0}, "at least one unit"),
    ],
)
def test_a_wrong_choice_is_refused_before_anything_is_opened(options: dict[str, Any], said: str) -> None:
    with pytest.raises((UnknownName, BadSetting), match=said):
        AnalyzeOptions(Path("val"), **options)


def test_other_weights_no_words_and_no_classes_are_refused(
    empty_words: Catalog, network: Network, val: Path, tmp_path: Path
) -> None:
    with pytest.raises(CatalogError, match="has words; run milan describe"):
        analyze_network(empty_words, network, AnalyzeOptions(val))
    other = Network(network.name, network.spec, network.module, network.preprocessing, network.device)
    with torch.no_grad():
        network.module.head.weight += 1  # type: ignore[operator, union-attr]
    with pytest.raises(CatalogError, match="the weights differ"):
        analyze_network(empty_words, other, AnalyzeOptions(val))


def test_a_folder_without_classes_is_refused_and_one_class_is_noted(
    catalog: Catalog, network: Network, val: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="lies in no class folder"):
        analyze_network(catalog, network, AnalyzeOptions(val / "0"))
    (tmp_path / "red").mkdir()
    (tmp_path / "red" / "0").symlink_to(val / "0")
    found = analyze_network(catalog, network, AnalyzeOptions(tmp_path / "red", orders=("words",), **LATE))  # type: ignore[arg-type]
    assert found.n_classes == 1
    assert any("one class" in line for line in found.notes)
    assert np.isfinite(found.accuracy.value)
