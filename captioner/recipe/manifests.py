"""Reads the source folder: manifests of photos, regions and cut-outs, and the pictures they name.

manifests/NAME.jsonl.xz     one JSON object a line; `zip` and `file` (or `image`) name its picture
*.zip                       the pictures
phrases/, captions_text/    tables of names and captions
"""

import io
import json
import lzma
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from PIL import Image

__all__ = ["SourceFolder", "run_lengths"]


class SourceFolder:
    """The folder given to the recipe."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._archives: dict[str, zipfile.ZipFile] = {}

    def rows(self, manifest: str) -> Iterator[dict[str, Any]]:
        """Rows of `images_labels`, `images_captions`, `images_regions_only`, `regions` or `cutouts`."""
        with lzma.open(self.root / "manifests" / f"{manifest}.jsonl.xz", "rt", encoding="utf8") as lines:
            for line in lines:
                yield json.loads(line)

    def table(self, relative: str) -> Iterator[list[str]]:
        """Rows of a tab-separated table (plain or xz), the header left out."""
        for line in list(self.lines(relative))[1:]:
            yield line.split("\t")

    def lines(self, relative: str) -> Iterator[str]:
        """Lines of a text file (plain or xz)."""
        file = self.root / relative
        raw = file.read_bytes()
        text = (lzma.decompress(raw) if file.suffix == ".xz" else raw).decode("utf8")
        yield from text.splitlines()

    def picture_bytes(self, row: dict[str, Any]) -> bytes:
        """The encoded picture of a row."""
        name = row["zip"]
        if name not in self._archives:
            self._archives[name] = zipfile.ZipFile(self.root / name)
        return self._archives[name].read(row.get("image") or row["file"])

    def picture(self, row: dict[str, Any]) -> Image.Image:
        """The decoded picture of a row."""
        return Image.open(io.BytesIO(self.picture_bytes(row)))

    @cached_property
    def class_names(self) -> list[tuple[str, str, list[str]]]:
        """Of each ImageNet class in the usual order: WordNet id, simple name, hypernyms (nearest first)."""
        return [
            (wnid, name, chain.split(" > "))
            for _, wnid, name, _, chain in self.table("phrases/imagenet1k_classes.tsv")
        ]


def run_lengths(compressed: str) -> list[int]:
    """Decode COCO's compressed run lengths.

    Six bits a character, from the third run on as differences two back.
    """
    counts: list[int] = []
    position = 0
    while position < len(compressed):
        value = shift = 0
        more = True
        while more:
            bits = ord(compressed[position]) - 48
            value |= (bits & 0x1F) << shift
            position += 1
            shift += 5
            more = bool(bits & 0x20)
            if not more and bits & 0x10:
                value |= -1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
    return counts
