"""What a ranking owes to chance: the same with permuted labels, and with tokens drawn anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float, Float64, Int64

from milan.errors import BadSetting, DataError
from milan.probes.labelled import Labelled
from milan.probes.rankers import Ranker
from milan.statistics.shares import benjamini_hochberg

__all__ = ["PermutationNull", "RankInterval", "permutation_null", "rank_interval"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class PermutationNull:
    """Scores of units when labels are dealt to tokens by chance."""

    strongest: Float64[np.ndarray, "repeat unit"]
    """Each unit's best score over classes, in the class's own deviation under chance."""
    deviation: Float64[np.ndarray, " class"]
    """Root mean square of a class's scores under chance; 1 where all are zero."""

    @classmethod
    def of(cls, found: Float64[np.ndarray, "repeat class unit"]) -> Self:
        """The null that scores with permuted labels make."""
        deviation = np.sqrt(np.square(found).mean((0, 2)))
        deviation[deviation == 0] = 1
        return cls((found / deviation[:, None]).max(1), deviation)

    def chance(self, scores: Float[np.ndarray, "class unit"]) -> Float64[np.ndarray, " unit"]:
        """Chance of a score like each unit's best, or better, with permuted labels.

        Units are standardised, so all of them tell what chance gives any of them: with R repetitions it goes
        down to 1 / (R units + 1). Units with far heavier tails than the rest come out too well.
        """
        ordered = np.sort(self.strongest, axis=None)
        best = (scores / self.deviation[:, None]).max(0)
        above = len(ordered) - np.searchsorted(ordered, best, side="left")
        found: Float64[np.ndarray, " unit"] = (1 + above) / (1 + len(ordered))
        return found

    def false_discovery(self, scores: Float[np.ndarray, "class unit"]) -> Float64[np.ndarray, " unit"]:
        """The rate of false findings at which each unit would count as found (Benjamini and Hochberg)."""
        return benjamini_hochberg(self.chance(scores).tolist())


def permutation_null(
    ranker: Ranker,
    tokens: Labelled,
    *,
    repeats: int = 20,
    seed: int = 0,
    progress: Progress | None = None,
) -> PermutationNull:
    """Score all units for permuted labels, again and again.

    20 repetitions are the fewest with which a single unit can be found at a rate of 5 %, however many units
    there are: fewer raise BadSetting. Tokens are taken for independent: labels that go with the word are
    better held against `control_labels`, which keep a word's tokens together.
    """
    if repeats < 20:
        raise BadSetting(f"{repeats} permutations find nothing at a rate of 5 %: use 20 or more")
    rng = np.random.default_rng(seed)
    drawn = []
    for repeat in range(repeats):
        drawn.append(ranker(tokens.labelled(rng.permutation(tokens.labels))).scores)
        if progress is not None:
            progress(repeat + 1, repeats)
    return PermutationNull.of(np.stack(drawn))


@dataclass(frozen=True, slots=True, eq=False)
class RankInterval:
    """Between which places a unit stands in 95 % of the draws."""

    low: Int64[np.ndarray, " unit"]
    high: Int64[np.ndarray, " unit"]


def rank_interval(
    ranker: Ranker,
    tokens: Labelled,
    *,
    groups: Int64[np.ndarray, " token"] | None = None,
    draws: int = 50,
    seed: int = 0,
    progress: Progress | None = None,
) -> RankInterval:
    """Rank again with tokens drawn anew with putting back, or whole groups of them (sentences).

    A draw that leaves a class without tokens is drawn again; DataError when most draws do.
    """
    rng = np.random.default_rng(seed)
    own = np.arange(len(tokens)) if groups is None else np.unique(groups, return_inverse=True)[1]
    order = np.argsort(own, kind="stable")
    of_group = np.split(order, np.flatnonzero(np.diff(own[order])) + 1)
    places: list[Int64[np.ndarray, " unit"]] = []
    for _ in range(2 * draws):
        rows = np.concatenate([of_group[group] for group in rng.integers(0, len(of_group), len(of_group))])
        if len(np.unique(tokens.labels[rows])) < tokens.n_classes:
            continue
        places.append(ranker(tokens.at(rows)).ranking.places)
        if progress is not None:
            progress(len(places), draws)
        if len(places) == draws:
            low, high = np.quantile(np.stack(places), [0.025, 0.975], axis=0, method="nearest")
            return RankInterval(low, high)
    raise DataError(
        f"a class lies in so few groups that {2 * draws - len(places)} of {2 * draws} draws lack it: "
        "leave it out of the labels"
    )
