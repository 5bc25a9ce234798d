"""Write the gallery: one page, its style and script, data as scripts, and each picture once.

```
index.html  gallery.css  gallery.js
data/index.js      what is searched and sorted by: of each unit its words, score, status and faithfulness
data/units-N.js    the rest of CHUNK units: exemplars with their maps, candidates with all scores, what speaks
                   against the words
pictures/HASH.jpg  thumbnails, named by their content
```
"""

import base64
import hashlib
import json
import math
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from milan.catalog.store import Catalog
from milan.catalog.unit import Unit
from milan.catalog.whole_folder import whole_folder
from milan.records import (
    CounterExemplar,
    Description,
    Exemplar,
    Faithfulness,
    Finding,
    ImageRegion,
    TextSpan,
    UnitStatus,
)

__all__ = ["export_gallery"]

CHUNK = 60
"""Units a data file: a screen or two, some hundred kilobytes."""
HERE = Path(__file__).parent


def export_gallery(catalog: Catalog, path: Path) -> int:
    """Write the gallery's folder, whole or not at all; how many units it shows.

    A gallery that is there is replaced; DataError when the folder holds anything else.
    """
    with whole_folder(path, "data/index.js", "a gallery") as aside:
        return _Folder(aside).write(catalog)


class _Folder:
    """A gallery on its way to disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.layers: dict[tuple[str, str], int] = {}
        self.n_pending = 0
        self.has_texts = self.has_pictures = False
        self.thumbnails: dict[tuple[str, str, str], str | None] = {}

    def write(self, catalog: Catalog) -> int:
        for folder in ("data", "pictures"):
            (self.path / folder).mkdir(parents=True)
        for name in ("gallery.css", "gallery.js"):
            shutil.copyfile(HERE / name, self.path / name)
        n_units = 0
        with (self.path / "data" / "index.js").open("w", encoding="ascii", newline="\n") as index:
            index.write('MILAN.index({"units":[\n')
            for number, units in enumerate(_chunks(catalog.units(), CHUNK)):
                n_units += len(units)
                index.writelines(f"{_json(self._line(unit))},\n" for unit in units)
                content = f"MILAN.chunk({number},{_json(self._details(units))});\n"
                (self.path / "data" / f"units-{number}.js").write_text(content, "ascii", newline="\n")
            index.write(f'],"layers":{_json(list(self.layers))},"chunkSize":{CHUNK}}});\n')
        self._write_page(n_units)
        return n_units

    def _write_page(self, n_units: int) -> None:
        environment = Environment(
            loader=PackageLoader("milan.catalog.gallery", "."), autoescape=True, undefined=StrictUndefined
        )
        networks = list(dict.fromkeys(network for network, _ in self.layers))
        title = ", ".join(networks) or "An empty catalog"
        page = environment.get_template("index.html").render(
            title=title,
            n_units=n_units,
            n_pending=self.n_pending,
            has_texts=self.has_texts,
            has_pictures=self.has_pictures or not self.has_texts,
        )
        (self.path / "index.html").write_text(page, "utf-8", newline="\n")

    def _line(self, unit: Unit) -> list[Any]:
        layer = self.layers.setdefault((unit.id.network, unit.id.layer), len(self.layers))
        score = _number(unit.best.score) if unit.best else None
        self.n_pending += unit.status is UnitStatus.PENDING
        self.has_texts |= unit.is_of_text
        self.has_pictures |= bool(unit.exemplars) and not unit.is_of_text
        others = [candidate.phrase for candidate in unit.candidates]
        stated = unit.faithfulness
        trust = [_number(bound) for bound in stated.mean] if stated else None
        meanings = [meaning.phrase for meaning in unit.description.meanings] if unit.description else []
        said = [layer, unit.id.index, str(unit.status), unit.phrase, score, others]
        return [*said, trust, _explanation(unit.description), meanings]

    def _details(self, units: Iterable[Unit]) -> dict[str, Any]:
        pictures: dict[_Seen, int] = {}
        found = []
        for unit in units:

            def place(exemplar: Exemplar, unit: Unit = unit) -> list[Any]:
                span = exemplar.region
                if isinstance(span, TextSpan):
                    picture = pictures.setdefault((None, span.passage, span.words), len(pictures))
                    return [picture, _number(exemplar.activation), _tints(span), span.peak]
                picture = pictures.setdefault((self._picture(unit, span.image), span.image), len(pictures))
                return [picture, _number(exemplar.activation), *_region(span)]

            def against(counter: CounterExemplar, unit: Unit = unit) -> list[Any]:
                image, words = counter.image, unit.passages.get(counter.image)
                seen: _Seen = (None, image, words) if words else (self._picture(unit, image), image)
                picture = pictures.setdefault(seen, len(pictures))
                return [picture, str(counter.kind), _number(counter.activation), _number(counter.presence)]

            said = unit.description
            found.append(
                {
                    "exemplars": [place(exemplar) for exemplar in unit.exemplars],
                    "downward": [place(exemplar) for exemplar in unit.downward],
                    "against": [against(counter) for counter in said.counter_exemplars] if said else [],
                    "meanings": [list(meaning.ranks) for meaning in said.meanings] if said else [],
                    "bands": [[band.level, band.phrase] for band in said.bands] if said else [],
                    "topWords": _top_words(said, 1),
                    "lowestWords": _top_words(unit.downward_description, -1),
                    "lowest": _lowest(unit.downward_description),
                    "freeText": [[title, own.sentence] for title, own in unit.free_texts.items()],
                    "figures": _figures(unit.faithfulness),
                    "isText": unit.is_of_text,
                    "studies": [
                        [str(study), [_found(one) for one in found]] for study, found in unit.studies
                    ],
                    "candidates": [
                        [c.phrase, _number(c.score), _number(c.log_p_given), _number(c.log_p_prior), c.source]
                        for c in unit.candidates
                    ],
                    "lambda": said.lambda_ if said else None,
                    "threshold": _number(unit.threshold),
                }
            )
        return {"pictures": list(pictures), "units": found}

    def _picture(self, unit: Unit, image: str) -> str | None:
        """Where the thumbnail is within the folder, written when first met."""
        known = (unit.id.network, unit.id.layer, image)  # layers may have seen different folders
        if known not in self.thumbnails:
            content = unit.thumbnails.get(image)
            if content is None:
                self.thumbnails[known] = None
            else:
                name = f"pictures/{hashlib.sha256(content).hexdigest()[:20]}{_suffix(content)}"
                if not (self.path / name).exists():
                    (self.path / name).write_bytes(content)
                self.thumbnails[known] = name
        return self.thumbnails[known]


_Seen = tuple[str | None, str] | tuple[None, str, tuple[str, ...]]
"""A picture's file within the folder and its path, or a passage's place and its words."""


def _tints(span: TextSpan) -> list[int]:
    """Percent of each word's colour: finer than an eye sees."""
    return [round(100 * tint) for tint in span.tints.tolist()]


