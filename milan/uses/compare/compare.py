"""Two networks, or two states of one: which units they share, and which one of them alone has."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from milan.errors import DataError, UnknownName, UsageError
from milan.records import UnitId
from milan.uses.compare.comparison import Comparison, LayerComparison
from milan.uses.compare.evidence import Evidence
from milan.uses.compare.likeness import Likeness, aligned, likeness, nearest_likeness
from milan.uses.compare.pairing import MOST_UNITS, pair_units
from milan.uses.compare.pairs import LoneUnit, UnitPair, describe_pairs
from milan.uses.compare.subject import Subject
from milan.uses.compare.words import Words

__all__ = ["compare_networks"]

Progress = Callable[[str, int, int], None]
_LAYERS_KEPT = 64
"""Layers whose evidence stays in memory, so that it is read once."""


def compare_networks(
    first: Subject,
    second: Subject,
    pairs: Sequence[tuple[str, str]] = (),
    *,
    progress: Progress = lambda stage, done, total: None,
    seed: int = 0,
) -> Comparison:
    """Find the units that two networks share, on the images that both were described with.

    Layers of one name are compared, and layers that `pairs` names; where none has a name in common, all units
    of all layers are. What is then left without a match is looked for in the other layers. Raises DataError
    for networks that were not shown the very same images, UsageError for a network beside itself.
    """
    if first.catalog.place == second.catalog.place and first.network == second.network:
        raise UsageError(f"{first.label} is one network of one catalog: name two, such as a.db b.db")
    _require_same_images(first, second)
    run = _Run(first, second, seed)
    arenas = _arenas(first, second, pairs)
    layers: list[LayerComparison] = []
    for done, arena in enumerate(arenas):
        progress("comparing layers", done, len(arenas))
        layers.append(run.compare(*arena))
    moved = run.moved(layers) if len(arenas) > 1 else ()
    progress("comparing layers", len(arenas), len(arenas))
    shown = run.evidence(0, arenas[0][0])
    both = aligned(shown, run.evidence(1, arenas[0][1]))
    return Comparison(
        first=first.label,
        second=second.label,
        n_images=shown.n_images,
        n_sampled=len(both[0].images),
        is_of_text=shown.is_of_text,
        same_weights=first.layers[0].provenance.weights_hash == second.layers[0].provenance.weights_hash,
        by_place=run.by_place,
        layers=tuple(_without(layer, moved) for layer in layers),
        moved=moved,
    )


_Names = tuple[str, ...]
_UNNAMED = "all layers"


class _Run:
    """One comparison under way."""

    def __init__(self, first: Subject, second: Subject, seed: int) -> None:
        self.by_place = _same_views(first, second)
        self._sides = (first, second)
        self._words = Words(first.said, second.said)
        self._seed = seed
        self._read = functools.lru_cache(maxsize=_LAYERS_KEPT)(self._evidence_of)

    def evidence(self, side: int, layers: _Names) -> Evidence:
        """What is known of the units of some layers of the first (0) or second (1) network."""
        return Evidence.joined([self._read(side, layer) for layer in layers])

    def compare(self, of_first: _Names, of_second: _Names) -> LayerComparison:
        """Pair the units of some layers of the first network with those of some of the second."""
        own, theirs = aligned(self.evidence(0, of_first), self.evidence(1, of_second))
        alike = likeness(own, theirs)
        nearest = np.concatenate([nearest_likeness(own), nearest_likeness(theirs)])
        pairing = pair_units(alike, nearest)
        pairs = describe_pairs(pairing, own, theirs, self._words, by_place=self.by_place, seed=self._seed)
        matched = sorted((pair for pair in pairs if pair.verdict == "matched"), key=lambda p: -p.likeness)
        unsure = [pair for pair in pairs if pair.verdict == "unsure"]
        paired = {pair.first for pair in (*matched, *unsure)}, {pair.second for pair in (*matched, *unsure)}
        words, shuffled = self._words.agreement([(pair.first, pair.second) for pair in matched], self._seed)
        return LayerComparison(
            first=of_first[0] if len(of_first) == 1 else _UNNAMED,
            second=of_second[0] if len(of_second) == 1 else _UNNAMED,
            n_units=(len(own.units), len(theirs.units)),
            n_silent=(own.n_silent, theirs.n_silent),
            typical=_median(pairing.likeness),
            strangers=_median(nearest),
            matched=tuple(matched),
            unsure=tuple(unsure),
            lost=self._alone(0, own, theirs, alike, paired[0]),
            new=self._alone(1, theirs, own, alike.T, paired[1]),
            words=words,
            words_shuffled=shuffled,
        )

    def moved(self, layers: Sequence[LayerComparison]) -> tuple[UnitPair, ...]:
        """Pairs of what is left of all layers, each of two layers that were not compared."""
        alone = [
            {one.unit for layer in layers for one in layer.lost},
            {one.unit for layer in layers for one in layer.new},
        ]
        everything = [
            self.evidence(side, tuple(dict.fromkeys(getattr(layer, name) for layer in layers)))
            for side, name in enumerate(("first", "second"))
        ]
        if not all(alone) or max(len(one.units) for one in everything) > MOST_UNITS:
            return ()
        both = aligned(*everything)
        nearest = np.concatenate([nearest_likeness(one, other_layers=True) for one in both])
        own, theirs = (
            one.some([at for at, unit in enumerate(one.units) if unit in left])
            for one, left in zip(both, alone, strict=True)
        )
        alike = likeness(own, theirs)
        compared = {(layer.first, layer.second) for layer in layers}
        is_known = [[(a.layer, b.layer) in compared for b in theirs.units] for a in own.units]
        alike[np.array(is_known)] = -1
        pairing = pair_units(alike, nearest)
        pairs = describe_pairs(pairing, own, theirs, self._words, by_place=self.by_place, seed=self._seed)
        return tuple(pair for pair in pairs if pair.verdict == "matched")

    def _evidence_of(self, side: int, layer: str) -> Evidence:
        return self._sides[side].evidence(layer, by_place=self.by_place)

    def _alone(
        self, side: int, own: Evidence, others: Evidence, alike: Likeness, paired: set[UnitId]
    ) -> tuple[LoneUnit, ...]:
        """Units in no pair; where the other side has no unit that can be compared, they are near to none."""
        found = []
        for row, unit in enumerate(own.units):
            if unit in paired:
                continue
            place = int(alike[row].argmax()) if len(others.units) else None
            nearest = None if place is None else others.units[place]
            found.append(
                LoneUnit(
                    unit=unit,
                    phrase=self._words.phrase(unit, side),
                    nearest=nearest,
                    nearest_phrase=None if nearest is None else self._words.phrase(nearest, 1 - side),
                    likeness=None if place is None else float(alike[row, place]),
                )
            )
        return tuple(found)


def _arenas(first: Subject, second: Subject, pairs: Sequence[tuple[str, str]]) -> list[tuple[_Names, _Names]]:
    """Which layers are compared with which."""
    own, theirs = ([layer.name for layer in subject.layers] for subject in (first, second))
    for names, known, subject in zip(zip(*pairs, strict=True), (own, theirs), (first, second), strict=False):
        for name in names:
            if name not in known:
                raise UnknownName("layer", name, known, f"{subject.label} has: {', '.join(known)}.")
    if pairs:
        return [((a,), (b,)) for a, b in pairs]
    shared = [name for name in own if name in theirs]
    return [((name,), (name,)) for name in shared] or [(tuple(own), tuple(theirs))]


def _require_same_images(first: Subject, second: Subject) -> None:
    known = {layer.provenance.dataset_hash for subject in (first, second) for layer in subject.layers}
    if len(known) > 1:
        raise DataError(
            f"{first.label} and {second.label} were not shown the same images (their paths or contents "
            "differ), so that units cannot be compared: describe both with the same folder"
        )


def _same_views(first: Subject, second: Subject) -> bool:
    """Whether a place in an image is the same place for both: they crop alike, at whatever size."""
    shapes = [_view(layer.provenance.preprocessing) for one in (first, second) for layer in one.layers]
    return all(shape == shapes[0] for shape in shapes)


def _view(preprocessing: Mapping[str, Any]) -> object:
    """How much of an image is seen, to a part in fifty; None for a text."""
    if "size" not in preprocessing or "resize" not in preprocessing:
        return None
    (height, width), (tall, wide) = preprocessing["size"], preprocessing["resize"]
    squash = bool(preprocessing.get("squash"))
    parts = (height / width, height / tall, width / wide)
    return squash, *(round(50 * part) for part in (parts[1:] if squash else parts))


def _without(layer: LayerComparison, moved: Sequence[UnitPair]) -> LayerComparison:
    """The layer without units that have a match in another."""
    gone = {unit for pair in moved for unit in (("lost", pair.first), ("new", pair.second))}
    return replace(
        layer,
        lost=tuple(one for one in layer.lost if ("lost", one.unit) not in gone),
        new=tuple(one for one in layer.new if ("new", one.unit) not in gone),
    )


def _median(values: np.ndarray[Any, Any]) -> float:
    return float(np.median(values)) if len(values) else 0.0
