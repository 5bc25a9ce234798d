"""Held-out figures of a head: regions of photos that no training step saw."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32

from captioner.dual import DualEncoder
from captioner.features import SampleFeatures
from captioner.own import OwnCaptioner
from captioner.samples import Sample

__all__ = ["KindFigures", "evaluate", "evaluate_encoder"]

_GROUP = 5
_MOST_JUDGED = 200
"""Phrases of a kind beyond which the decoder is not asked to judge all."""


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Figures of one kind of sample; rates are parts of 1. Those of a decoder are NaN where there is none."""

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
    return [
        _figures(captioner.encoder, captioner, *part)
        for part in _held_out(data, most, np.random.default_rng(seed))
    ]


def evaluate_encoder(
    encoder: DualEncoder, data: SampleFeatures, most: int = 60, seed: int = 0
) -> list[KindFigures]:
    """The same of an encoder without a decoder."""
    return [_figures(encoder, None, *part) for part in _held_out(data, most, np.random.default_rng(seed))]


class _Kind(NamedTuple):
    """Validation samples of one kind."""

    kind: str
    samples: list[Sample]
    features: Float32[np.ndarray, "region feature"]
    phrases: list[str]
    """To choose among."""


def _held_out(data: SampleFeatures, most: int, random: np.random.Generator) -> Iterator[_Kind]:
    held_out = data.split("validation")
    for kind in sorted({sample.kind for sample in held_out.samples}):
        rows = np.array([row for row, sample in enumerate(held_out.samples) if sample.kind == kind])
        rows = np.sort(rows[random.permutation(len(rows))[:most]])
        phrases = sorted({sample.phrases[0] for sample in data.samples if sample.kind == kind})
        own = [held_out.samples[row] for row in rows]
        yield _Kind(kind, own, held_out.features[rows].astype(np.float32), phrases)


def _figures(
    encoder: DualEncoder,
    captioner: OwnCaptioner | None,
    kind: str,
    samples: list[Sample],
    features: Float32[np.ndarray, "region feature"],
    phrases: list[str],
) -> KindFigures:
    true = [set(sample.phrases) for sample in samples]
    similarity = encoder.embed_regions(features) @ encoder.embed_phrases(phrases).T
    ranked = np.argsort(-similarity, axis=1)
    of_decoder = dict.fromkeys(("said", "said_of_group", "judged", "gain"), float("nan"))
    if captioner is not None:
        of_decoder = _figures_of_decoder(captioner, features, [sample.phrases[0] for sample in samples], true)
        if len(phrases) <= _MOST_JUDGED:
            evidence = [features[i : i + 1] for i in range(len(features))]
            of_decoder["judged"] = _judged(captioner, evidence, true, phrases)
    return KindFigures(
        kind=kind,
        n_regions=len(samples),
        n_phrases=len(phrases),
        top1=_rate(phrases[best[0]] in some for best, some in zip(ranked, true, strict=True)),
        top5=_rate(
            any(phrases[i] in some for i in best[:5]) for best, some in zip(ranked, true, strict=True)
        ),
        **of_decoder,
    )


def _figures_of_decoder(
    captioner: OwnCaptioner,
    features: Float32[np.ndarray, "region feature"],
    first: list[str],
    true: list[set[str]],
) -> dict[str, float]:
    evidence = [features[i : i + 1] for i in range(len(features))]
    groups = [_group(first, features, i) for i in range(len(features))]
    own = captioner.log_p_given(evidence, [[phrase] for phrase in first])
    prior = captioner.log_p_prior(first)
    return {
        "said": _said(captioner, evidence, true),
        "said_of_group": _said(captioner, groups, true),
        "judged": float("nan"),
        "gain": float(np.mean([likelihood.total[0] for likelihood in own] - prior.total)),
    }


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
