"""Catalogs of images that must not leave their folder: no pixel of them is written anywhere."""

import io
import re
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from milan.catalog import Catalog
from milan.datasets import Manifest
from milan.errors import CatalogError
from milan.networks import Preprocessing
from milan.records import PicturePolicy, PictureReference, UnitId
from milan.surfaces.web import make_app
from milan.uses.views import Views

SIGNATURES = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|RIFF....WEBP|GIF8[79]a", re.DOTALL)
CELLS = 8


def contents_of(path: Path) -> Iterator[bytes]:
    """Every byte of a file or folder; of a catalog also every value, unpacked: files store them in pieces."""
    for file in [path, *path.parent.glob(f"{path.name}-*")] if path.is_file() else path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            yield content
            if content.startswith(b"SQLite format 3\0"):
                yield from _values(file)


def _values(file: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, bytes):
                        yield value
                        if value.startswith(b"x\x01"):
                            yield zlib.decompress(value)


def pictures_in(path: Path) -> list[Image.Image]:
    """Everything in it that decodes as a picture."""
    found = []
    for content in contents_of(path):
        for start in (match.start() for match in SIGNATURES.finditer(content)):
            with Image.open(io.BytesIO(content[start:])) as opened:
                found.append(opened.convert("RGB"))
    return found


def holds_pixels_of(path: Path, folder: Path) -> bool:
    """Whether a row of some image's pixels, or a piece of its file, stands anywhere as it is."""
    pieces = []
    for file in folder.iterdir():
        pixels = np.asarray(Image.open(file).convert("RGB"))
        pieces += [file.read_bytes()[60:92], pixels[3].tobytes(), pixels[3, :, 0].tobytes()]
    return any(piece in content for content in contents_of(path) for piece in pieces)


@pytest.fixture
def described(folder: Any) -> Any:
    """described("refer"): a catalog of the photos, its exports and the shard's state beside it."""

    def make(policy: str) -> Path:
        run = (folder.model, "--images", "photos", "--size", "32", "--layer", "2", "--pictures", policy)
        made = folder.milan("describe", *run, "--exemplars-only", "--catalog", "units.db")
        assert made.exit_code == 0, made.stderr
        assert folder.milan("exemplars", *run, "-o", "shard.safetensors").exit_code == 0
        for kind in ("html", "jsonl", "parquet"):
            assert folder.milan("export", "units.db", "--format", kind, "-o", f"out.{kind}").exit_code == 0
        return Path(folder.path)

    return make


WRITTEN = ("units.db", "cache", "shard.safetensors", "out.html", "out.jsonl", "out.parquet")


def test_pictures_are_found_where_they_are_kept(described: Any) -> None:
    """The search below would find something if it were there."""
    place = described("keep")
    for name in ("units.db", "shard.safetensors", "out.html"):
        assert len(pictures_in(place / name)) >= 3


def test_a_catalog_of_references_writes_no_picture_anywhere(described: Any) -> None:
    place = described("refer")
    for name in WRITTEN:
        assert pictures_in(place / name) == []
        assert not holds_pixels_of(place / name, place / "photos")


def test_blurred_pictures_are_a_few_averages(described: Any) -> None:
    place = described("blur")
    blurred = pictures_in(place / "units.db")
    assert len(blurred) >= 3
    for name in WRITTEN:
        assert not holds_pixels_of(place / name, place / "photos")
        for picture in pictures_in(place / name):
            cells = picture.resize((4, 4), Image.Resampling.BOX).resize(
                picture.size, Image.Resampling.BICUBIC
            )
            lost = np.asarray(picture, float) - np.asarray(cells, float)
            assert np.abs(lost).mean() < 12  # of noise from 0 to 255: 4 x 4 averages say it all