def _region(region: ImageRegion) -> tuple[list[Any], list[Any]]:
    """The map in 256 levels between its lowest and highest value: finer than a screen shows."""
    grid = np.asarray(region.map, np.float32)
    low, high = float(grid.min()), float(grid.max())
    levels = np.rint((grid - low) / ((high - low) or 1) * 255).astype(np.uint8)
    coded = base64.b64encode(levels.tobytes()).decode()
    return [_number(low), _number(high), _number(region.level)], [*grid.shape, coded]


def _explanation(said: Description | None) -> list[Any] | None:
    """The sentence and how well it predicts."""
    if said is None or said.explanation is None:
        return None
    stated = said.explanation_faithfulness
    return [said.explanation.sentence, _number(stated.mean.value) if stated else None]


def _top_words(said: Description | None, sign: int) -> list[list[Any]]:
    """Words with their mean activation on the unit's own scale."""
    return [[top.word, _number(sign * top.activation), top.n] for top in said.top_words] if said else []


def _lowest(said: Description | None) -> list[Any] | None:
    """What is said of the lowest activations, and how well it predicts; a status where nothing is said."""
    if said is None:
        return None
    return [
        said.phrase,
        str(said.status),
        _number(said.faithfulness.mean.value) if said.faithfulness else None,
    ]


def _figures(stated: Faithfulness | None) -> list[Any] | None:
    if stated is None:
        return None
    return [stated.n_measured, *(_number(found.value) for found in (stated.peak, stated.auprc, stated.f1))]


def _found(finding: Finding) -> list[Any]:
    bounds = [None if one is None else _number(one) for one in (finding.low, finding.high, finding.by_chance)]
    return [finding.about, finding.measure, _number(finding.value), *bounds, finding.n]


def _chunks(units: Iterator[Unit], size: int) -> Iterator[list[Unit]]:
    while chunk := list(islice(units, size)):
        yield chunk


def _suffix(content: bytes) -> str:
    if content.startswith(b"\xff\xd8"):
        return ".jpg"
    return ".webp" if content[8:12] == b"WEBP" else ".png"


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None
