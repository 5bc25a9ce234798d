"""`milan text ablate`: what a translation loses as units of a ranking are switched off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from milan.ablation.text import (
    DirectionSet,
    Removed,
    TranslationTask,
    TranslatorUnits,
    projected_out,
    removal_curve,
)
from milan.ablation.text.reading import at_words
from milan.correlation import JointMoments, largest_match, linear_fit, shared_directions, smallest_match
from milan.errors import BadSetting, DataError
from milan.translation import Parallel
from milan.uses.text.control.nouns import nouns_of
from milan.uses.text.control.values import NumberUnits

__all__ = ["SHARED", "AblateOptions", "Ablated", "ablate"]

SHARED = ("maxcorr", "mincorr", "linreg", "svcca")
"""Orders that hold a network against another training: the most shared units, or directions, first."""

_WORDS = 4096


@dataclass(frozen=True, slots=True)
class AblateOptions:
    """What to take away."""

    layer: str = "encoder.1"
    by: str = "gaussian"
    """One of `SHARED`, or of `milan.probes.RANKERS`: by the number of nouns, of a language model by tags."""
    counts: tuple[int, ...] = (5, 13, 26, 64)
    """Of 256 units: 2, 5, 10 and 25 %. None of a language model's layer, for as much of it."""
    n_random: int = 3
    seed: int = 0


class Ablated(NamedTuple):
    """What went, and what is left."""

    order: tuple[int, ...]
    """Units of the layer, the first to go first; empty where directions were projected out."""
    removed: list[Removed]
    n_sentences: int
    """That were measured on."""


def ablate(
    units: TranslatorUnits,
    sentences: Sequence[str],
    text: Parallel,
    options: AblateOptions,
    against: TranslatorUnits | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ablated:
    """Rank on sentences, then measure on parallel text; `against` is the other training that `SHARED` need.

    BadSetting where that is missing, or not asked for; UnknownName for a way to rank.
    """
    task = TranslationTask(units, text)
    if options.by not in SHARED:
        if against is not None:
            raise BadSetting(f"{options.by} ranks by nouns: another network is for {', '.join(SHARED)}")
        known = NumberUnits.of(
            units, sentences, nouns_of(units.translator, sentences), options.layer, options.by
        )
        return _removed(task, options, known.order.tolist(), progress)
    if against is None:
        raise BadSetting(f"{options.by} holds the network against another training: name it with --against")
    moments = _moments(units, against, sentences, options.layer)
    if options.by == "svcca":
        shared = shared_directions(moments, "own", "other")
        mean = at_words(units, sentences, options.layer).mean(0)
        removed = projected_out(
            task,
            DirectionSet(options.layer, shared.first, mean),
            options.counts,
            n_random=options.n_random,
            seed=options.seed,
            progress=progress,
        )
        return Ablated((), removed, len(text.source))
    match options.by:
        case "maxcorr":
            score = largest_match(moments, "own")
        case "mincorr":
            score = smallest_match(moments, "own")
        case _:
            score = linear_fit(moments, "own").max(0)
    return _removed(task, options, np.argsort(-score, kind="stable").tolist(), progress)


def _removed(
    task: TranslationTask,
    options: AblateOptions,
    order: Sequence[int],
    progress: Callable[[int, int], None] | None,
) -> Ablated:
    removed = removal_curve(
        task,
        options.layer,
        order,
        options.counts,
        n_random=options.n_random,
        seed=options.seed,
        progress=progress,
    )
    return Ablated(tuple(order), removed, len(task.text.source))


def _moments(
    units: TranslatorUnits, against: TranslatorUnits, sentences: Sequence[str], layer: str
) -> JointMoments:
    own, other = (at_words(one, sentences, layer) for one in (units, against))
    if len(own) != len(other):
        raise DataError(
            f"the networks cut the text into {len(own)} and {len(other)} words: they read unlike it"
        )
    moments = JointMoments({"own": own.shape[1], "other": other.shape[1]})
    for start in range(0, len(own), _WORDS):
        moments.add({"own": own[start : start + _WORDS], "other": other[start : start + _WORDS]})
    return moments
