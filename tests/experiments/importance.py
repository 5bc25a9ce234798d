"""(a) Are units with two unlike words dispensable, once depth is controlled?

    python tests/experiments/importance.py --work DIR --seed 0 --seed 1 [--json FILE]

Takes the classifiers and the catalogs that `shortcut.py` left in DIR, and the clean test pictures (half of
them score single units, the other half draw curves). Described units are switched off in growing shares up
to a fifth, first those whose descriptions have the most unlike words (the largest distance between two
words' vectors: MILAN's order), then those of most words; beside each, random units of the same layers and
of any layer. Stated is accuracy lost more than by chance, averaged over the curve. Over seeds: the mean,
with Student's t interval.
"""

import argparse
import json
from pathlib import Path

import torch
from reading import SPEC
from shortcut import SHIPPED, over_seeds

from milan.catalog import Catalog
from milan.networks import open_network
from milan.records import Figure
from milan.scenes.shortcut import SIZE
from milan.uses.analyze import Analysis, AnalyzeOptions, analyze_network

ORDERS = ("word-difference", "words")


def main() -> None:
    """Analyze each seed's network, then say what holds over seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="where shortcut.py worked")
    parser.add_argument("--seed", type=int, action="append", help="again for more; 0 unless given")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--limit", type=int, default=400, help="pictures")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    seeds = options.seed or [0]
    found = {seed: _analysis(options.work / f"seed-{seed}", seed, options.limit) for seed in seeds}
    rows = {}
    for place, order in enumerate(ORDERS):
        of_depth = [100 * one.orders[place].comparison.lost.value for one in found.values()]
        of_any = [100 * _more_than_any(one, place) for one in found.values()]
        rows[order] = {"chance of its depth": over_seeds(of_depth), "chance of any layer": over_seeds(of_any)}
        for seed, one in found.items():
            print(f"seed {seed}, {order}: {one.orders[place].comparison.verdict}")
    for order, of_order in rows.items():
        for chance, figure in of_order.items():
            print(f"{order:<16} points lost more than by {chance:<20} {_shown(figure)}")
    if options.json:
        told = {order: {chance: f._asdict() for chance, f in row.items()} for order, row in rows.items()}
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf8")


def _analysis(folder: Path, seed: int, limit: int) -> Analysis:
    shipped = SHIPPED / f"seed-{seed}" / "model.safetensors"
    weights = shipped if shipped.exists() else folder / "network" / "model.safetensors"
    network = open_network(SPEC, weights=weights, size=(SIZE, SIZE))
    options = AnalyzeOptions(folder / "clean-test", orders=ORDERS, limit=limit, workers=1)
    with Catalog.open(folder / "units.db") as catalog:
        return analyze_network(catalog, network, options)


def _more_than_any(analysis: Analysis, place: int) -> float:
    """Accuracy lost more than with random units of any layer, averaged over the curve."""
    pairs = list(zip(analysis.random, analysis.orders[place].curve, strict=True))[1:]
    return sum(random.value - own.value for random, own in pairs) / len(pairs)


def _shown(figure: Figure) -> str:
    return f"{figure.value:+.1f} [{figure.low:+.1f}, {figure.high:+.1f}]"


if __name__ == "__main__":
    main()
