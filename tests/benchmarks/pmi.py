"""What the prior's weight and the length's power do to descriptions of units whose meaning is known.

Units: the 1,000 outputs of EfficientNet-Lite0, each known by its class; a description counts when it says one
of the class's names, article aside. Settings are compared on even classes, the chosen one is stated on odd
classes. Distinct is the share of different phrases among units: what PMI is for.

    python tests/benchmarks/pmi.py --images DIR [--limit N]

DIR should hold photographs of ImageNet's kind.
"""

import argparse
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
from timm.data import ImageNetInfo

from captioner.protocols import LogLikelihood
from milan.catalog import Catalog
from milan.datasets import Manifest
from milan.describe import PmiSettings, gather_evidence, open_voice, rank_by_pmi
from milan.describe.candidates import CandidateFinder
from milan.networks import open_network
from milan.uses import DescribeOptions, describe_network
from milan.uses.views import Views

LAMBDAS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
POWERS = (0.0, 0.5, 1.0)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--images", type=Path, required=True)
    asked.add_argument("--limit", type=int, default=3000)
    options = asked.parse_args()
    judged = judge(options.images, options.limit)
    names = class_names()
    even, odd = range(0, 1000, 2), range(1, 1000, 2)
    print(f"{'lambda':>6} {'power':>6} {'named (even)':>13} {'distinct':>9}")
    found = []
    for lambda_, power in product(LAMBDAS, POWERS):
        said = describe(judged, lambda_, power)
        figures = (named(said, names, even), len(set(said.values())) / len(said), lambda_, power)
        found.append(figures)
        print(f"{lambda_:6.1f} {power:6.1f} {figures[0]:13.3f} {figures[1]:9.3f}")
    for label, at in (("best by name", max(found)), ("default", None)):
        settings = PmiSettings()
        lambda_, power = at[2:] if at else (settings.lambda_, settings.length_power)
        said = describe(judged, lambda_, power)
        low, high = interval(said, names, odd)
        rate = named(said, names, odd)
        print(
            f"{label}: lambda {lambda_}, power {power}: odd classes named {rate:.3f} [{low:.3f}, {high:.3f}]"
        )


Judged = dict[int, tuple[list[str], list[str], LogLikelihood, LogLikelihood]]


def judge(images: Path, limit: int) -> Judged:
    """Every output's candidates with both likelihoods, found once."""
    network = open_network("builtin:efficientnet-lite0")
    voice = open_voice("default", network.module)
    with tempfile.TemporaryDirectory() as folder:
        catalog = Path(folder) / "units.db"
        look = DescribeOptions(layers=("classifier",), captioner=None, limit=limit)
        describe_network(network, images, catalog, look)
        with Catalog.open(catalog) as store:
            exemplars = store.layer_exemplars(network.name, "classifier")
        views = Views(network.preprocessing, Manifest.scan(images, limit=limit))
        (evidence,) = gather_evidence([exemplars], views.open, voice).layers
    finder = CandidateFinder(evidence, voice, PmiSettings())
    judged: Judged = {}
    for chunk in finder.chunks:
        own = [finder.of(unit) for unit in chunk]
        given = voice.captioner.log_p_given(
            [evidence.features_of(unit) for unit in chunk], [candidates.phrases for candidates in own]
        )
        for unit, candidates, likelihood in zip(chunk, own, given, strict=True):
            prior = voice.captioner.log_p_prior(candidates.phrases)
            judged[unit] = (candidates.phrases, candidates.sources, likelihood, prior)
    return judged


def describe(judged: Judged, lambda_: float, power: float) -> dict[int, str]:
    settings = PmiSettings(lambda_=lambda_, length_power=power, n_kept=1)
    return {unit: rank_by_pmi(*parts, settings)[0].phrase for unit, parts in judged.items()}


def class_names() -> list[set[str]]:
    info = ImageNetInfo()
    said = [info.index_to_description(index, detailed=False) for index in range(1000)]
    return [{plain(name) for name in text.split(",")} for text in said]


def plain(phrase: str) -> str:
    words = phrase.lower().replace("-", " ").split()
    return " ".join(words[1:] if words and words[0] in {"a", "an", "the"} else words)


def named(said: dict[int, str], names: list[set[str]], units: range) -> float:
    return float(np.mean([plain(said[unit]) in names[unit] for unit in units if unit in said]))


def interval(said: dict[int, str], names: list[set[str]], units: range) -> tuple[float, float]:
    right = np.array([plain(said[unit]) in names[unit] for unit in units if unit in said], float)
    draws = np.random.default_rng(0).choice(right, (2000, len(right))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
