"""Held-out figures of a head: regions of photos that no training step saw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from captioner.features import SampleFeatures
from captioner.own import OwnCaptioner

__all__ = ["KindFigures", "evaluate"]

_GROUP = 5


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Figures of one kind of sample; rates are parts of 1."""

    kind: str
    n_regions: int
    n_phrases: int
    """Phrases to choose among: every first phrase of the kind."""
    top1: float
    """The encoder ranks a true phrase first."""
    top5: float
    """... among the first five."""
    said: float
    """The decoder's likeliest phrase for one region is one of its true phrases, word for word."""
    said_of_group: float
    """The same for five regions that share their first phrase (as many as there are, when fewer)."""
    judged: float
    """The decoder's log p(d|E) - .2 log p(d) ranks a true phrase first among the same phrases."""
    gain: float
    """Mean of log p(d|E) - log p(d) of the first phrase, in nats."""


def evaluate(
    captioner: OwnCaptioner, data: SampleFeatures, most: int = 60, seed: int = 0
) -> list[KindFigures]:
    """Measure on the validation samples, up to `most` regions a kind, chosen by the seed."""
    held_out = data.split("validation")
    kinds = sorted({sample.kind for sample in held_out.samples})
    random = np.random.default_rng(seed)
    figures: list[KindFigures] = []
    for kind in kinds:
        rows = np.array([row for row, sample in enumerate(held_out.samples) if sample.kind == kind])
        rows = np.sort(rows[random.permutation(len(rows))[:most]])
        phrases = sorted({sample.phrases[0] for sample in data.samples if sample.kind == kind})
        figures.append(_figures(captioner, kind, held_out, rows, phrases))
    return figures


def _figures(
    captioner: OwnCaptioner,
    kind: str,
    data: SampleFeatures,
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    phrases: list[str],
) -> KindFigures:
    features = data.features[rows].astype(np.float32)
    true = [set(data.samples[row].phrases) for row in rows]
    first = [data.samples[row].phrases[0] for row in rows]
    similarity = captioner.encoder.embed_regions(features) @ captioner.encoder.embed_phrases(phrases).T
    ranked = np.argsort(-similarity, axis=1)
    evidence = [features[i : i + 1] for i in range(len(rows))]
    groups = [_group(first, features, i) for i in range(len(rows))]
    own = captioner.log_p_given(evidence, [[phrase] for phrase in first])
    prior = captioner.log_p_prior(first)
    return KindFigures(
        kind=kind,
        n_regions=len(rows),
        n_phrases=len(phrases),
        top1=_rate(phrases[best[0]] in some for best, some in zip(ranked, true, strict=True)),
        top5=_rate(
            any(phrases[i] in some for i in best[:5]) for best, some in zip(ranked, true, strict=True)
        ),
        said=_said(captioner, evidence, true),
        said_of_group=_said(captioner, groups, true),
        judged=_judged(captioner, evidence, true, phrases) if len(phrases) <= 200 else float("nan"),
        gain=float(np.mean([likelihood.total[0] for likelihood in own] - prior.total)),
    )


def _group(
    first: Sequence[str], features: Float32[np.ndarray, "region feature"], row: int
) -> Float32[np.ndarray, "region feature"]:
    alike = [other for other, phrase in enumerate(first) if phrase == first[row] and other != row]
    return features[[row, *alike[: _GROUP - 1]]]


def _said(
    captioner: OwnCaptioner, evidence: list[Float32[np.ndarray, "region feature"]], true: list[set[str]]
) -> float:
    proposed = captioner.propose(evidence, 3)
    return _rate(bool(own) and own[0] in some for own, some in zip(proposed, true, strict=True))


def _judged(
    captioner: OwnCaptioner,
    evidence: list[Float32[np.ndarray, "region feature"]],
    true: list[set[str]],
    phrases: list[str],
) -> float:
    prior = captioner.log_p_prior(phrases).total
    likelihoods = captioner.log_p_given(evidence, [phrases] * len(evidence))
    best = [int(np.argmax(own.total - 0.2 * prior)) for own in likelihoods]
    return _rate(phrases[i] in some for i, some in zip(best, true, strict=True))


def _rate(hits: Iterable[bool]) -> float:
    return float(np.mean(list(hits)))