def test_what_is_referred_to_is_shown_from_its_folder_until_it_is_gone_or_changed(described: Any) -> None:
    place = described("refer")
    with Catalog.open(place / "units.db") as catalog:
        (network,) = {layer.network for layer in catalog.layers()}
        unit = catalog.unit(UnitId(network, "2", 0))
        image = unit.exemplars[0].source
        assert image not in unit.thumbnails or unit.thumbnails.get(image) is None
        shown, lies = (
            np.asarray(Image.open(file).convert("L"), float)
            for file in (io.BytesIO(unit.pictures[image]), place / "photos" / image)
        )
        assert np.corrcoef(shown.ravel(), lies.ravel())[0, 1] > 0.9
        shutil.copy(place / "photos" / unit.exemplars[1].source, place / "photos" / image)
        assert unit.pictures.get(image) is None
        (place / "photos" / image).unlink()
        assert unit.pictures.get(image) is None


def test_a_page_shows_a_placeholder_for_what_is_gone(described: Any) -> None:
    place = described("refer")
    with Catalog.open(place / "units.db") as catalog:
        network = catalog.layers()[0].network
    address = f"/networks/{network}/layers/2/units/0/exemplars/0.webp"
    there = TestClient(make_app(place / "units.db"), base_url="http://localhost").get(address)
    shutil.rmtree(place / "photos")
    gone = TestClient(make_app(place / "units.db"), base_url="http://localhost").get(address)
    assert there.status_code == gone.status_code == 200
    assert there.content != gone.content


def test_a_catalog_keeps_to_what_it_began_with(described: Any, folder: Any) -> None:
    described("refer")
    again = ("describe", folder.model, "--images", "photos", "--size", "32", "--exemplars-only")
    refused = folder.milan(*again, "--catalog", "units.db", "--layer", "0", "--pictures", "keep")
    assert refused.exit_code == 1
    assert "the catalog was made with --pictures refer" in refused.stderr
    unsaid = folder.milan(*again, "--catalog", "units.db", "--layer", "0")
    assert unsaid.exit_code == 0, unsaid.stderr
    assert pictures_in(folder.path / "units.db") == []


def test_a_catalog_of_references_refuses_a_picture_whoever_brings_it(described: Any, folder: Any) -> None:
    place = described("refer")
    with Catalog.open(place / "units.db") as catalog:
        network = catalog.layers()[0].network
        version = catalog.start_description(network, "2", {}, {})
        with pytest.raises(CatalogError, match="references to images only"):
            catalog.store_descriptions(version, [], {"3.png": b"\xff\xd8\xff"})


def test_what_speaks_against_words_is_kept_the_same_way(folder: Any) -> None:
    manifest = Manifest.scan(Path("photos"))
    views = Views(Preprocessing.from_size((32, 32)), manifest)
    assert views.kept(["3.png"], PicturePolicy.REFER) == {"3.png": PictureReference(manifest.hashes[3])}
    assert views.kept(["3.png"], PicturePolicy.REFER) == {}
    (blurred,) = views.kept(["4.png"], PicturePolicy.BLUR).values()
    assert isinstance(blurred, bytes)


def test_shards_that_keep_pictures_are_not_merged_with_those_that_do_not(folder: Any) -> None:
    run = (
        "exemplars",
        folder.model,
        "--images",
        "photos",
        "--size",
        "32",
        "--layer",
        "2",
        "--batch-size",
        "4",
    )
    for shard, policy in (("1/2", "keep"), ("2/2", "refer")):
        made = folder.milan(*run, "--shard", shard, "--pictures", policy, "-o", f"{policy}.safetensors")
        assert made.exit_code == 0, made.stderr
    merged = folder.milan("merge", "keep.safetensors", "refer.safetensors", "--catalog", "units.db")
    assert merged.exit_code == 1
    assert "--pictures keep" in merged.stderr


def test_of_a_text_no_words_can_be_left_out(folder: Any) -> None:
    asked = ("describe", "x", "--texts", "text.txt", "--catalog", "units.db", "--pictures", "refer")
    said = folder.milan(*asked)
    assert said.exit_code == 2
    assert "--pictures is of images" in said.stderr
