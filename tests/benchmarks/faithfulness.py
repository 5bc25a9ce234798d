"""Bars: what descriptions of a real network are worth on photographs that chose nothing.

    python tests/benchmarks/faithfulness.py --images DIR --measure-on DIR [--limit N] [--layers NAME ...]
        [--json FILE]

EfficientNet-Lite0, means over all live units (one that abstains counts with its best candidate), each with a
95 % bootstrap interval over units. `--measure-on` must hold photographs that no training of ours saw.
Beside the descriptions stand: chosen from the exemplars alone, the class of the top image (named by the
explainer's backbone), the layer's most frequent description for every unit, one word for every unit, and
the descriptions of other units (a derangement, equal phrases left out).
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from captioner.classes import class_names
from milan.datasets import Manifest
from milan.describe import (
    LEVEL,
    Judge,
    PmiSettings,
    Presence,
    Voice,
    WholeRange,
    describe_layer,
    gather_evidence,
    open_simulator,
    open_voice,
    read_patches,
)
from milan.exemplars import ExemplarSettings, find_exemplars
from milan.networks import open_network
from milan.records import Description, Explanation, LayerExemplars
from milan.statistics import pearson
from milan.uses.views import Views

CONSTANT = "an animal"
RIVALS = 100
NEAR = 10


def main() -> None:
    options = _options()
    network = open_network(options.network)
    layers = [network.layer(name) for name in options.layers]
    manifest = Manifest.scan(options.images, limit=options.limit, measure_on=options.measure_on)
    views = Views(network, manifest)
    voice = open_voice("default", network.module)
    simulator = open_simulator("default", network.module, voice)
    print(
        f"explainer {voice.name}, simulator {simulator.encoder.name}, {len(voice.bank)} phrases", flush=True
    )
    found = find_exemplars(network, layers, manifest, ExemplarSettings()).finish()
    every = [found[name] for name in options.layers]
    sampled, measured = every[0].selected.images, every[0].measured.images
    gathered = gather_evidence(every, views.open, voice, sampled=sampled)
    presence = Presence(gathered.patches, voice.encoder, voice.bank)
    seen = read_patches(measured, views.open, simulator.encoder)
    measuring = Presence(seen, simulator.encoder, simulator.bank)
    figures = {"selection_images": len(sampled), "measured_images": len(measured), "layers": {}}
    for exemplars, evidence in zip(every, gathered.layers, strict=True):
        whole_range, judge = WholeRange(exemplars.selected, presence), Judge(exemplars.measured, measuring)
        described = [
            description
            for chunk in describe_layer(
                evidence,
                voice,
                PmiSettings(range_weight=options.range_weight),
                whole_range=whole_range,
                judge=judge,
            )
            for description in chunk
        ]
        units = [description.unit_index for description in described]
        alone = [
            description.candidates[0].phrase
            for chunk in describe_layer(evidence, voice, PmiSettings(select="pmi"))
            for description in chunk
        ]
        layer = Layer(exemplars, measuring, units)
        figures["layers"][exemplars.layer] = report = _figures(
            layer, described, alone, _classes(exemplars, units, views, voice)
        )
        print(exemplars.layer, json.dumps(report, indent=1), flush=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


class Layer:
    """Units of a layer on the measured images, and what the simulator finds there."""

    def __init__(self, exemplars: LayerExemplars, presence: Presence, units: Sequence[int]) -> None:
        self.presence, self.rows = presence, presence.rows(exemplars.measured.images)
        self.mean, self.peak = exemplars.measured.mean[:, units], exemplars.measured.peak[:, units]

    def of(self, phrases: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Correlations of each unit with its phrase: of means, and of peaks."""
        shown = self.presence.of(phrases)
        mean, peak = (side[self.rows].astype(np.float32) for side in shown)
        return pearson(mean, self.mean), pearson(peak, self.peak)

    def found_among_rivals(self, phrases: Sequence[str], random: np.random.Generator) -> np.ndarray:
        """Whether each phrase's own unit is among the ten that it predicts best, of itself and 99 others."""
        mean = self.presence.of(phrases).mean[self.rows].astype(np.float32)
        hits = []
        for unit in range(len(phrases)):
            others = [other for other in random.permutation(len(phrases)) if other != unit][: RIVALS - 1]
            rivals = self.mean[:, [unit, *others]]
            own = pearson(np.repeat(mean[:, [unit]], rivals.shape[1], axis=1), rivals)
            hits.append(int((own > own[0]).sum()) < NEAR)
        return np.array(hits, np.float64)


