"""Describe the units of one layer, a chunk at a time."""

from collections.abc import Collection, Iterable, Iterator

import numpy as np

from captioner.protocols import Captioner, LogLikelihood
from milan.describe.candidates import CandidateFinder
from milan.describe.evidence import LayerEvidence
from milan.describe.faithfulness import Judge
from milan.describe.pmi import PmiSettings, rank_by_pmi
from milan.describe.trust import trusted
from milan.describe.voice import Voice
from milan.describe.whole_range import WholeRange
from milan.records import Description, UnitStatus

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
    chunks = [chunk for chunk in finder.chunks if wanted & set(chunk)]
    candidates = {unit: finder.of(unit) for chunk in chunks for unit in chunk}
    priors = _Priors(voice.captioner, (phrase for found in candidates.values() for phrase in found.phrases))
    for chunk in chunks:
        missing = (wanted & set(chunk)) - set(done)
        if not missing:
            continue
        phrases = [candidates[unit].phrases for unit in chunk]
        given = voice.captioner.log_p_given([evidence.features_of(unit) for unit in chunk], phrases)
        descriptions: list[Description] = []
        for unit, own, likelihood in zip(chunk, phrases, given, strict=True):
            if unit in missing:
                follows = None if chooses is None else chooses.follow([unit], own)[0]
                ranked = rank_by_pmi(
                    own, candidates[unit].sources, likelihood, priors.of(own), settings, follows
                )
                descriptions.append(Description(unit, UnitStatus.DESCRIBED, settings.lambda_, ranked))
        yield trusted(descriptions, whole_range, judge)


class _Priors:
    """log p(d) of every candidate of a layer, asked once a phrase: look-alike units share most of theirs."""

    def __init__(self, captioner: Captioner, phrases: Iterable[str]) -> None:
        known = sorted(set(phrases))  # sorted: the batches inside must not depend on the order of units
        self._place = {phrase: position for position, phrase in enumerate(known)}
        self._all = captioner.log_p_prior(known)

    def of(self, phrases: list[str]) -> LogLikelihood:
        places = np.array([self._place[phrase] for phrase in phrases], np.intp)
        return LogLikelihood(self._all.total[places], self._all.n_tokens[places])
