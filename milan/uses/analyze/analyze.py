"""The whole task: read words, score units, order them, switch them off, compare with chance."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Float64

from milan.ablation import layer_matched, random_units
from milan.catalog import Catalog
from milan.describe import embed_phrases
from milan.errors import BadSetting
from milan.networks import Network
from milan.records import UnitId
from milan.uses.analyze.comparing import compare, curve_of, curve_of_random
from milan.uses.analyze.described import Described
from milan.uses.analyze.options import ORDERS, AnalyzeOptions
from milan.uses.analyze.orders import Importance, Order, order_units
from milan.uses.analyze.passes import Passes
from milan.uses.analyze.preparing import Prepared, prepare
from milan.uses.analyze.report import Analysis, AnalyzedUnit, OrderResult
from milan.uses.language import properties_of

__all__ = ["analyze_network"]

Progress = Callable[[str, int, int], None]
Right = Bool[np.ndarray, "count image"]


def _silent(stage: str, done: int, total: int) -> None:
    return None


def analyze_network(
    catalog: Catalog, network: Network, options: AnalyzeOptions, *, progress: Progress = _silent
) -> Analysis:
    """Which units matter, and whether what is said of them tells.

    Orders all described units of some layers, switches off growing shares of each order, and holds every
    order against random ones that visit the same layers at the same places (Hernandez et al., ICLR 2022,
    section 5, without that control). Half of the images, by content, score single units; curves are drawn
    on the other half, so that an order by importance is not judged by what made it.

    Raises CatalogError for a catalog of other weights or without words, DataError for labels that do not fit
    or too few images, UnknownName and BadSetting for a wrong choice.

        analysis = analyze_network(catalog, network, AnalyzeOptions(Path("val")))
        write_analysis(analysis, Path("analysis"))
    """
    prepared = prepare(catalog, network, options, progress)
    units = [one.unit for one in prepared.described]
    counts = options.counts(len(units))
    properties = _properties(prepared.described, options)
    names = _wanted(properties, options)
    importance = _importance(prepared, progress)
    orders = [
        order_units(name, units, properties, importance, options.seed + list(ORDERS).index(name))
        for name in names  # ties fall alike, whichever other orders are asked for
    ]
    curves = _Curves(prepared.drawing, counts, options.seeds, n_orders=len(orders), progress=progress)
    random = curves.of_random(units, options.seed)
    results = [_result(order, curves, units, options.seed) for order in orders]
    whole = curves.whole[0]
    return Analysis(
        network=prepared.name,
        spec=network.spec,
        weights_hash=network.weights_hash,
        layers=prepared.layers,
        n_units=len(units),
        n_scored=len(prepared.scoring.images),
        n_drawn=len(prepared.drawing.images),
        n_classes=prepared.n_classes,
        accuracy=curve_of(whole[None], options.seed)[0],
        counts=tuple(counts),
        set_to=str(options.set_to),
        seeds=options.seeds,
        random=curve_of_random(random, options.seed),
        orders=tuple(results),
        notes=(*prepared.notes, *_left_out(properties, options)),
        units=_units(prepared.described, properties, importance),
    )


def _properties(
    described: Sequence[Described], options: AnalyzeOptions
) -> dict[str, Float64[np.ndarray, " unit"]]:
    found = properties_of([one.phrase for one in described], embed_phrases, options.concept)
    return found | {"faithfulness": np.array([one.faithfulness for one in described])}


def _wanted(properties: Mapping[str, Float64[np.ndarray, " unit"]], options: AnalyzeOptions) -> list[str]:
    """Orders that were asked for, or all that can be had; BadSetting for one that cannot."""
    unstated = bool(np.isnan(properties["faithfulness"]).all())
    if unstated and "faithfulness" in options.orders:
        raise BadSetting(
            "no unit has a figure of faithfulness (it takes about 600 images): leave this order out"
        )
    if options.orders:
        return list(dict.fromkeys(options.orders))
    known = {*properties, "important", "unimportant"} - ({"faithfulness"} if unstated else set())
    return [name for name in ORDERS if name in known]


def _left_out(properties: Mapping[str, Float64[np.ndarray, " unit"]], options: AnalyzeOptions) -> list[str]:
    if options.orders or not np.isnan(properties["faithfulness"]).all():
        return []
    return ["no order by faithfulness: the catalog states none (it takes about 600 images to describe)"]


def _importance(prepared: Prepared, progress: Progress) -> Importance:
    drops: dict[UnitId, float] = {}
    evidence: dict[UnitId, float] = {}
    n_images = len(prepared.scoring.images)
    total = n_images * len(prepared.layers)
    for place, layer in enumerate(prepared.layers):
        drop, lost = prepared.scoring.importance(
            layer,
            lambda done, _, before=place * n_images: progress("scoring units", before + done, total),  # type: ignore[misc]
        )
        for index in range(len(drop)):
            unit = UnitId(prepared.name, layer, index)
            drops[unit], evidence[unit] = float(drop[index]), float(lost[index])
    units = [one.unit for one in prepared.described]
    return Importance(np.array([drops[unit] for unit in units]), np.array([evidence[unit] for unit in units]))


class _Curves:
    """Runs orders, and counts what was run."""

    def __init__(
        self, passes: Passes, counts: Sequence[int], seeds: int, *, n_orders: int, progress: Progress
    ) -> None:
        self._passes = passes
        self._counts = list(counts[1:])
        self.most = self._counts[-1]
        self._seeds = seeds
        self._total = 1 + len(self._counts) * (seeds + n_orders * (1 + seeds))
        self._done = 0
        self._progress = progress
        self.whole = passes.curve([], [0], self._advance)

    def _advance(self) -> None:
        self._done += 1
        self._progress("switching units off", self._done, self._total)

    def of(self, order: Sequence[UnitId]) -> Right:
        """One order, the whole network first."""
        return np.concatenate([self.whole, self._passes.curve(order, self._counts, self._advance)])

    def of_random(self, units: Sequence[UnitId], seed: int) -> Bool[np.ndarray, "order count image"]:
        """Random orders over all layers."""
        return np.stack([self.of(random_units(units, len(units), seed + at)) for at in range(self._seeds)])

    def of_matched(
        self, order: Sequence[UnitId], units: Sequence[UnitId], seed: int
    ) -> Bool[np.ndarray, "order count image"]:
        """Random orders that visit layers as this one does."""
        return np.stack([self.of(layer_matched(order, units, seed + at)) for at in range(self._seeds)])


def _result(order: Order, curves: _Curves, units: Sequence[UnitId], seed: int) -> OrderResult:
    right = curves.of(order.units)
    controls = curves.of_matched(order.units, units, seed + 1000)
    most = curves.most
    return OrderResult(
        order=order.name,
        says=ORDERS[order.name],
        n_told_apart=order.n_told_apart,
        layers=dict(Counter(unit.layer for unit in order.units[:most])),
        curve=curve_of(right, seed),
        control=curve_of_random(controls, seed),
        comparison=compare(right, list(controls), seed),
    )


def _units(
    described: Sequence[Described],
    properties: Mapping[str, Float64[np.ndarray, " unit"]],
    importance: Importance,
) -> tuple[AnalyzedUnit, ...]:
    by_importance = np.lexsort((-importance.evidence, -importance.drop))
    return tuple(
        AnalyzedUnit(
            str(described[at].unit),
            described[at].phrase,
            {
                name: None if np.isnan(values[at]) else float(values[at])
                for name, values in properties.items()
            },
            float(importance.drop[at]),
            float(importance.evidence[at]),
        )
        for at in by_importance.tolist()
    )
