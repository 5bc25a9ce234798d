import pytest
from hypothesis import given
from hypothesis import strategies as st

from milan.errors import UsageError
from milan.records import UnitId

names = st.text(min_size=1).filter(lambda text: "/" not in text)


@given(network=names, layer=names, index=st.integers(min_value=0))
def test_an_address_reads_back_as_itself(network: str, layer: str, index: int) -> None:
    unit = UnitId(network, layer, index)
    assert UnitId.parse(str(unit)) == unit


@pytest.mark.parametrize(
    "text", ["resnet18", "resnet18/layer3", "a/b/c", "a/b/-1", "a//1", "/b/1", "a/b/1/2", ""]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="network/layer/index"):
        UnitId.parse(text)


def test_units_sort_by_network_layer_and_number_not_by_text() -> None:
    assert UnitId("a", "b", 9) < UnitId("a", "b", 10)


def test_a_filename_holds_nothing_that_a_file_system_minds() -> None:
    assert UnitId("net", "body[out]:0", 7).filename == "net--body_out_0--7"
