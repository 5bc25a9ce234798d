"""Bar: are the 1,000 outputs of a classifier called what they are? At least .95, exact or synonym.

    python tests/benchmarks/outputs.py --images DIR --measure-on DIR [--limit N] [--selection N] [--json FILE]

EfficientNet-Lite0's outputs, described by a captioner on another backbone. A description is right when it is
one of the names of the class's WordNet meaning, article aside; what a class is a kind of never counts.
Intervals are 95 % bootstrap over outputs. Beside the descriptions stand: chosen from the exemplars alone
(`--select pmi`), and the class that the captioner's backbone sees in the strongest image.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import timm.data

from captioner.bank_sources.english import plain, without_article
from captioner.classes import class_names
from milan.catalog import Catalog
from milan.datasets import Manifest
from milan.describe import PmiSettings, name_pictures, open_voice
from milan.exemplars import ExemplarSettings
from milan.networks import open_network
from milan.uses import DescribeOptions, describe_network
from milan.uses.views import Views

LAYER = "classifier"


def main() -> None:
    options = _options()
    network = open_network("builtin:efficientnet-lite0")
    named: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        catalog = Path(scratch) / "outputs.db"
        for way in ("range", "pmi"):
            asked = DescribeOptions(
                layers=(LAYER,),
                simulator=None,
                limit=options.limit,
                measure_on=options.measure_on,
                exemplars=ExemplarSettings(n_selected=options.selection),
                pmi=PmiSettings(select=way),
            )
            print(describe_network(network, options.images, catalog, asked).lines()[0], flush=True)
            with Catalog.open(catalog) as store:
                units = list(store.units(network.name, LAYER))
            named[way] = _figures([unit.phrase or "" for unit in units])
            print(way, json.dumps(named[way]), flush=True)
    strongest = [unit.exemplars[0].region.image for unit in units]
    manifest = Manifest.scan(options.images, limit=options.limit, measure_on=options.measure_on)
    views, encoder = Views(network.preprocessing, manifest), open_voice("default", network.module).encoder
    seen = name_pictures(encoder.name, set(strongest), views.open) or {}
    named["class of the top image"] = _figures([seen[image] for image in strongest])
    print(json.dumps(named, indent=1))
    if options.json:
        options.json.write_text(json.dumps(named, indent=1) + "\n")


def _figures(phrases: Sequence[str]) -> dict[str, Any]:
    right = [_bare(phrase) in own for phrase, own in zip(phrases, _synonyms(), strict=True)]
    wrong = [(class_names()[at], phrases[at]) for at in np.flatnonzero(~np.array(right))[:12].tolist()]
    random = np.random.default_rng(0)
    means = np.array(right)[random.integers(0, len(right), (1000, len(right)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {"named": [float(np.mean(right)), float(low), float(high)], "some wrong ones": wrong}


def _synonyms() -> list[set[str]]:
    lists: Any = timm.data  # it does not say what it exports
    info = lists.ImageNetInfo()
    names = [info.index_to_description(at, detailed=False).split(",") for at in range(info.num_classes())]
    return [{_bare(plain(name)) for name in own} for own in names]


def _bare(phrase: str) -> str:
    return without_article(phrase)


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--images", type=Path, required=True)
    asked.add_argument("--measure-on", type=Path, required=True)
    asked.add_argument("--limit", type=int)
    asked.add_argument("--selection", type=int, default=ExemplarSettings().n_selected)
    asked.add_argument("--json", type=Path)
    return asked.parse_args()


if __name__ == "__main__":
    main()
