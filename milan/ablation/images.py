"""Labelled images as a network sees them, and how it does on them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Float32, Int64, Shaped
from torch import Tensor

from milan.datasets import Batches, LabelledImages, Skipped
from milan.errors import DataError
from milan.networks import Network, change
from milan.networks.outputs import logits_of
from milan.records import Edit

__all__ = ["Outcome", "TestImages", "n_outputs_of", "outcome"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class TestImages:
    """Images decoded once and held in memory as eight-bit views, some 150 kB each at 224 pixels."""

    __test__ = False  # pytest takes names that begin so for tests

    views: Shaped[np.ndarray, "image height width channel"]
    labels: Int64[np.ndarray, " image"]
    """The output that should be highest."""
    paths: tuple[str, ...]
    skipped: tuple[Skipped, ...] = ()
    """Images that could not be decoded."""

    @classmethod
    def read(
        cls, network: Network, labelled: LabelledImages, *, workers: int = 2, progress: Progress | None = None
    ) -> Self:
        """Decode all images with the network's own geometry; DataError when none can be read."""
        manifest, views, skipped = labelled.manifest, dict[int, Any](), list(labelled.manifest.skipped)
        batches = Batches(
            manifest, 64, network.prepare, channels=network.preprocessing.channels, workers=workers
        )
        for batch in batches:
            views.update(batch.views)
            skipped += batch.skipped.values()
            if progress is not None:
                progress(batch.first + batch.n_images, len(manifest))
        if not views:
            raise DataError(f"none of the {len(manifest)} images under {str(manifest.folder)!r} can be read")
        kept = sorted(views)
        return cls(
            np.stack([views[at] for at in kept]),
            labelled.labels[kept],
            tuple(manifest.paths[at] for at in kept),
            tuple(skipped),
        )

    def __len__(self) -> int:
        return len(self.labels)

    def at(self, positions: Int64[np.ndarray, " some"]) -> Self:
        """Some of the images, in the given order."""
        return replace(
            self,
            views=self.views[positions],
            labels=self.labels[positions],
            paths=tuple(self.paths[at] for at in positions),
        )

    def inputs(self, network: Network, batch_size: int) -> Iterator[Float[Tensor, "image *input"]]:
        """The network's inputs, batch by batch."""
        size = network.batch_size or batch_size
        for start in range(0, len(self), size):
            some = self.views[start : start + size]
            made = np.stack([network.preprocessing.to_input(view) for view in some])
            if network.batch_size is not None and len(made) < size:  # an exported program takes no other
                made = np.concatenate([made, np.zeros((size - len(made), *made.shape[1:]), made.dtype)])
            yield torch.from_numpy(made).to(network.device)


class Outcome(NamedTuple):
    """How a network did on images."""

    predicted: Int64[np.ndarray, " image"]
    """The highest output; the first of equal ones."""
    right: Bool[np.ndarray, " image"]
    log_chance: Float32[np.ndarray, " image"]
    """Log of the chance given to the true class, by softmax over the outputs."""

    @property
    def accuracy(self) -> float:
        """Share of images that are right."""
        return float(self.right.mean())


def outcome(
    network: Network, images: TestImages, edits: Iterable[Edit] = (), *, batch_size: int = 64
) -> Outcome:
    """Run the network on all images, with edits."""
    with change(network, edits):
        found = [logits_of(network.forward(inputs)) for inputs in images.inputs(network, batch_size)]
    return judged(torch.cat(found)[: len(images)], images.labels)


def judged(logits: Float[Tensor, "image output"], labels: Int64[np.ndarray, " image"]) -> Outcome:
    """Which outputs are highest, and whether they should be."""
    predicted = logits.argmax(1).cpu().numpy()
    true = torch.from_numpy(labels).to(logits.device)[:, None]
    log_chance = F.log_softmax(logits.float(), 1).gather(1, true)[:, 0].cpu().numpy()
    return Outcome(predicted, predicted == labels, log_chance)


def n_outputs_of(network: Network) -> int:
    """How many outputs a classifier has, by one pass; NetworkError for what is no classifier."""
    return int(logits_of(network.try_out()).shape[1])
