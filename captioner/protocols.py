"""What a captioner must answer: pictures and masks in, phrases and likelihoods out.

Three small contracts, so that our own model, BLIP-like captioners and CLIP-like encoders fit the
same places:

- a `Reader` turns pictures and region masks into features, each picture once;
- a `Captioner` proposes phrases for a set of regions (a unit's evidence) and gives log p(d|E) and log p(d);
- a `RegionEncoder` puts regions and phrases in one space, for retrieval and for measuring.

A captioner and an encoder that share a reader share its work.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, Float64, UInt8

__all__ = ["Captioner", "LogLikelihood", "Reader", "RegionEncoder"]

Picture = UInt8[np.ndarray, "height width 3"]
Masks = Float32[np.ndarray, "region grid_height grid_width"]
Features = Float32[np.ndarray, "region ..."]


class LogLikelihood(NamedTuple):
    """Likelihood of each phrase, in nats."""

    total: Float64[np.ndarray, " phrase"]
    """Sum over tokens, end of phrase included."""
    n_tokens: Float64[np.ndarray, " phrase"]
    """How many tokens were summed."""


@runtime_checkable
class Reader(Protocol):
    """Turns pictures and region masks into features."""

    @property
    def tensor_hashes(self) -> frozenset[str]:
        """Content of the frozen backbone, see `captioner.fingerprint`.

        Shared tensors mean the same network.
        """
        ...

    @property
    def pools(self) -> bool:
        """Whether a picture is read once for all regions, so that more of them cost next to nothing."""
        ...

    def read(self, pictures: Sequence[Picture], masks: Sequence[Masks]) -> list[Features]:
        """Features of each picture's regions.

        Masks are weights >= 0 on a grid of any size over the picture.
        """
        ...


@runtime_checkable
class Captioner(Protocol):
    """Proposes and judges phrases for a unit's evidence E: the features of its regions."""

    @property
    def name(self) -> str:
        """As it was opened."""
        ...

    @property
    def reader(self) -> Reader:
        """What turns pictures and masks into this captioner's evidence."""
        ...

    def propose(self, evidence: Sequence[Features], n: int) -> list[list[str]]:
        """Up to n phrases a unit, likeliest first (beam search)."""
        ...

    def log_p_given(
        self, evidence: Sequence[Features], phrases: Sequence[Sequence[str]]
    ) -> list[LogLikelihood]:
        """log p(d|E) of each unit's own list of phrases."""
        ...

    def log_p_prior(self, phrases: Sequence[str]) -> LogLikelihood:
        """log p(d), with no evidence."""
        ...


@runtime_checkable
class RegionEncoder(Protocol):
    """One space for regions and phrases; all vectors have unit length."""

    @property
    def name(self) -> str:
        """As it was opened."""
        ...

    @property
    def reader(self) -> Reader:
        """What turns pictures and masks into features."""
        ...

    def sharpness(self, features: Features) -> Float32[np.ndarray, " region"]:
        """What a cosine of 1 is worth, in nats, where phrases compete for a region (inverse temperature)."""
        ...

    def embed_regions(self, features: Features) -> Float32[np.ndarray, "region dim"]:
        """Where regions lie in the space."""
        ...

    @property
    def known_names(self) -> Mapping[str, frozenset[int]]:
        """Phrases that its eye was taught by itself, with the classes that each covers; often empty."""
        ...

    def name_chances(self, features: Features) -> Float32[np.ndarray, "region name"]:
        """How likely a region is what each known name says, 0 to 1, in their order."""
        ...

    def embed_phrases(self, phrases: Sequence[str]) -> Float32[np.ndarray, "phrase dim"]:
        """Where phrases lie in the space."""
        ...
