"""Bar: does stated faithfulness agree with what people annotated?

    python tests/benchmarks/human_labels.py CATALOG --data DIR --images DIR [--layers NAME ...] [--json FILE]

--data holds `manifests/images_labels.jsonl.xz` (`set`, `file`, `label`), `manifests/regions.jsonl.xz` (`set`,
`image`, `category`, `kind`, and `rle` in COCO's compressed form or `bbox`) and
`phrases/wordnet_physical_nouns.tsv.xz` (lemma, synset, word class, rank of the sense); --images holds the
photographs as SET/NAME. No exemplar and no word of the catalog may come from them.

For each unit whose best candidate names an annotated category, exactly or by a synonym (colours and sizes
aside), activation is held against annotation: mean activations of images against the share of the image that
the category covers (all of it for a class of whole images), and maps against masks, position by position. An
image counts only if its set annotates the category, so that what is not annotated is not there. Correlations
are taken within a set, and averaged over sets by their images. Printed is Spearman's correlation of this
check with the stated faithfulness over units, with a 95 % bootstrap interval over units.
"""

import argparse
import json
import lzma
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from scipy.stats import spearmanr

from milan.catalog import Catalog, Unit
from milan.networks import Layer, Network, open_network, record
from milan.scenes.planted import names_exactly, plain

SINGLE_LABEL = frozenset({"birds10", "caltech101", "dtd10", "pets3"})
"""Sets of one class an image, which shows none of their other classes (ImageNet's samples may)."""
FEWEST = 3
"""Images with a category, and without it, for a set to tell anything."""
BATCH = 32

Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass
class Annotated:
    """One category in one set: all images annotated with it, and where it is in those that show it."""

    names: frozenset[str]
    """What it may be called, as `plain` words it."""
    images: set[str] = field(default_factory=set)
    masks: dict[str, Mask | None] = field(default_factory=dict)
    """None for a whole image."""


@dataclass
class Checked:
    """One unit whose words name what people annotated."""

    unit: str
    phrase: str
    said: bool
    faithfulness: float
    n_images: int
    n_showing: int
    mean: float
    """Correlation of mean activation and annotation."""
    masked: float | None
    """Of maps and masks; None where only whole images are annotated."""


def main() -> None:
    options = _options()
    held = {path.relative_to(options.images).as_posix() for path in options.images.rglob("*.*")}
    annotated = [
        own
        for own in (*_labelled(options.data, held), *_regional(options.data, held))
        if min(len(own.masks), len(own.images) - len(own.masks)) >= options.fewest
    ]
    synonyms = _synonyms(options.data)
    for own in annotated:
        own.names |= {name for said in own.names for name in synonyms.get(said, ())}
    with Catalog.open(options.catalog) as store:
        layers = [own for own in store.layers() if not options.layers or own.name in options.layers]
        units = [unit for own in layers for unit in store.units(own.network, own.name)]
    network = open_network(layers[0].provenance.network_spec)
    found: list[Checked] = []
    for name in dict.fromkeys(own.name for own in layers):
        named = {
            unit: sets
            for unit in units
            if unit.id.layer == name and unit.candidates and unit.faithfulness is not None
            if (sets := [own for own in annotated if names_exactly(unit.candidates[0].phrase, own.names)])
        }
        print(f"{name}: {len(named)} units name one of {len(annotated)} annotated categories", flush=True)
        maps = _Maps(network, network.layer(name), [unit.id.index for unit in named], options.images)
        maps.read(sorted({image for sets in named.values() for own in sets for image in own.images}))
        found += [_checked(unit, sets, maps) for unit, sets in named.items()]
    _report(found, options.json)


class _Maps:
    """Activation maps of some units of a layer."""

    def __init__(self, network: Network, layer: Layer, units: Sequence[int], folder: Path) -> None:
        self.network, self.layer, self.units, self.folder = network, layer, list(units), folder
        self._of: dict[str, np.ndarray] = {}

    def read(self, images: Sequence[str]) -> None:
        """Run the network on images."""
        prepare = self.network.preprocessing
        taken: list[np.ndarray] = []

        def take(_: Layer, activations: torch.Tensor) -> None:
            taken.append(activations[:, self.units].half().numpy())

        for start in range(0, len(images), BATCH):
            some = images[start : start + BATCH]
            views = np.stack([prepare.view(Image.open(self.folder / path)) for path in some])
            with record(self.network, [self.layer], take):
                self.network.forward(torch.from_numpy(prepare.to_input(views)), stop_after=self.layer)
            self._of.update(zip(some, taken.pop(), strict=True))

    def of(self, unit: int, images: Sequence[str]) -> np.ndarray:
        """One unit's maps [image, height, width]."""
        at = self.units.index(unit)
        return np.stack([self._of[image][at] for image in images]).astype(np.float64)

    def seen(self, mask: Mask, height: int, width: int) -> np.ndarray:
        """How much of each position a mask covers, cropped as the network crops the image."""
        view = self.network.preprocessing.view(Image.fromarray(mask).convert("RGB"))[:, :, 0]
        small = Image.fromarray(view).resize((width, height), Image.Resampling.BOX)
        return np.asarray(small, np.float64) / 255


