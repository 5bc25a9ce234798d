"""What notebooks show of a catalog, and its table."""

import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from milan.catalog import Catalog
from milan.errors import MilanError, UnknownName
from milan.records import UnitId

HOSTILE = "<script>alert(1)</script>"


class _Tags(HTMLParser):
    def __init__(self, shown: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def described(catalog: Catalog, describe: Callable[..., int]) -> Catalog:
    describe({0: ["a dog", "a wolf"], 1: [HOSTILE]})
    return catalog


def test_a_unit_shows_its_words_and_regions_within_itself(described: Catalog) -> None:
    unit = described.unit(UnitId("tiny", "blocks.1", 0))
    tags = _Tags(unit._repr_html_())
    assert "a dog" in unit._repr_html_()
    images = [attributes for tag, attributes in tags.found if tag == "img"]
    assert len(images) == len(unit.exemplars)
    assert all((image["src"] or "").startswith("data:image/webp;base64,") for image in images)
    assert all(image["alt"] for image in images)


def test_what_a_catalog_says_is_escaped(described: Catalog) -> None:
    shown = described.unit(UnitId("tiny", "blocks.1", 1))._repr_html_()
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_a_unit_without_words_says_why(described: Catalog) -> None:
    assert "dead" in described.unit(UnitId("tiny", "blocks.1", 4))._repr_html_()


def test_a_catalog_and_its_layers_show_what_they_hold(described: Catalog) -> None:
    shown = described._repr_html_()
    assert "tiny/blocks.1" in shown
    assert described.place.name in shown
    (layer,) = described.layers("tiny", "blocks.1")
    assert "5 units" in layer._repr_html_()
    assert "timm:tiny" in layer._repr_html_()


def test_an_empty_catalog_says_so(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "empty.db", create=True) as empty:
        assert "empty" in empty._repr_html_()
        assert empty.to_pandas().empty


def test_a_table_has_a_typed_row_a_unit(described: Catalog) -> None:
    table = described.to_pandas("tiny", "blocks.1")
    assert list(table["unit"]) == [f"tiny/blocks.1/{index}" for index in range(5)]
    assert table["index"].dtype == "int32"
    assert isinstance(table["status"].dtype, pd.CategoricalDtype)
    assert table["score"].dtype == "float64"
    assert table["description"][0] == "a dog"
    assert pd.isna(table["description"][2])
    assert table["candidates"][0] == ["a dog", "a wolf"]
    assert table["images"][4] == []
    assert table["n_measured"].dtype == "Int32"
    with pytest.raises(UnknownName):
        described.to_pandas("tinny")


def test_without_pandas_the_extra_is_named(described: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MilanError, match=r"milan-neurons\[notebook\]"):
        described.to_pandas()
