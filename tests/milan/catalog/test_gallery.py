"""The gallery opens from disk, asks nobody for anything, and takes no markup from names."""

import base64
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import pytest

from milan.catalog import Catalog, export
from milan.errors import DataError
from milan.records import Description, LayerExemplars, UnitStatus

HOSTILE = "</script><script>alert('&')</script>\u2028 ՇՈՒՆ"


@pytest.fixture
def hostile(
    catalog: Catalog,
    make_layer: Callable[..., LayerExemplars],
    make_provenance: Callable[..., object],
    make_description: Callable[..., object],
    thumbnails: dict[str, bytes],
) -> Catalog:
    """A network, a layer, an image and a phrase with markup for names."""
    layer = make_layer("<img src=x onerror=alert(1)>")
    renamed = LayerExemplars(
        **{
            name: getattr(layer, name)
            for name in (
                *("layer", "thresholds", "statuses", "images", "peaks", "maps", "scales"),
                *("measured", "selected"),
            )
        },
        paths=tuple(f"<script>{path}" for path in layer.paths),
    )
    pictures = {f"<script>{path}": content for path, content in thumbnails.items()}
    catalog.add_network("<b>net", make_provenance("w1"), [layer.layer])
    catalog.store_layer("<b>net", renamed, make_provenance("w1"), pictures)
    version = catalog.start_description("<b>net", layer.layer, {}, {})
    catalog.store_descriptions(version, [make_description(0, HOSTILE)])
    return catalog


def script(path: Path) -> Any:
    """What a data script hands to the page."""
    text = path.read_text("ascii")
    found = re.fullmatch(r"MILAN\.(index|chunk)\((?:\d+,)?(.*)\);\n", text, re.DOTALL)
    assert found is not None
    return json.loads(re.sub(r",\n\]", "\n]", found[2]))


def test_nothing_is_asked_of_the_network(hostile: Catalog, tmp_path: Path) -> None:
    export(hostile, "html", tmp_path / "pages")
    for name in ("index.html", "gallery.css", "gallery.js"):
        text = (tmp_path / "pages" / name).read_text("utf-8")
        assert not re.search(r"https?:|//[a-z]|@import|@font-face|\bfetch\(|XMLHttp|innerHTML|\beval\(", text)
        for local in re.findall(r'(?:src|href)="([^"#]+)"', text):
            assert (tmp_path / "pages" / local).is_file()
    for file in (tmp_path / "pages" / "data").iterdir():
        assert file.name == "index.js" or script(file)["pictures"]


def test_names_are_never_markup(hostile: Catalog, tmp_path: Path) -> None:
    export(hostile, "html", tmp_path / "pages")
    page = (tmp_path / "pages" / "index.html").read_text("utf-8")
    assert "&lt;b&gt;net" in page
    assert "<b>net" not in page
    index = script(tmp_path / "pages" / "data" / "index.js")
    assert index["layers"][0] == ["<b>net", "<img src=x onerror=alert(1)>"]
    assert index["units"][0][3] == HOSTILE


def test_units_carry_words_scores_and_regions(
    catalog: Catalog, describe: Callable[..., int], make_layer: Callable[..., LayerExemplars], tmp_path: Path
) -> None:
    describe({0: ["a dog", "a cat"]})
    assert export(catalog, "html", tmp_path / "pages") == 5
    index = script(tmp_path / "pages" / "data" / "index.js")
    assert index["layers"] == [["tiny", "blocks.1"]]
    assert index["units"][0] == [0, 0, "described", "a dog", 1.5, ["a dog", "a cat"], None, None, []]
    assert index["units"][4] == [0, 4, "dead", None, None, [], None, None, []]
    details = script(tmp_path / "pages" / "data" / "units-0.js")
    assert details["units"][0]["candidates"][0] == ["a dog", 1.5, -0.5, -2.0, "bank"]
    picture, activation, (low, high, level), (height, width, coded) = details["units"][0]["exemplars"][0]
    stored = make_layer()
    assert activation == pytest.approx(float(stored.peaks[0, 0]), rel=1e-5)
    assert level == pytest.approx(stored.exemplar(0, 0).region.level, rel=1e-5)
    levels = np.frombuffer(base64.b64decode(coded), np.uint8).reshape(height, width)
    np.testing.assert_allclose(
        low + (high - low) * levels / 255, stored.map_of(0, 0), atol=(high - low) / 255
    )
    file, path = details["pictures"][picture]
    assert path == stored.paths[stored.images[0, 0]]
    assert (tmp_path / "pages" / file).read_bytes() == catalog_thumbnail(catalog, path)


