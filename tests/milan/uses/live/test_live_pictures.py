"""A network that sees, tried on one picture."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from milan.catalog import Catalog
from milan.datasets import open_picture
from milan.errors import BadSetting, CatalogError, UnknownName
from milan.networks import Network, change
from milan.networks.outputs import logits_of
from milan.records import Edit, UnitId
from milan.uses.live import LivePictures, Trial, make_live, moved_units, rank_units, reads_text

Make = Callable[..., Catalog]


@pytest.fixture
def trial(seeing: LivePictures, red: Path) -> Trial:
    return Trial(seeing, seeing.take(open_picture(red)))


def test_activations_and_chances_are_those_of_the_network(
    trial: Trial, network: Network, seeing: LivePictures
) -> None:
    inputs = trial.given.inputs
    layer = network.layer("act")
    expected = network.module.act(network.module.seen(inputs))  # type: ignore[operator, union-attr]
    assert np.allclose(trial.original.activations["act"], layer.maps(expected)[0].numpy())
    chances = logits_of(network.forward(inputs)).softmax(1)[0].numpy()
    assert trial.original.answer.chances == pytest.approx(chances)
    assert seeing.output_name(1) == "output 1"


def test_an_edit_changes_the_answer_as_in_the_network_and_is_gone_afterwards(
    trial: Trial, network: Network
) -> None:
    edits = [Edit.zero("act", [3])]
    changed = trial.changed(edits)
    with change(network, edits):
        expected = logits_of(network.forward(trial.given.inputs)).softmax(1)[0].numpy()
    assert changed.answer.chances == pytest.approx(expected)
    assert trial.original.answer.chances is not None
    assert trial.original.answer.chances.argmax() != expected.argmax()
    assert (changed.activations["act"][3] == 0).all()
    assert trial.changed([]) is trial.original
    assert trial.changed(edits) is changed


def test_units_are_ranked_on_their_own_scales(trial: Trial, make_catalog: Make) -> None:
    levels = make_catalog().levels("net")
    ranked = rank_units(levels, trial.original)
    assert [one.strength for one in ranked] == sorted((one.strength for one in ranked), reverse=True)
    first = ranked[0]
    peak = trial.original.activations["act"][first.unit.index].max()
    assert first.strength == pytest.approx((peak - 0.5) / (1.0 - 0.5))  # thresholds are .5, peaks 1
    assert first.phrase is not None
    assert rank_units(levels, trial.original, layer="head") == []


def test_units_that_no_edit_reaches_do_not_move(trial: Trial, make_catalog: Make) -> None:
    levels = make_catalog().levels("net")
    behind = trial.changed([Edit.zero("act", [3])])
    assert moved_units(levels, trial.original, behind, [UnitId("net", "act", 3)]) == []
    before = trial.changed([Edit.to_value("seen", [0], 2.0)])
    [moved] = moved_units(levels, trial.original, before, [])
    assert moved.after.unit == UnitId("net", "act", 0)
    assert moved.after.activation == 2.0


def test_units_that_there_are_not_are_refused(trial: Trial) -> None:
    with pytest.raises(BadSetting, match="units 0 to 7, got 8"):
        trial.changed([Edit.zero("act", [8])])
    with pytest.raises(UnknownName, match="Did you mean 'act'"):
        trial.changed([Edit.zero("acts", [0])])


def test_a_catalog_of_other_weights_is_refused(network: Network, make_catalog: Make) -> None:
    with pytest.raises(CatalogError, match="weights differ"):
        make_live(make_catalog(weights_hash="other"), network)


def test_a_catalog_tells_networks_that_see_from_those_that_read(
    make_catalog: Make, text_catalog: Catalog
) -> None:
    assert not reads_text(make_catalog(), "anything:else")
    assert reads_text(text_catalog, "anything:else")


def test_a_network_without_classes_answers_nothing(seeing: LivePictures, red: Path) -> None:
    class Headless(torch.nn.Module):
        def __init__(self, inner: torch.nn.Module) -> None:
            super().__init__()
            self.act = torch.nn.Sequential(inner.seen, inner.act)  # type: ignore[arg-type]

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            maps: torch.Tensor = self.act(x)
            return maps

    whole = seeing.network
    headless = Network("net", "tests:headless", Headless(whole.module), whole.preprocessing, whole.device)
    live = LivePictures(headless, "net", ["act"])
    assert live.react(live.take(open_picture(red))).answer.chances is None
