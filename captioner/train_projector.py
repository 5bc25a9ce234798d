"""Trains the projector: regions near the phrases that are true of them, and near their classes' names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from captioner.classes import ClassKnowledge
from captioner.dual import ProjectorShape, RegionProjector
from captioner.features import SampleFeatures
from captioner.groups import Draw, PhraseIndex
from captioner.precision import trained_in_half
from captioner.schedule import warm_then_cosine
from captioner.sentences import sentence_encoder

__all__ = ["ProjectorTraining", "train_projector"]


@dataclass(frozen=True, slots=True)
class ProjectorTraining:
    """How a projector is trained."""

    steps: int = 1500
    batch: int = 768
    """Pairs a step; each phrase of the batch is a wrong answer for the regions it is not true of."""
    rate: float = 1e-3
    seed: int = 0
    taught: int = 384
    """Regions a step, of any kind, whose classes the backbone's own classifier teaches."""
    weight_of_taught: float = 0.5
    kind_weights: Mapping[str, float] = field(default_factory=dict)


def train_projector(
    data: SampleFeatures,
    classes: ClassKnowledge,
    training: ProjectorTraining,
    start: RegionProjector | None = None,
    progress: Callable[[int, float], None] = lambda step, loss: None,
) -> RegionProjector:
    """Train on all samples given.

    Beside pairs of a region and a phrase (contrastive), regions of all kinds are taught the backbone's own
    classes (distillation), or those that no sample names would be forgotten. `start` is a projector to go on
    from. Same seed, same machine, same weights.
    """
    torch.manual_seed(training.seed)
    random = np.random.default_rng(training.seed)
    index = PhraseIndex.of(data.samples, training.kind_weights)
    vectors = torch.from_numpy(sentence_encoder().embed(index.phrases))
    features = torch.from_numpy(data.features)
    projector = start
    if projector is None:
        shape = ProjectorShape(features.shape[1], dim=vectors.shape[1], n_classes=classes.n_classes)
        projector = RegionProjector(shape, classes)
        projector.standardised.fit(_some(features, random).float())
    projector.train().requires_grad_(True)
    optimiser = torch.optim.AdamW(projector.parameters(), lr=training.rate, weight_decay=0.01)
    schedule = warm_then_cosine(optimiser, training.steps)
    true_of = _pair_keys(index)
    for step in range(training.steps):
        draw = index.draw(random, training.batch)
        true = _true_pairs(draw, true_of, len(index.phrases))
        taught = random.integers(len(features), size=training.taught)
        rows = features[np.concatenate([draw.rows, taught])].float()
        with trained_in_half():
            regions = projector(rows)
            named, classified = regions.split([len(draw.rows), len(taught)])
            lesson = _lesson(projector, classified, classes, rows[len(draw.rows) :])
            loss = _contrast(projector, named, vectors[draw.phrases], true)
            loss = loss + training.weight_of_taught * lesson
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
        progress(step + 1, loss.item())
    return projector.eval().requires_grad_(False)


def _contrast(
    projector: RegionProjector,
    regions: Float[Tensor, "pair dim"],
    phrases: Float[Tensor, "pair dim"],
    true: Bool[Tensor, "pair pair"],
) -> Tensor:
    """Cross-entropy both ways; all phrases of the batch that are true of a region share its target."""
    scores = projector.sharpness * regions @ phrases.T
    share = true.float()
    forth = F.cross_entropy(scores, share / share.sum(1, keepdim=True))
    back = F.cross_entropy(scores.T, share.T / share.T.sum(1, keepdim=True))
    return (forth + back) / 2


def _lesson(
    projector: RegionProjector,
    regions: Float[Tensor, "region dim"],
    classes: ClassKnowledge,
    features: Float[Tensor, "region feature"],
) -> Tensor:
    """Cross-entropy with the classifier, the classes' names competing with one another alone."""
    scores = projector.sharpness * regions @ classes.get_buffer("vectors").T
    return F.cross_entropy(scores, classes.chances(features))


def _pair_keys(index: PhraseIndex) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.unique(index.pair_rows * len(index.phrases) + index.pair_phrases)


def _true_pairs(
    draw: Draw, keys: np.ndarray[tuple[int], np.dtype[np.int64]], n_phrases: int
) -> Bool[Tensor, "pair pair"]:
    wanted = draw.rows[:, None] * n_phrases + draw.phrases[None, :]
    places = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
    return torch.from_numpy(keys[places] == wanted)


def _some(features: Tensor, random: np.random.Generator, n: int = 20_000) -> Tensor:
    return features[random.permutation(len(features))[:n]]
