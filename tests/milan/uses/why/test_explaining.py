from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from milan.catalog import Catalog
from milan.errors import BadSetting, CatalogError, DataError, UnknownName
from milan.networks import Network, change
from milan.networks.outputs import logits_of
from milan.records import Edit
from milan.uses.why import WhyOptions, draw_answer, explain_output
from tests.milan.uses.edit.conftest import folders, make_catalog, network

__all__ = ["folders", "make_catalog", "network"]  # fixtures

Make = Callable[..., Catalog]


@pytest.fixture
def fooled(folders: dict[str, Path]) -> Path:
    """A red picture with the word of green ones."""
    return folders["adversarial"] / "a" / "0.png"


def test_the_unit_that_decides_comes_first_with_its_words(
    network: Network, make_catalog: Make, fooled: Path
) -> None:
    answer = explain_output(network, make_catalog(), fooled)
    assert answer.output == 1
    assert answer.rank == 0
    assert answer.n_units == 8
    first = answer.reasons[0]
    assert (first.unit.index, first.phrase) == (3, "letters")
    assert first.effect > 0.5
    assert answer.against[0].phrase == "a red thing"
    assert answer.against[0].effect < 0


def test_an_effect_is_what_switching_the_unit_off_does(
    network: Network, make_catalog: Make, fooled: Path
) -> None:
    answer = explain_output(network, make_catalog(), fooled, WhyOptions(output=0, top=8))
    inputs = network.preprocessing.to_input(answer.view)[None]
    import torch

    tensor = torch.from_numpy(inputs)
    whole = logits_of(network.forward(tensor)).log_softmax(1)[0, 0]
    for reason in (*answer.reasons, *answer.against):
        with change(network, [Edit.zero("act", [reason.unit.index])]):
            without = logits_of(network.forward(tensor)).log_softmax(1)[0, 0]
        assert reason.effect == pytest.approx(float(whole - without), abs=1e-5)
    assert answer.rank == 1


def test_the_region_is_where_the_unit_is_active(network: Network, make_catalog: Make, fooled: Path) -> None:
    (first, *_) = explain_output(network, make_catalog(), fooled).reasons
    assert first.region.map.shape == (8, 8)
    assert first.activation == pytest.approx(float(first.region.map.max()))


def test_a_sheet_shows_reasons_for_and_against(network: Network, make_catalog: Make, fooled: Path) -> None:
    catalog = make_catalog()
    answer = explain_output(network, catalog, fooled)
    sheet = draw_answer(answer, "class b")
    assert sheet.width == 1264
    assert len(np.unique(np.asarray(sheet).reshape(-1, 3), axis=0)) > 50
    fewer = draw_answer(explain_output(network, catalog, fooled, WhyOptions(top=1)))
    assert fewer.height <= sheet.height


def test_mistakes_are_told(network: Network, make_catalog: Make, fooled: Path, tmp_path: Path) -> None:
    catalog = make_catalog()
    with pytest.raises(DataError, match="no image"):
        explain_output(network, catalog, tmp_path / "none.png")
    with pytest.raises(BadSetting, match="outputs 0 to 1, got 2"):
        explain_output(network, catalog, fooled, WhyOptions(output=2))
    with pytest.raises(UnknownName, match="Did you mean 'act'"):
        explain_output(network, catalog, fooled, WhyOptions(layers=("acts",)))
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(DataError):
        explain_output(network, catalog, tmp_path / "text.png")


def test_other_weights_than_those_described_are_refused(
    network: Network, make_catalog: Make, fooled: Path
) -> None:
    with pytest.raises(CatalogError, match="the weights differ"):
        explain_output(network, make_catalog(weights_hash="other"), fooled)
