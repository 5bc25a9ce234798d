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
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from annotations import Annotated, Mask, labelled_images, regions_of_images, synonyms_of_nouns
from PIL import Image
from scipy.stats import spearmanr

from milan.catalog import Catalog, Unit
from milan.networks import Layer, Network, open_network, record
from milan.scenes.planted import names_exactly

FEWEST = 3
"""Images with a category, and without it, for a set to tell anything."""
BATCH = 32


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
        for own in (*labelled_images(options.data, held), *regions_of_images(options.data, held))
        if min(len(own.masks), len(own.images) - len(own.masks)) >= options.fewest
    ]
    synonyms = synonyms_of_nouns(options.data)
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
