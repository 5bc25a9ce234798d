"""Describe the units of one layer, a chunk at a time."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from jaxtyping import Float32, Float64

from captioner.protocols import LogLikelihood
from milan.describe.candidates import CandidateFinder, UnitCandidates
from milan.describe.evidence import LayerEvidence
from milan.describe.faithfulness import Judge
from milan.describe.meanings import Meanings
from milan.describe.pmi import PmiSettings, pmi_scores, rank_by_pmi
from milan.describe.priors import Priors
from milan.describe.recognition import Recognition
from milan.describe.sparing import sparing
from milan.describe.specific import specific
from milan.describe.trust import trusted
from milan.describe.voice import Voice
from milan.describe.whereabouts import Whereabouts
from milan.describe.whole_range import WholeRange
from milan.records import Candidate, Description, UnitStatus

__all__ = ["describe_layer"]


def describe_layer(
    evidence: LayerEvidence,
    voice: Voice,
    settings: PmiSettings,
    *,
    whole_range: WholeRange | None = None,
    judge: Judge | None = None,
    units: Collection[int] | None = None,
    done: Collection[int] = (),
) -> Iterator[list[Description]]:
    """Yield the descriptions of `units` (None: all with evidence) that are not `done`, in chunks, in order.

    With a `whole_range` phrases must follow the unit's whole range too, unless the settings say otherwise;
    with a `judge` each description carries its faithfulness, and none is said that is not faithful.

    A chunk of units is judged as a whole even when only some of its units are wanted: a run that was cut off
    and goes on, or that asks for ten units, computes the batches of one that asks for all.
    """
    wanted = set(evidence.units if units is None else units)
    if not wanted & set(evidence.units):
        return
    chooses = whole_range if settings.select == "range" else None
    finder = CandidateFinder(evidence, voice, settings, chooses)
    meanings = Meanings(evidence, finder)
    chunks = [chunk for chunk in finder.chunks if wanted & set(chunk)]
    candidates = {unit: finder.of(unit) for chunk in chunks for unit in chunk}
    tried = chain.from_iterable(
        (*found.phrases, *meanings.phrases_of(unit)) for unit, found in candidates.items()
    )
    priors = Priors(settings.prior, voice.captioner, evidence, tried)
    ranking = _Ranking(priors, chooses, Recognition(evidence, voice), settings)
    for chunk in chunks:
        missing = (wanted & set(chunk)) - set(done)
        if not missing:
            continue
        phrases = [candidates[unit].phrases for unit in chunk]
        given = voice.captioner.log_p_given([evidence.features_of(unit) for unit in chunk], phrases)
        several = meanings.of(chunk, candidates, voice.captioner, ranking.of_part)
        ranked = ranking.best({unit: candidates[unit] for unit in chunk}, given)
        descriptions = [
            Description(
                unit, UnitStatus.DESCRIBED, settings.lambda_, ranked[unit], meanings=several.get(unit, ())
            )
            for unit in chunk
            if unit in missing
        ]
        yield trusted(descriptions, whole_range, judge)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """How well phrases fit units of one layer, or parts of them."""

    priors: Priors
    chooses: WholeRange | None
    recognition: Recognition
    settings: PmiSettings

    def best(
        self, found: Mapping[int, UnitCandidates], given: Sequence[LogLikelihood]
    ) -> dict[int, tuple[Candidate, ...]]:
        """The candidates of a chunk's units, best first; `given` in the order of the units."""
        if self.chooses is not None:
            self.chooses.meet(phrase for own in found.values() for phrase in own.phrases)
        ranked = {
            unit: self._ranked(unit, own, likelihood)
            for (unit, own), likelihood in zip(found.items(), given, strict=True)
        }
        return ranked if self.chooses is None else Whereabouts(self.recognition, self.chooses).said(ranked)

    def of_part(self, phrases: Sequence[str], given: LogLikelihood) -> Float64[np.ndarray, " phrase"]:
        """Scores for some of a unit's exemplars; its other exemplars drive the whole range too."""
        return pmi_scores(given, self.priors.of(phrases), self.settings)

    def _ranked(self, unit: int, found: UnitCandidates, given: LogLikelihood) -> tuple[Candidate, ...]:
        phrases, prior = found.phrases, self.priors.of(found.phrases)
        if self.chooses is None:
            return rank_by_pmi(phrases, found.sources, given, prior, self.settings)
        follows, recognised = self._follows(self.chooses, unit, phrases), self.recognition.of(unit, phrases)
        return rank_by_pmi(phrases, found.sources, given, prior, self.settings, follows, recognised)

    @staticmethod
    def _follows(
        whole_range: WholeRange, unit: int, phrases: Sequence[str]
    ) -> Float32[np.ndarray, " phrase"]:
        names, follows = whole_range.known_names, whole_range.follow([unit], phrases)[0]
        return sparing(phrases, specific(phrases, follows, names), names)
