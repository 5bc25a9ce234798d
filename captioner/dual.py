"""Regions and phrases in one space: the sentence encoder's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Float32
from torch import Tensor, nn

from captioner.backbone import Backbone
from captioner.classes import ClassKnowledge
from captioner.drawings import Drawings
from captioner.known_names import known_names
from captioner.sentences import SentenceEncoder

__all__ = ["DualEncoder", "ProjectorShape", "RegionProjector", "Standardised"]

_SHARPEST = 4.6
"""Log of the largest sharpness, about 100, beyond which training is unsteady (Radford et al. 2021)."""

_OF_PHOTOGRAPHS = 0.4
"""What the projector adds to a drawing's place: it knows colours, and things that nobody drew."""

_SHARPNESS_OF_DRAWINGS = 100.0
"""A drawing lies at its very name, a photograph somewhere near its own."""


class Standardised(nn.Module):
    """Features with the mean and spread of the training regions taken out.

    Far outliers are held at ten spreads.
    """

    def __init__(self, n_features: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(n_features))
        self.register_buffer("spread", torch.ones(n_features))

    def fit(self, features: Float[Tensor, "region feature"]) -> None:
        """Take mean and spread from training regions."""
        self.get_buffer("mean").copy_(features.mean(0))
        self.get_buffer("spread").copy_(features.std(0, correction=0).clamp_min(1e-4))

    def forward(self, features: Float[Tensor, "... feature"]) -> Float[Tensor, "... feature"]:
        """Standardise."""
        return ((features - self.get_buffer("mean")) / self.get_buffer("spread")).clamp(-10, 10)


@dataclass(frozen=True, slots=True)
class ProjectorShape:
    """Sizes of a projector."""

    n_features: int
    hidden: int = 1024
    dim: int = 384
    n_classes: int = 0
    """Classes of the backbone's classifier that it starts from; 0: it starts from nothing."""


class RegionProjector(nn.Module):
    """Two layers from region features to the sentence encoder's space, added to what the classifier knows."""

    def __init__(self, shape: ProjectorShape, classes: ClassKnowledge | None = None) -> None:
        super().__init__()
        self.shape = shape
        self.classes = classes
        self.standardised = Standardised(shape.n_features)
        self.layers = nn.Sequential(
            nn.Linear(shape.n_features, shape.hidden),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.Linear(shape.hidden, shape.dim),
        )
        if classes is not None:
            self.share_of_classes = nn.Parameter(torch.tensor(1.0))
        self.log_scale = nn.Parameter(torch.tensor(3.0))

    @property
    def sharpness(self) -> Float[Tensor, ""]:
        """What a cosine of 1 is worth, in nats, where phrases compete for a region."""
        return self.log_scale.clamp(max=_SHARPEST).exp()

    def forward(self, features: Float[Tensor, "... feature"]) -> Float[Tensor, "... dim"]:
        """Vectors of unit length."""
        found = self.layers(self.standardised(features))
        if self.classes is not None:
            found = found + self.share_of_classes * self.classes(features)
        return F.normalize(found.float(), dim=-1)


class DualEncoder:
    """A `RegionEncoder`: a small trained projector beside the packaged sentence encoder.

    With `drawings`, regions that are drawn are told by those, and the projector tells photographs alone.
    """

    def __init__(
        self,
        name: str,
        reader: Backbone,
        projector: RegionProjector,
        sentences: SentenceEncoder,
        drawings: Drawings | None = None,
    ) -> None:
        self.name = name
        self.reader = reader
        self.projector = projector.eval().requires_grad_(False)
        self.drawings = drawings
        self._sentences = sentences

    def sharpness(self, features: Float32[np.ndarray, "region feature"]) -> Float32[np.ndarray, " region"]:
        """What a cosine of 1 is worth, in nats, where phrases compete for a region: more for drawings."""
        of_photographs = float(self.projector.sharpness)
        with torch.inference_mode():
            drawn = self.drawn(torch.as_tensor(features, dtype=torch.float32)).numpy()
        return np.where(drawn, _SHARPNESS_OF_DRAWINGS, of_photographs).astype(np.float32)

    def drawn(self, features: Float[Tensor, "... feature"]) -> Bool[Tensor, "..."]:
        """Which regions are drawings; none where drawings are not known."""
        if self.drawings is None:
            return torch.zeros(features.shape[:-1], dtype=torch.bool)
        return self.drawings.drawn(features)

    def place(self, features: Float[Tensor, "... feature"]) -> Float[Tensor, "... dim"]:
        """Where regions lie among the phrases; unit length."""
        found: Float[Tensor, "... dim"] = self.projector(features)
        drawn = self.drawn(features)
        if self.drawings is not None and drawn.any():
            of_drawings = self.drawings.place(features[drawn])
            found[drawn] = F.normalize(of_drawings + _OF_PHOTOGRAPHS * found[drawn], dim=-1)
        return found

    def embed_regions(
        self, features: Float32[np.ndarray, "region feature"]
    ) -> Float32[np.ndarray, "region dim"]:
        """Where regions lie among the phrases; unit length."""
        with torch.inference_mode():
            vectors: Float32[np.ndarray, "region dim"] = self.place(
                torch.as_tensor(features, dtype=torch.float32)
            ).numpy()
        return vectors

    @property
    def known_names(self) -> Mapping[str, frozenset[int]]:
        """ImageNet's classes and what they are kinds of."""
        return known_names().classes

    def name_chances(
        self, features: Float32[np.ndarray, "region feature"]
    ) -> Float32[np.ndarray, "region name"]:
        """How likely a region is what each known name says, by the backbone's own classifier.

        The classifier was taught photographs: of names that drawn things have, `drawings` knows better, and
        the others are as likely as it is none of those.
        """
        chances = known_names().chances(self.reader.class_chances(features))
        known = torch.as_tensor(features, dtype=torch.float32)
        drawn = self.drawn(known).numpy()
        if self.drawings is not None and drawn.any():
            columns, members = self.drawings.names(known_names().phrases)
            with torch.inference_mode():
                of_things = self.drawings.chances(known[drawn])
                chances[drawn] *= 1 - of_things.amax(1, keepdim=True).numpy()
                of_names = (of_things @ members).clamp(max=1).numpy()
            chances[np.ix_(drawn, columns)] = of_names
        return chances

    def embed_phrases(self, phrases: Sequence[str]) -> Float32[np.ndarray, "phrase dim"]:
        """Where phrases lie: the sentence encoder's vectors, unit length."""
        return self._sentences.embed(phrases)
