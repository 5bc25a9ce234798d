"""Describe the units of one layer, a chunk at a time."""

from collections.abc import Collection, Iterable, Iterator

import numpy as np
from captioner.protocols import Captioner, LogLikelihood

from milan.describe.candidates import gather_candidates
from milan.describe.evidence import LayerEvidence
from milan.describe.pmi import PmiSettings, rank_by_pmi
from milan.describe.voice import Voice
from milan.records import Description, UnitStatus

__all__ = ["describe_layer"]

CHUNK = 64  # units judged and stored together


def describe_layer(
    evidence: LayerEvidence,
    voice: Voice,
    settings: PmiSettings,
    *,
    done: Collection[int] = (),
) -> Iterator[list[Description]]:
    """Yield descriptions in chunks of units, in order; chunks wholly in `done` are left out.

    A chunk is always judged as a whole, so that a run that was cut off and goes on computes the same batches as
    one that was not. Units without evidence (dead, never positive, not chosen) are not described.
    """
    units = evidence.units
    chunks = [units[start : start + CHUNK] for start in range(0, len(units), CHUNK)]
    waiting = [chunk for chunk in chunks if not set(chunk) <= set(done)]
    if not waiting:
        return
    candidates = gather_candidates(evidence, voice, settings)
    priors = _Priors(voice.captioner, (p for found in candidates.values() for p in found.phrases))
    for chunk in waiting:
        phrases = [candidates[unit].phrases for unit in chunk]
        given = voice.captioner.log_p_given([evidence.features_of(unit) for unit in chunk], phrases)
        descriptions: list[Description] = []
        for unit, own, likelihood in zip(chunk, phrases, given, strict=True):
            ranked = rank_by_pmi(own, candidates[unit].sources, likelihood, priors.of(own), settings)
            descriptions.append(Description(unit, UnitStatus.DESCRIBED, settings.lambda_, ranked))
        yield descriptions


class _Priors:
    """log p(d) of every candidate of a layer, asked once a phrase: look-alike units share most of theirs."""

    def __init__(self, captioner: Captioner, phrases: Iterable[str]) -> None:
        known = sorted(set(phrases))  # sorted: the batches inside must not depend on the order of units
        self.place = {phrase: position for position, phrase in enumerate(known)}
        self.all = captioner.log_p_prior(known)

    def of(self, phrases: list[str]) -> LogLikelihood:
        places = np.array([self.place[phrase] for phrase in phrases], np.intp)
        return LogLikelihood(self.all.total[places], self.all.n_tokens[places])
