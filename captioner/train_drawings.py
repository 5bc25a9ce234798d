"""Fits what a head knows of drawings, in closed form."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from captioner.drawings import Drawings, DrawnThing
from captioner.features import SampleFeatures
from captioner.samples import Sample
from captioner.sentences import sentence_encoder

__all__ = ["DrawingsFit", "fit_drawings"]

_CHUNK = 4096  # regions
_DEEP = 2
"""Depths of the backbone, the last ones, that tell drawings from photographs."""


@dataclass(frozen=True, slots=True)
class DrawingsFit:
    """How knowledge of drawings is fitted."""

    fewest: int = 8
    """Regions of a thing; a phrase of fewer is left for the next, more general one."""
    shrinkage: float = 0.05
    """Share of the covariance within things that is taken to be alike in all directions."""
    axes: int = 256
    """Directions kept."""
    temper: float = 0.3
    """What log odds are multiplied by: features depend on one another more than the model says."""
    strictness: float = 0.001
    """Share of photographs' regions that may pass for drawings."""
    gate_ridge: float = 0.3
    """What is added to the variance of each standardised feature where drawings are told from photographs."""


def fit_drawings(
    scenes: SampleFeatures, photos: SampleFeatures, fit: DrawingsFit = DrawingsFit()
) -> Drawings:
    """Learn from regions of scenes to tell drawn things apart, and with photos' to tell drawings from them.

    A thing is what a region's phrases say, the most specific that enough regions share. All regions given are
    trained on.
    """
    things, members = _things(scenes.samples, fit.fewest)
    kept = np.flatnonzero(members >= 0)
    drawn = torch.from_numpy(scenes.features[kept])
    own = torch.from_numpy(members[kept])
    mean, spread = _moments(drawn)
    middles, within = _within(drawn, own, len(things), mean, spread)
    shrunk = torch.lerp(within, torch.eye(len(within)) * within.diagonal().mean(), fit.shrinkage)
    # middles in the space in which things scatter alike in all directions; their main axes there
    root = torch.linalg.cholesky(shrunk)
    white = torch.linalg.solve_triangular(root, middles.T, upper=False).T
    _, _, main = torch.linalg.svd(white - white.mean(0), full_matrices=False)
    main = main[: fit.axes]
    axes = torch.linalg.solve_triangular(root.T, main.T, upper=True).T
    weights = white @ main.T
    offsets = -(weights**2).sum(1) / 2
    n_deep = sum(scenes.depths[-_DEEP:])
    gate, threshold = _gate(drawn, torch.from_numpy(photos.features), mean, spread, fit, n_deep)
    vectors = torch.from_numpy(sentence_encoder().embed([thing.phrases[0] for thing in things]))
    return Drawings(
        things,
        gate[None],
        axes,
        weights * fit.temper,
        vectors,
        torch.cat([-threshold[None], offsets * fit.temper]),
        mean,
        spread,
    )


def _things(
    samples: Sequence[Sample], fewest: int
) -> tuple[tuple[DrawnThing, ...], Int64[np.ndarray, " sample"]]:
    """Classes, and the class of each sample: its most specific phrase that enough samples have, or -1."""
    often = Counter(phrase for sample in samples for phrase in sample.phrases)
    number: dict[str, int] = {}
    members = np.full(len(samples), -1, np.int64)
    kinds: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row, sample in enumerate(samples):
        at = next((at for at, phrase in enumerate(sample.phrases) if often[phrase] >= fewest), None)
        if at is not None:
            members[row] = number.setdefault(sample.phrases[at], len(number))
            kinds[int(members[row])].update(sample.phrases[at + 1 :])
    counts = np.bincount(members[members >= 0])
    things = tuple(
        DrawnThing((phrase, *(kind for kind, n in kinds[at].items() if 2 * n > counts[at])))
        for phrase, at in number.items()
    )
    return things, members


def _moments(features: Tensor) -> tuple[Float[Tensor, " feature"], Float[Tensor, " feature"]]:
    parts = [part.double() for part in torch.split(features, _CHUNK)]
    mean = torch.stack([part.sum(0) for part in parts]).sum(0) / len(features)
    square = torch.stack([(part**2).sum(0) for part in parts]).sum(0) / len(features)
    return mean.float(), (square - mean**2).clamp_min(1e-8).sqrt().float()


def _within(
    features: Tensor, own: Tensor, n: int, mean: Tensor, spread: Tensor
) -> tuple[Float[Tensor, "thing feature"], Float[Tensor, "feature feature"]]:
    """Means of things and the covariance around them."""
    sums, counts = torch.zeros(n, len(mean)), torch.bincount(own, minlength=n)
    parts = list(zip(torch.split(features, _CHUNK), torch.split(own, _CHUNK), strict=True))
    for part, of in parts:
        sums.index_add_(0, of, _standardised(part, mean, spread))
    middles = sums / counts[:, None]
    total = torch.zeros(len(mean), len(mean))
    for part, of in parts:
        off = _standardised(part, mean, spread) - middles[of]
        total += off.T @ off
    return middles, total / len(features)


def _gate(
    drawn: Tensor, photographed: Tensor, mean: Tensor, spread: Tensor, fit: DrawingsFit, n_deep: int
) -> tuple[Float[Tensor, " feature"], Float[Tensor, ""]]:
    """A direction from photographs to drawings, and the value that few photographs reach.

    Only the last `n_deep` features have a say. Earlier ones tell how sharp a picture is, how it was scaled
    and compressed: by those, sharp photographs of another source than ours pass for drawings.
    """
    sides = torch.cat([torch.zeros(len(photographed)), torch.ones(len(drawn))]).long()
    regions = torch.cat([photographed, drawn])
    middles, within = _within(regions, sides, 2, mean, spread)
    deep = within[-n_deep:, -n_deep:] + fit.gate_ridge * torch.eye(n_deep)
    gate = torch.zeros(len(mean))
    gate[-n_deep:] = torch.linalg.solve(deep, (middles[1] - middles[0])[-n_deep:])
    values = torch.cat(
        [_standardised(part, mean, spread) @ gate for part in torch.split(photographed, _CHUNK)]
    )
    return gate, values.quantile(1 - fit.strictness)


def _standardised(features: Tensor, mean: Tensor, spread: Tensor) -> Tensor:
    return ((features.float() - mean) / spread).clamp(-10, 10)
