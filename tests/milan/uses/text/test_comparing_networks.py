"""Files of several networks, or of symbols, become tables with units by name."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from milan.errors import DataError
from milan.texts import Activations, Sentences, Tagged
from milan.uses.text import DistanceOptions, compare_networks, decide


def test_units_that_follow_the_same_thing_are_found_in_the_other_network(
    activations: Path, write_activations: Callable[[Path, int], Path], tmp_path: Path
) -> None:
    other = write_activations(tmp_path / "second", 1)
    found = compare_networks({"first": Activations.open(activations), "second": Activations.open(other)})
    best = np.argsort(-np.abs(found.matches.correlation[0]))[:4]
    assert {str(found.units["first"][unit]) for unit in best} == {"low/3", "low/4", "low/5", "low/7"}
    assert (found.matches.partner[0, best] == best).all()
    assert found.by_position.adjusted[7] > 0.95
    assert found.by_token.adjusted[3] > 0.4 > abs(found.by_token.adjusted[9])
    assert found.n_words == 600
    assert found.directions["second"].correlation[0] > 0.95


def test_one_network_alone_or_another_text_is_refused(activations: Path) -> None:
    opened = Activations.open(activations)
    with pytest.raises(DataError, match="two networks or more"):
        compare_networks({"first": opened})
    other = Activations(Sentences.of([["else"]]), {"a": np.zeros((1, 2))}, {})
    with pytest.raises(DataError, match="is 'else' in the activations"):
        compare_networks({"first": opened, "second": other})


def test_pairs_of_symbols_are_told_apart_by_the_units_that_follow_them() -> None:
    rng = np.random.default_rng(0)
    told = rng.choice(["x", "y"], 1200)
    text = Sentences.of([["t" if n % 2 else "s"] for n in range(1200)])
    matrix = rng.normal(size=(1200, 6)).astype(np.float32)
    matrix[:, 4] += 3 * ((told == "x") & (np.arange(1200) % 2 == 1))
    opened = Activations(text, {"gates": matrix}, {})
    found = decide(opened, Tagged(text, tuple(told.tolist())), DistanceOptions(least=200, n_bins=50))
    assert found.symbols == [("s", "x"), ("s", "y"), ("t", "x"), ("t", "y")]
    assert str(found.units[found.table.units_of(2)[0]]) == "gates/4"
    assert found.table.chance[2, 4] < 0.05 < found.table.chance[0, 4]
    with pytest.raises(DataError, match="500 times each in 1200 positions"):
        decide(opened, Tagged(text, tuple(told.tolist())), DistanceOptions(least=500))