def test_units_carry_figures_explanations_and_what_speaks_against_them(
    catalog: Catalog,
    make_description: Callable[..., Description],
    trust: dict[str, object],
    thumbnails: dict[str, bytes],
    tmp_path: Path,
) -> None:
    version = catalog.start_description("tiny", "blocks.1", {}, {})
    abstains = make_description(0, "a car", status=UnitStatus.INCONSISTENT, **trust)
    catalog.store_descriptions(version, [abstains], thumbnails)
    export(catalog, "html", tmp_path / "pages")
    first = script(tmp_path / "pages" / "data" / "index.js")["units"][0]
    assert first[2:4] == ["inconsistent", None]
    assert first[6:] == [
        [0.333333, 0.270833, 0.395833],
        ["wheels; not a face", 0.5],
        ["a wheel", "a window"],
    ]
    details = script(tmp_path / "pages" / "data" / "units-0.js")
    unit = details["units"][0]
    assert unit["figures"] == [640, 0.166667, 0.233333, 0.1]
    assert unit["meanings"] == [[0, 2], [1]]
    assert [counter[1:] for counter in unit["against"]] == [
        ["unexplained", 2.5, 0.142857],
        ["silent", -0.25, 0.875],
    ]
    for picture, *_ in unit["against"]:
        file, path = details["pictures"][picture]
        assert (tmp_path / "pages" / file).read_bytes() == thumbnails[path]


def catalog_thumbnail(catalog: Catalog, path: str) -> bytes:
    return next(unit.thumbnails[path] for unit in catalog.units() if path in unit.thumbnails)


def test_a_thumbnail_is_written_once_however_many_units_hold_it(
    catalog: Catalog, thumbnails: dict[str, bytes], tmp_path: Path
) -> None:
    export(catalog, "html", tmp_path / "pages")
    held = {e.region.image for unit in catalog.units() for e in unit.exemplars}
    assert len(list((tmp_path / "pages" / "pictures").iterdir())) == len(
        {thumbnails[image] for image in held}
    )


def test_a_gallery_is_replaced_and_anything_else_is_left_alone(catalog: Catalog, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    export(catalog, "html", pages)
    (pages / "data" / "units-99.js").write_text("old")
    export(catalog, "html", pages)
    assert not (pages / "data" / "units-99.js").exists()
    other = tmp_path / "letters"
    other.mkdir()
    (other / "dear.txt").write_text("friend")
    with pytest.raises(DataError, match="holds other files"):
        export(catalog, "html", other)
    assert (other / "dear.txt").read_text() == "friend"


def test_the_page_says_how_many_units_wait_for_words(
    catalog: Catalog, describe: Callable[..., int], tmp_path: Path
) -> None:
    def told() -> str:
        export(catalog, "html", tmp_path / "pages")
        return " ".join((tmp_path / "pages" / "index.html").read_text("utf-8").split())

    assert "4 of them are <b>not described yet</b>: words were not asked for" in told()
    describe({unit: ["a dog"] for unit in range(3)})
    assert "1 of them is <b>not described yet</b>" in told()
    describe({3: ["a dog"]})
    assert "not described yet" not in told()


FRAME = """<body><iframe src="index.html" style="width:WIDTHpx;height:300px;border:0"></iframe><script>
setTimeout(() => {
  const page = document.querySelector("iframe").contentDocument;
  document.body.dataset.wide = page.documentElement.scrollWidth - page.documentElement.clientWidth;
  document.body.dataset.drawn = page.querySelectorAll(".unit").length;
}, 1500);
</script>"""


@pytest.mark.skipif(which("chromium") is None, reason="needs Debian's chromium")
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out_to_the_side_on_a_phone_or_a_desk(
    catalog: Catalog,
    describe: Callable[..., int],
    make_layer: Callable[..., LayerExemplars],
    make_provenance: Callable[..., object],
    tmp_path: Path,
    width: int,
) -> None:
    many = make_layer(n_units=40)  # the browser lays out those far down by their intrinsic size only
    catalog.store_layer("tiny", many, make_provenance(k=4), {})
    describe({0: ["a dog", "a" + "rather" * 12], 1: ["a dog"]})
    export(catalog, "html", tmp_path / "pages")
    page = tmp_path / "pages" / "frame.html"
    page.write_text(FRAME.replace("WIDTH", str(width)))
    switches = ("--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    drawn = subprocess.run(
        ["chromium", *switches, profile, "--virtual-time-budget=4000", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert 'data-wide="0"' in drawn
    assert re.search(r'data-drawn="[34]0"', drawn)


def test_an_empty_catalog_makes_a_page_that_says_so(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "empty.db", create=True) as empty:
        assert export(empty, "html", tmp_path / "pages") == 0
    assert "An empty catalog" in (tmp_path / "pages" / "index.html").read_text("utf-8")