def _figures(
    layer: Layer, described: Sequence[Description], alone: Sequence[str], classes: Sequence[str]
) -> dict[str, Any]:
    random = np.random.default_rng(0)
    phrases = [description.candidates[0].phrase for description in described]
    other = _deranged(phrases, random)
    frequent = Counter(phrases).most_common(1)[0][0]
    right, wrong = layer.of(phrases), layer.of(other)
    explained = [description.explanation_faithfulness for description in described]
    n_terms = [len(_terms(description.explanation)) for description in described]
    truth = [1] * len(phrases) + [0] * len(phrases)
    return {
        "units": len(described),
        "abstaining": float(np.mean([description.phrase is None for description in described])),
        "distinct": len(set(phrases)) / len(phrases),
        "one phrase, mean": _interval(right[0], random),
        "one phrase, peak": _interval(right[1], random),
        "explanation, mean": _interval([f.mean.value if f else 0 for f in explained], random),
        "explanation, peak": _interval([f.peak.value if f else 0 for f in explained], random),
        "phrases an explanation": float(np.mean(n_terms)),
        "exemplars alone, mean": _interval(layer.of(alone)[0], random),
        "exemplars alone, peak": _interval(layer.of(alone)[1], random),
        "class of the top image, mean": _interval(layer.of(classes)[0], random),
        "class of the top image, peak": _interval(layer.of(classes)[1], random),
        f"most frequent ({frequent}), mean": _interval(layer.of([frequent] * len(phrases))[0], random),
        f"constant ({CONSTANT}), mean": _interval(layer.of([CONSTANT] * len(phrases))[0], random),
        "shuffled, mean": _interval(wrong[0], random),
        "shuffled, peak": _interval(wrong[1], random),
        "right against shuffled, AUROC": float(roc_auc_score(truth, np.concatenate([right[0], wrong[0]]))),
        "shuffled that would be said": float((wrong[0] >= LEVEL).mean()),
        "levels that 5, 10 and 20 % of shuffled reach": _levels(wrong[0]),
        "right ones that reach those": [float((right[0] >= at).mean()) for at in _levels(wrong[0])],
        "own unit among the ten best of 100": _interval(layer.found_among_rivals(phrases, random), random),
    }


def _levels(wrong: np.ndarray) -> list[float]:
    return [round(float(at), 3) for at in np.quantile(wrong, [0.95, 0.9, 0.8])]


def _classes(exemplars: LayerExemplars, units: Sequence[int], views: Views, voice: Voice) -> list[str]:
    """What the explainer's backbone calls each unit's strongest image."""
    reader: Any = voice.encoder.reader
    names, known = class_names(), {}
    classifier = reader.module.get_submodule("classifier")
    for path in sorted({exemplars.exemplar(unit, 0).region.image for unit in units}):
        (features,) = reader.read([views.open(path)], [np.zeros((1, 7, 7), np.float32)])
        with torch.inference_mode():
            last = torch.from_numpy(features[:, -reader.widths[-1] :])
            known[path] = names[int(classifier(last).argmax())]
    return [known[exemplars.exemplar(unit, 0).region.image] for unit in units]


def _deranged(phrases: Sequence[str], random: np.random.Generator) -> list[str]:
    """Every unit gets another unit's phrase, never one equal to its own."""
    return [random.choice([other for other in phrases if other != own] or ["nothing"]) for own in phrases]


def _terms(explanation: Explanation | None) -> tuple[Any, ...]:
    return () if explanation is None else explanation.terms


def _interval(values: Sequence[float] | np.ndarray, random: np.random.Generator) -> list[float]:
    own = np.asarray(values, np.float64)
    means = own[random.integers(0, len(own), (1000, len(own)))].mean(axis=1)
    return [round(float(v), 4) for v in (own.mean(), *np.quantile(means, [0.025, 0.975]))]


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--network", default="builtin:efficientnet-lite0")
    asked.add_argument("--images", type=Path, required=True)
    asked.add_argument("--measure-on", type=Path, required=True)
    asked.add_argument("--limit", type=int)
    asked.add_argument("--layers", nargs="+", default=["blocks.4", "blocks.6", "bn2"])
    asked.add_argument("--range-weight", type=float, default=PmiSettings().range_weight)
    asked.add_argument("--json", type=Path)
    return asked.parse_args()


if __name__ == "__main__":
    main()
