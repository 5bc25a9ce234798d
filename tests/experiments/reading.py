"""Which units of the classifier with the shortcut read, in truth, and do their descriptions say so?

    python tests/experiments/reading.py shortcut/ shortcut/network/model.safetensors units.db [--json FILE]

A unit reads when words drive it more than anything else does: the area under the ROC curve between its
strongest response in the corner to validation pictures with a word there, and its strongest response anywhere
to those without. The best of the ten words counts, since a unit may know one. `--query` is what counts as a
description of text.
"""

import argparse
import json
import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float
from peaks import area, peaks

import milan
from milan.networks import Layer, Network, open_network
from milan.records import UnitId
from milan.scenes.classifier import read_folder
from milan.scenes.shortcut import CLASSES, SIZE
from milan.scenes.shortcut.folders import WORDS_FILE
from milan.scenes.shortcut.pictures import CORNER

SPEC = "milan.scenes.shortcut.network:shortcut_classifier"
QUERY = r"\b(text|words?|letters?|digits?|writing|lettering|numbers?|signs?)\b"
READS = 0.9
"""Area from which a unit counts as one that reads."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One unit: what it does and what is said of it."""

    unit: str
    area: float
    """Chance that a picture with the word drives it more, there, than any without words does; 0 to 1."""
    word: str
    """The word that it tells best."""
    exemplars_with_words: float
    """Share of its exemplars whose peak lies on a word."""
    phrase: str | None
    faithfulness: float | None
    says_text: bool
    candidates_say_text: bool
    """Whether any phrase that was considered speaks of text."""


def areas(network: Network, layers: list[Layer], folder: Path) -> dict[UnitId, tuple[float, str]]:
    """Of each unit: the best area over the ten words, on the validation pictures, with its word."""
    shown = read_folder(folder / "validation", CLASSES)
    written = words_on(folder, "validation")
    pictures = shown.pictures.transpose(0, 2, 3, 1)
    corner, everywhere = peaks(network, layers, pictures, [[CORNER]] * len(pictures))
    found: dict[UnitId, tuple[float, str]] = {}
    names = list(CLASSES)
    said = np.array([names.index(word) if word else -1 for word in written])
    for layer in layers:
        for unit in range(layer.n_units):
            values, without = corner[layer.name][:, unit], everywhere[layer.name][said < 0, unit]
            best = max((area(values[said == number], without), name) for number, name in enumerate(names))
            found[UnitId(network.name, layer.name, unit)] = best
    return found


def words_on(folder: Path, split: str) -> list[str | None]:
    """What each picture of a folder says, in the order of `read_folder`."""
    lines = (folder / WORDS_FILE).read_text(encoding="utf-8").splitlines()
    words = {line["image"]: line["word"] for line in map(json.loads, lines)}
    files = [path for name in CLASSES for path in sorted((folder / split / name).glob("*.png"))]
    return [words.get(path.relative_to(folder).as_posix()) for path in files]


def readers(catalog: Path, known: dict[UnitId, tuple[float, str]], folder: Path, query: str) -> list[Reader]:
    """Every unit of the catalog that was measured, with what it does and what is said of it."""
    lines = (folder / WORDS_FILE).read_text(encoding="utf-8").splitlines()
    boxes = {line["image"].partition("/")[2]: line["box"] for line in map(json.loads, lines)}
    pattern = re.compile(query)
    found = []
    with milan.Catalog.open(catalog) as opened:
        for unit in opened.units():
            if unit.id not in known:
                continue
            area, word = known[unit.id]
            on_words = [
                _peak_on(exemplar.region.map, boxes.get(_tail(exemplar.region.image)))
                for exemplar in unit.exemplars
            ]
            found.append(
                Reader(
                    unit=str(unit.id),
                    area=round(area, 4),
                    word=word,
                    exemplars_with_words=round(float(np.mean(on_words)), 3) if on_words else 0.0,
                    phrase=unit.phrase,
                    faithfulness=None
                    if unit.faithfulness is None
                    else round(unit.faithfulness.mean.value, 3),
                    says_text=bool(unit.phrase and pattern.search(unit.phrase)),
                    candidates_say_text=any(pattern.search(c.phrase) for c in unit.candidates),
                )
            )
    return found


def _tail(image: str) -> str:
    return image.partition("/")[2] if image.count("/") > 1 else image


def _peak_on(response: Float[np.ndarray, "height width"], box: list[int] | None) -> bool:
    """Whether a map's peak lies on a word's box, give or take half a cell."""
    if box is None:
        return False
    row, column = np.unravel_index(int(response.argmax()), response.shape)
    y, x = (row + 0.5) * SIZE / response.shape[0], (column + 0.5) * SIZE / response.shape[1]
    slack = SIZE / response.shape[0] / 2
    left, top, width, height = box
    return bool(left - slack <= x <= left + width + slack and top - slack <= y <= top + height + slack)


def table(found: list[Reader]) -> list[dict[str, object]]:
    """A layer a row: units, those that read, those whose words say so, and both."""
    by_layer: dict[str, list[Reader]] = defaultdict(list)
    for reader in found:
        by_layer[UnitId.parse(reader.unit).layer].append(reader)
    rows: list[dict[str, object]] = []
    for layer, members in {**by_layer, "all": found}.items():
        reads: Bool[np.ndarray, " unit"] = np.array([member.area >= READS for member in members])
        says = np.array([member.says_text for member in members])
        rows.append(
            {
                "layer": layer,
                "units": len(members),
                "read": int(reads.sum()),
                "say text": int(says.sum()),
                "both": int((reads & says).sum()),
                "precision": round(float(reads[says].mean()), 3) if says.any() else None,
                "recall": round(float(says[reads].mean()), 3) if reads.any() else None,
            }
        )
    return rows


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("pictures", type=Path)
    asked.add_argument("weights", type=Path)
    asked.add_argument("catalog", type=Path)
    asked.add_argument("--query", default=QUERY)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    network = open_network(SPEC, weights=given.weights, size=(SIZE, SIZE))
    with milan.Catalog.open(given.catalog) as catalog:
        names = [layer.name for layer in catalog.layers()]
    layers = [network.layer(name) for name in names]
    found = readers(given.catalog, areas(network, layers, given.pictures), given.pictures, given.query)
    for row in table(found):
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    print("\nthe best readers")
    for reader in sorted(found, key=lambda r: -r.area)[:40]:
        numbers = f"{reader.area:.3f} {reader.word:5} {reader.exemplars_with_words:.2f}"
        print(f"  {reader.unit:40} {numbers}  {reader.phrase}")
    if given.json:
        given.json.write_text(
            json.dumps({"layers": table(found), "units": [asdict(r) for r in found]}, indent=1)
        )


if __name__ == "__main__":
    main()
