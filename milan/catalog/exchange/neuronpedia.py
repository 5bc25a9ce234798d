"""What Neuronpedia imports: its own export's layout, a folder a layer, JSON lines in gzip.

```
MODEL/SOURCE/model.jsonl release.jsonl sourceset.jsonl source.jsonl     a line each
MODEL/SOURCE/features/batch-N.jsonl.gz                                  a line a unit
MODEL/SOURCE/explanations/batch-N.jsonl.gz                              a line a description that is said
MODEL/SOURCE/activations/batch-N.jsonl.gz                               a line an exemplar passage
milan.json                                                              which layer each source is
```

MODEL is the network's name, SOURCE the layer's place in the network and `milan`, as in `3-milan`: Neuronpedia
numbers layers. Its activations are tokens with values: those of text units are words; image units go without,
for it shows no images. What is not known (logits, densities) is left empty. Times are all the same, so that
equal catalogs give equal bytes.
"""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from milan.catalog.layers import KeptLayer
from milan.catalog.store import Catalog
from milan.catalog.unit import Unit
from milan.catalog.whole_folder import whole_folder
from milan.records import Exemplar, TextSpan, UnitStatus, content_key

__all__ = ["export_neuronpedia"]

_SET = "milan"
_MARK = "milan.json"
_BATCH = 2048
"""Units a file."""
_WHEN = "1970-01-01T00:00:00"
_AUTHOR = "milan"

Line = dict[str, Any]


def export_neuronpedia(catalog: Catalog, path: Path) -> int:
    """Write the folder, whole or not at all; how many units it holds.

    DataError for a folder of another kind.
    """
    n_units, sources = 0, {}
    with whole_folder(path, _MARK, "an export for Neuronpedia") as aside:
        places: dict[str, int] = {}
        for layer in catalog.layers():
            model = _model_id(layer.network)  # networks whose names differ in signs alone share one
            place = places[model] = places.get(model, -1) + 1
            source = _Source(model, f"{place}-{_SET}", layer)
            n_units += source.write(catalog, aside)
            sources[f"{source.model}/{source.id}"] = str(layer)
        _write_json(aside / _MARK, {"sources": sources})
    return n_units


class _Source:
    """One layer on its way to disk."""

    def __init__(self, model: str, source: str, layer: KeptLayer) -> None:
        self.model, self.id, self.layer = model, source, layer

    def write(self, catalog: Catalog, folder: Path) -> int:
        """Write all files of the layer; how many units it has."""
        own = folder / self.model / self.id
        own.mkdir(parents=True)
        for name, line in self._cards().items():
            _write_json(own / f"{name}.jsonl", line)
        units, n_units = catalog.units(self.layer.network, self.layer.name), 0
        for batch, some in enumerate(_batches(units)):
            n_units += len(some)
            files = {
                "features": [self._feature(unit) for unit in some],
                "explanations": [line for unit in some for line in self._explanations(unit)],
                "activations": [line for unit in some for line in self._activations(unit)],
            }
            for kind, lines in files.items():
                if lines:
                    _write_lines(own / kind / f"batch-{batch}.jsonl.gz", lines)
        return n_units

    def _cards(self) -> dict[str, Line]:
        made = {"creatorId": _AUTHOR, "createdAt": _WHEN}
        named = {"creatorName": _AUTHOR, "creatorNameShort": _AUTHOR}
        title = f"Units of {self.layer.network}, described by milan"
        names = {"displayName": self.layer.network, "displayNameShort": self.layer.network}
        release = {"name": _SET, "description": title, "descriptionShort": title, "urls": []}
        shown = {"modelId": self.model, "visibility": "PUBLIC"}
        own = {"name": _SET, "description": title, "releaseName": _SET, "creatorName": _AUTHOR}
        dataset = {"dataset": self.layer.provenance.dataset_hash, "num_prompts": None}
        return {
            "model": {"id": self.model, "instruct": False, **names, "updatedAt": _WHEN, **made},
            "release": {**release, **named, **made},
            "sourceset": {**shown, **own, **made},
            "source": {"id": self.id, "setName": _SET, **shown, **dataset, **made},
        }

    def _address(self, unit: Unit) -> Line:
        return {"modelId": self.model, "layer": self.id, "index": str(unit.id.index)}

    def _feature(self, unit: Unit) -> Line:
        unknown = ("neg_str", "neg_values", "pos_str", "pos_values", "vector")
        return {
            **self._address(unit),
            "creatorId": _AUTHOR,
            "createdAt": _WHEN,
            "maxActApprox": max((_rounded(one.activation) for one in unit.exemplars), default=0.0),
            "hasVector": False,
            "hookName": unit.id.layer,
            **{name: [] for name in unknown},
        }

    def _explanations(self, unit: Unit) -> Iterator[Line]:
        if unit.status is UnitStatus.DESCRIBED and unit.phrase is not None:
            yield {
                "id": _id("explanation", str(unit.id)),
                **self._address(unit),
                "description": unit.phrase,
                "authorId": _AUTHOR,
                "typeName": _SET,
                "explanationModelName": self._speaker(),
                "createdAt": _WHEN,
            }

    def _speaker(self) -> str:
        voice = self.layer.versions[0].settings.get("voice") if self.layer.versions else None
        return str(voice.get("captioner", _SET)) if isinstance(voice, dict) else _SET

    def _activations(self, unit: Unit) -> Iterator[Line]:
        for exemplar in unit.exemplars:
            if isinstance(exemplar.region, TextSpan):
                yield {**self._address(unit), **_activation(unit, exemplar, exemplar.region)}


def _activation(unit: Unit, exemplar: Exemplar, span: TextSpan) -> Line:
    values = [_rounded(float(value)) for value in np.nan_to_num(span.activations, nan=0.0)]
    return {
        "id": _id("activation", f"{unit.id} {exemplar.rank}"),
        # tokens are shown one after the other: the space before a word belongs to it
        "tokens": [word if place == 0 else f" {word}" for place, word in enumerate(span.words)],
        "values": values,
        "maxValue": max(values),
        "maxValueTokenIndex": span.peak,
        "minValue": min(values),
        "dataSource": span.passage,
        "dataIndex": None,
        "creatorId": _AUTHOR,
        "createdAt": _WHEN,
        "dfaValues": [],
        "lossValues": [],
    }


def _model_id(network: str) -> str:
    """A network's name as Neuronpedia takes it: small letters, digits, points and dashes."""
    return re.sub(r"[^a-z0-9.-]+", "-", network.lower()).strip("-.") or "network"


def _id(kind: str, of: str) -> str:
    return f"c{content_key([kind, of])}"


def _rounded(value: float) -> float:
    return float(f"{value:.6g}") + 0.0


def _batches(units: Iterator[Unit]) -> Iterator[list[Unit]]:
    while some := list(islice(units, _BATCH)):
        yield some


def _write_json(path: Path, line: Line) -> None:
    path.write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8", newline="\n")


def _write_lines(path: Path, lines: Sequence[Line]) -> None:
    path.parent.mkdir(exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
