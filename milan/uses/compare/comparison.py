"""What a comparison says: counts, pairs and units alone, layer by layer."""

from dataclasses import dataclass
from typing import Any

from milan.records import Figure
from milan.statistics.shares import Share, share
from milan.uses.compare.pairs import LoneUnit, UnitPair

__all__ = ["Comparison", "LayerComparison"]


@dataclass(frozen=True, slots=True)
class LayerComparison:
    """The units of a layer of one network beside those of a layer of another."""

    first: str
    """Name of the layer; `all layers` where layers have no names in common."""
    second: str
    n_units: tuple[int, int]
    """Units on either side that can be compared."""
    n_silent: tuple[int, int]
    """Units that are the same everywhere, or could not be measured: they are left out."""
    typical: float
    """Median likeness of all pairs."""
    strangers: float
    """Median likeness of a unit and the nearest other unit of its own network."""
    matched: tuple[UnitPair, ...]
    """Most alike first."""
    unsure: tuple[UnitPair, ...]
    """Pairs of which neither a match nor a loss can be said."""
    lost: tuple[LoneUnit, ...]
    """Units of the first network, by index."""
    new: tuple[LoneUnit, ...]
    """Units of the second."""
    words: Figure | None
    """Mean cosine of the phrases of matched units; None where they have no words."""
    words_shuffled: Figure | None
    """The same when phrases are dealt to other matched units."""

    @property
    def name(self) -> str:
        """What the layer is called, or both where they are called differently."""
        return self.first if self.first == self.second else f"{self.first} = {self.second}"

    @property
    def kept(self) -> Share:
        """Share of the first network's units that are matched, with Wilson's interval."""
        return share(len(self.matched), self.n_units[0])

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "first": self.first,
            "second": self.second,
            "units": list(self.n_units),
            "silent": list(self.n_silent),
            "kept": list(self.kept),
            "typical_likeness": self.typical,
            "strangers_likeness": self.strangers,
            "words": None if self.words is None else list(self.words),
            "words_shuffled": None if self.words_shuffled is None else list(self.words_shuffled),
            "matched": [pair.as_dict() for pair in self.matched],
            "unsure": [pair.as_dict() for pair in self.unsure],
            "lost": [unit.as_dict() for unit in self.lost],
            "new": [unit.as_dict() for unit in self.new],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two networks share, layer by layer and across layers."""

    first: str
    """What the first is called: its catalog's file and its name."""
    second: str
    n_images: int
    """Images that both were shown."""
    n_sampled: int
    """Those among them whose activations both kept."""
    is_of_text: bool
    same_weights: bool
    by_place: bool
    """Whether both crop images alike, so that regions could be compared."""
    layers: tuple[LayerComparison, ...]
    moved: tuple[UnitPair, ...]
    """Units without a match in their own layer that have one in another."""

    @property
    def notes(self) -> list[str]:
        """What a reader should know of the comparison, a line each."""
        lines = []
        if self.same_weights:
            lines.append("both have the very same weights")
        if not self.by_place:
            lines.append("the two crop images differently: whole exemplar images are compared, not regions")
        if not self.n_sampled and not self.is_of_text:
            lines.append("too few images have activations in both: units are compared by exemplars alone")
        return lines

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "first": self.first,
            "second": self.second,
            "images": self.n_images,
            "sampled": self.n_sampled,
            "same_weights": self.same_weights,
            "same_views": self.by_place,
            "layers": [layer.as_dict() for layer in self.layers],
            "moved": [pair.as_dict() for pair in self.moved],
        }