def _checked(unit: Unit, sets: Sequence[Annotated], maps: _Maps) -> Checked:
    means, masked, weights, masked_weights = [], [], [], []
    for own in sets:
        images = sorted(own.images)
        acts = maps.of(unit.id.index, images)
        height, width = acts.shape[1:]
        cover = np.zeros(acts.shape)
        for at, image in enumerate(images):
            if image in own.masks:
                mask = own.masks[image]
                cover[at] = 1 if mask is None else maps.seen(mask, height, width)
        weights.append(len(images))
        means.append(_correlation(acts.mean((1, 2)), cover.mean((1, 2))))
        if any(mask is not None for mask in own.masks.values()):
            masked.append(_correlation(acts.ravel(), cover.ravel()))
            masked_weights.append(len(images))
    assert unit.faithfulness is not None  # chosen so
    return Checked(
        unit=str(unit.id),
        phrase=unit.candidates[0].phrase,
        said=unit.phrase is not None,
        faithfulness=unit.faithfulness.mean.value,
        n_images=sum(weights),
        n_showing=sum(len(own.masks) for own in sets),
        mean=float(np.average(means, weights=weights)),
        masked=float(np.average(masked, weights=masked_weights)) if masked else None,
    )


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    if min(x.std(), y.std()) < 1e-12:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def _report(found: Sequence[Checked], file: Path | None) -> None:
    figures: dict[str, Any] = {"units": len(found), "said": sum(own.said for own in found)}
    stated = np.array([own.faithfulness for own in found])
    for name in ("mean", "masked"):
        known = [at for at, own in enumerate(found) if getattr(own, name) is not None]
        checked = np.array([getattr(found[at], name) for at in known])
        figures[f"{name} activation"] = {
            "units": len(known),
            "average": round(float(checked.mean()), 3),
            "spearman": _spearman(stated[known], checked),
        }
    said = np.array([own.said for own in found])
    figures["mean activation, said"] = {
        "units": int(said.sum()),
        "spearman": _spearman(stated[said], np.array([own.mean for own in found])[said]),
    }
    print(json.dumps(figures, indent=1))
    if file:
        file.write_text(json.dumps({**figures, "of": [asdict(own) for own in found]}, indent=1) + "\n")


def _spearman(stated: np.ndarray, checked: np.ndarray) -> list[float]:
    """The correlation of ranks, with the 2.5 and 97.5 percentiles over units drawn anew."""
    random = np.random.default_rng(0)
    draws = random.integers(0, len(stated), (2000, len(stated)))
    drawn = [spearmanr(stated[own], checked[own]).statistic for own in draws]
    value = spearmanr(stated, checked).statistic
    return [round(float(figure), 3) for figure in (value, *np.quantile(drawn, [0.025, 0.975]))]


def _labelled(data: Path, held: Set[str]) -> Iterator[Annotated]:
    """Classes of whole images."""
    images: dict[str, set[str]] = defaultdict(set)
    classes: dict[tuple[str, str], Annotated] = {}
    for row in _rows(data / "manifests" / "images_labels.jsonl.xz"):
        if row["set"] in SINGLE_LABEL and row["file"] in held:
            names = {plain(row["label"]), plain(row.get("class_id", row["label"]).replace("_", " "))}
            own = classes.setdefault((row["set"], row["label"]), Annotated(frozenset(names)))
            own.images = images[row["set"]]  # of all classes
            own.images.add(row["file"])
            own.masks[row["file"]] = None
    yield from classes.values()


def _regional(data: Path, held: Set[str]) -> Iterator[Annotated]:
    """Categories of regions; images without any region of the kind were not annotated for it."""
    images: dict[tuple[str, str], set[str]] = defaultdict(set)
    categories: dict[tuple[str, str, str], Annotated] = {}
    for row in _rows(data / "manifests" / "regions.jsonl.xz"):
        if row["image"] in held:
            kind = row["set"], row["kind"]
            own = categories.setdefault(
                (*kind, row["category"]), Annotated(frozenset({plain(row["category"])}))
            )
            own.images = images[kind]
            own.images.add(row["image"])
            mask, before = _mask(row), own.masks.get(row["image"])
            own.masks[row["image"]] = mask if before is None else mask | before
    yield from categories.values()


def _synonyms(data: Path) -> dict[str, frozenset[str]]:
    """Other words of each noun's commonest physical sense."""
    senses: dict[str, set[str]] = defaultdict(set)
    first: dict[str, tuple[int, str]] = {}
    with lzma.open(data / "phrases" / "wordnet_physical_nouns.tsv.xz", "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            lemma, synset, _, rank, *_ = line.split("\t")
            senses[synset].add(plain(lemma))
            first[plain(lemma)] = min(first.get(plain(lemma), (99, "")), (int(rank), synset))
    return {name: frozenset(senses[synset]) for name, (rank, synset) in first.items() if rank == 1}


def _rows(manifest: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(manifest, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _mask(row: Mapping[str, Any]) -> Mask:
    height, width = row["h"], row["w"]
    if "rle" not in row:
        mask = np.zeros((height, width), np.bool_)
        left, top, wide, tall = row["bbox"]
        mask[int(top) : round(top + tall), int(left) : round(left + wide)] = True
        return mask
    runs = _runs(row["rle"]["counts"])
    flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return flat.reshape(width, height).T


def _runs(text: str) -> list[int]:
    """Runs of COCO's compressed masks: five bits a character, each relative to the last run but one."""
    runs: list[int] = []
    value = shift = 0
    for character in text:
        code = ord(character) - 48
        value |= (code & 31) << shift
        shift += 5
        if not code & 32:
            if code & 16:
                value -= 1 << shift
            runs.append(value + (runs[-2] if len(runs) > 2 else 0))
            value = shift = 0
    return runs


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("catalog", type=Path)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--images", type=Path, required=True)
    asked.add_argument("--layers", nargs="+")
    asked.add_argument("--fewest", type=int, default=FEWEST)
    asked.add_argument("--json", type=Path)
    return asked.parse_args()


if __name__ == "__main__":
    main()
