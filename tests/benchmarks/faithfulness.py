"""Bars: what descriptions of a real network are worth on photographs that chose nothing.

    python tests/benchmarks/faithfulness.py --images DIR --measure-on DIR [--limit N] [--selection N]
    [--layers NAME ...]
        [--catalog FILE] [--json FILE]

EfficientNet-Lite0, means over all live units (one that abstains counts with its best candidate), each with a
95 % bootstrap interval over units. `--measure-on` must hold photographs that no training of ours saw. The
table is that of `milan evaluate CATALOG --images DIR`; the catalog is described twice, first by the exemplars
alone, so that what those say stands beside. A catalog that is given is kept, and gone on with.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from milan.describe import PmiSettings
from milan.exemplars import ExemplarSettings
from milan.networks import open_network
from milan.records import LayerEvaluation
from milan.uses import DescribeOptions, describe_network
from milan.uses.evaluate import EvaluateOptions, evaluate_catalog


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        catalog = options.catalog or Path(scratch) / "units.db"
        _describe(catalog, options, PmiSettings(select="pmi"), simulator=None)
        _describe(catalog, options, PmiSettings(range_weight=options.range_weight), simulator="default")
        found = evaluate_catalog(
            catalog, EvaluateOptions(layers=tuple(options.layers), images=options.images)
        )
    figures = {evaluation.layer: _figures(evaluation) for evaluation in found}
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def _describe(catalog: Path, options: argparse.Namespace, pmi: PmiSettings, simulator: str | None) -> None:
    chosen = DescribeOptions(
        layers=tuple(options.layers),
        simulator=simulator,
        limit=options.limit,
        measure_on=options.measure_on,
        exemplars=ExemplarSettings(n_selected=options.selection),
        pmi=pmi,
    )
    network = open_network(options.network)
    say = "; ".join(describe_network(network, options.images, catalog, chosen).lines())
    print(f"{pmi.select}: {say}", flush=True)


def _figures(evaluation: LayerEvaluation) -> dict[str, Any]:
    rows = {
        f"{row.words}{f' ({row.phrase})' if row.phrase else ''}, {name}": _rounded(getattr(row, name))
        for row in evaluation.predictors
        for name in ("mean", "peak")
    }
    return {
        "units": evaluation.n_units,
        "images": evaluation.n_images,
        "simulator": evaluation.simulator,
        "abstaining": _rounded(evaluation.abstained),
        "distinct": round(evaluation.distinct, 3),
        **rows,
        "right against shuffled, AUROC": _rounded(evaluation.auroc),
        f"own unit among the ten best of {evaluation.n_rivals}": _rounded(evaluation.retrieved),
        "levels that shuffled reach, and right ones": [
            [level.shuffled, round(level.correlation, 3), round(level.right, 3)]
            for level in evaluation.levels
        ],
    }


def _rounded(figure: Any) -> list[float] | None:
    return None if figure is None else [round(value, 4) for value in figure]


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--network", default="builtin:efficientnet-lite0")
    asked.add_argument("--images", type=Path, required=True)
    asked.add_argument("--measure-on", type=Path, required=True)
    asked.add_argument("--limit", type=int)
    asked.add_argument("--selection", type=int, default=ExemplarSettings().n_selected)
    asked.add_argument("--layers", nargs="+", default=["blocks.4", "blocks.6", "bn2"])
    asked.add_argument("--range-weight", type=float, default=PmiSettings().range_weight)
    asked.add_argument("--catalog", type=Path)
    asked.add_argument("--json", type=Path)
    return asked.parse_args()


if __name__ == "__main__":
    main()
