"""Grades of all units under all ways, as rates with intervals and paired differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from milan.describe import embed_phrases
from milan.records import UnitStatus
from milan.scenes.english import with_article
from milan.scenes.planted import NOISE_LEVELS, PlantedUnit, UnitKind
from milan.statistics import mean_figure
from milan.uses.evaluate.baselines import CONSTANT, most_frequent, shuffled
from milan.uses.evaluate.grading import Grade, Said, grade, true_phrases
from milan.uses.evaluate.report import Gain, Scores, UnitResult, Way
from milan.uses.evaluate.specificity import Ranks, Retrieval

__all__ = ["Described", "Judged", "gains_of", "judge", "results_of", "ways_of"]

_TOP = 10


@dataclass(frozen=True, slots=True)
class Described:
    """What was said of the units of one network, in every way."""

    units: tuple[PlantedUnit, ...]
    ways: Mapping[str, Sequence[Said]]
    """By way, in the order of the units."""
    top_images: tuple[str, ...]
    """The main object of each unit's strongest image."""
    seed: int


class Judged:
    """One way's figures of each unit; units that it says nothing of are left out."""

    def __init__(
        self,
        units: Sequence[PlantedUnit],
        said: Mapping[int, Said],
        ranks: Mapping[int, Ranks] | None = None,
    ) -> None:
        grades = {at: grade(units[at], own) for at, own in said.items()}
        self.right = {at: float(own is Grade.RIGHT) for at, own in grades.items()}
        self.partly = {at: float(own is Grade.PARTLY) for at, own in grades.items()}
        self.grades = grades
        live = {at: own for at, own in said.items() if units[at].is_live}
        self.cosine = _cosines(units, live)
        self.phrases = {at: own.phrase for at, own in live.items()}
        self.abstained = sum(own.status is UnitStatus.INCONSISTENT for own in live.values())
        self.ranks = {at: own for at, own in (ranks or {}).items() if at in live}

    def per_unit(self, figure: str) -> dict[int, float]:
        """A figure of each unit: `named`, `cosine`, `top1`, `top10`, `encoder_top1`, `encoder_top10`."""
        match figure:
            case "named":
                return {at: self.right[at] for at in self.phrases}
            case "cosine":
                return self.cosine
            case "top1" | "top10":
                most = 1 if figure == "top1" else _TOP
                return {at: float(rank.by_likelihood <= most) for at, rank in self.ranks.items()}
            case _:
                most = 1 if figure == "encoder_top1" else _TOP
                return {at: float(rank.by_encoder <= most) for at, rank in self.ranks.items()}

    def scores(self, group: str, members: Sequence[int]) -> Scores | None:
        """Means over a group's units, or None when none of them is judged."""
        own = [at for at in members if at in self.right]
        named = mean_figure([self.right[at] for at in own])
        if named is None:
            return None
        cosine = mean_figure([self.cosine.get(at, 0.0) for at in own]) or named
        return Scores(group, len(own), named, float(np.mean([self.partly[at] for at in own])), cosine)


def judge(described: Described, retrieval: Retrieval) -> tuple[dict[str, Judged], dict[str, Judged]]:
    """Judge every way, then the baselines made of the first one."""
    ways = {}
    for name, said in described.ways.items():
        phrases = {at: own.phrase for at, own in enumerate(said) if own.phrase}
        ways[name] = Judged(described.units, dict(enumerate(said)), retrieval.ranks(phrases))
    first = next(iter(described.ways.values()))
    live = [at for at, unit in enumerate(described.units) if unit.is_live]
    spoken = [first[at].phrase for at in live]
    rng = np.random.default_rng((described.seed, 2))
    baselines: dict[str, Sequence[str | None]] = {
        "constant": [CONSTANT] * len(live),
        "most frequent": [most_frequent(spoken)] * len(live),
        "shuffled": shuffled(spoken, rng),
        "top image's main object": [
            with_article(name) if (name := described.top_images[at]) else None for at in live
        ],
    }
    return ways, {
        name: Judged(
            described.units,
            {at: Said(text) for at, text in zip(live, phrases, strict=True) if text is not None},
        )
        for name, phrases in baselines.items()
    }


def ways_of(
    units: Sequence[PlantedUnit], ways: Mapping[str, Judged], baselines: Mapping[str, Judged]
) -> tuple[Way, ...]:
    """Every way and baseline with its rates in every group."""
    groups = _groups(units)
    found = []
    for name, judged in (*ways.items(), *baselines.items()):
        scores = (judged.scores(group, members) for group, members in groups.items())
        tops = {
            figure: mean_figure(list(judged.per_unit(figure).values()))
            for figure in ("top1", "top10", "encoder_top1", "encoder_top10")
        }
        found.append(
            Way(
                name,
                name in baselines,
                tuple(own for own in scores if own is not None),
                distinct=len(set(judged.phrases.values())) / max(1, len(judged.phrases)),
                n_abstained=judged.abstained,
                **tops,
            )
        )
    return tuple(found)


def gains_of(ways: Mapping[str, Judged], baselines: Mapping[str, Judged]) -> tuple[Gain, ...]:
    """Each way minus the next one and minus the last, and the first minus every baseline.

    Over the units that both judge.
    """
    every = list(ways.items())
    pairs = [*pairwise(every), *((way, every[-1]) for way in every[:-2])]
    pairs += [(every[0], baseline) for baseline in baselines.items()]
    found = []
    for (name, judged), (over, other) in pairs:
        for figure in ("named", "cosine", "top1", "top10"):
            mine, theirs = judged.per_unit(figure), other.per_unit(figure)
            difference = mean_figure([mine[at] - theirs[at] for at in mine if at in theirs])
            if difference is not None:
                found.append(Gain(name, over, figure, difference))
    return tuple(found)


def results_of(described: Described, first: Judged) -> tuple[UnitResult, ...]:
    """Every unit under the first way."""
    said = next(iter(described.ways.values()))
    return tuple(
        UnitResult(
            index=at,
            kind=str(unit.kind),
            truth=unit.truth,
            unseen=unit.is_unseen,
            noise=unit.noise,
            status=str(said[at].status),
            phrase=said[at].phrase,
            grade=str(first.grades[at]),
            top_image=described.top_images[at],
        )
        for at, unit in enumerate(described.units)
    )


def _groups(units: Sequence[PlantedUnit]) -> dict[str, list[int]]:
    """Units of each group; those of unseen concepts stand apart from all others."""
    numbered = list(enumerate(units))
    seen = [(at, unit) for at, unit in numbered if not unit.is_unseen]
    groups = {
        "live": [at for at, unit in seen if unit.is_live],
        "single concepts": [at for at, unit in seen if unit.kind is UnitKind.CONCEPT],
        "unseen concepts": [at for at, unit in numbered if unit.is_unseen and unit.is_live],
    }
    groups |= {
        str(kind): [at for at, unit in seen if unit.kind is kind]
        for kind in UnitKind
        if kind is not UnitKind.CONCEPT
    }
    groups |= {
        f"noise {level}": [at for at, unit in seen if unit.is_live and unit.noise == level]
        for level in NOISE_LEVELS
    }
    return {name: members for name, members in groups.items() if members}


def _cosines(units: Sequence[PlantedUnit], said: Mapping[int, Said]) -> dict[int, float]:
    """Likeness of each phrase to the nearest of the true ones; 0 where nothing is said."""
    found = {}
    for at, own in said.items():
        if not own.phrase:
            found[at] = 0.0
            continue
        near = embed_phrases(list(true_phrases(units[at]))) @ embed_phrases([own.phrase])[0]
        found[at] = float(near.max())
    return found
