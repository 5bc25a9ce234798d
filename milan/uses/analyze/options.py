"""What a user chooses for an analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from milan.ablation import SetTo
from milan.errors import BadSetting, UnknownName

__all__ = ["ORDERS", "AnalyzeOptions"]

ORDERS: Mapping[str, str] = {
    "words": "longest description first",
    "nouns": "most nouns first",
    "verbs": "most verbs first",
    "adjectives": "most adjectives first",
    "prepositions": "most prepositions first",
    "word-difference": "descriptions of the most unlike words first",
    "faithfulness": "descriptions that follow their unit best first",
    "concept": "descriptions closest to the concept first",
    "important": "units whose loss costs most accuracy first",
    "unimportant": "units whose loss costs least accuracy first",
}
"""Every order by name, and which units it switches off first."""

_FEWEST_SEEDS = 5


@dataclass(frozen=True, slots=True)
class AnalyzeOptions:
    """Choices of one analysis; the defaults are those of `milan analyze`."""

    images: Path
    """Labelled images, `DIR/class/*.jpg`."""
    outputs: Mapping[str, int] | None = None
    """Output of the network by folder name; None: as `LabelledImages.read` finds them."""
    name: str | None = None
    """The network's name in the catalog; None looks for its weights."""
    layers: tuple[str, ...] = ()
    """Names or patterns among the layers that the catalog describes; none means all of them."""
    orders: tuple[str, ...] = ()
    """Among `ORDERS`; none means all that can be had."""
    concept: str | None = None
    """A text that descriptions are compared with, for the order `concept`."""
    fractions: tuple[float, ...] = tuple(step / 50 for step in range(11))
    """Shares of the units to be switched off, 0 to 1; MILAN's are 0 to .2 in steps of .02."""
    max_units: int | None = None
    """At most so many units are switched off."""
    set_to: SetTo = SetTo.ZERO
    """What a unit that is off is held at: zero, as in the published curves (Hernandez et al. 2022, section
    5), or its mean over the images that score.
    """
    seeds: int = 5
    """Random orders of each kind, 5 or more: an interval over fewer means nothing."""
    seed: int = 0
    limit: int | None = None
    """At most this many images."""
    workers: int = 2
    """Threads that decode."""

    def __post_init__(self) -> None:
        for order in self.orders:
            if order not in ORDERS:
                raise UnknownName("order", order, ORDERS, f"There are: {', '.join(ORDERS)}.")
        if "concept" in self.orders and self.concept is None:
            raise BadSetting("the order 'concept' needs a text to compare with: give --concept TEXT")
        if self.concept is not None and not self.concept.strip():
            raise BadSetting("the concept is empty: give --concept a word or a phrase")
        if self.seeds < _FEWEST_SEEDS:
            raise BadSetting(f"an interval needs {_FEWEST_SEEDS} random orders or more, got {self.seeds}")
        if not any(self.fractions) or not all(0 <= share <= 1 for share in self.fractions):
            given = ", ".join(f"{share:g}" for share in self.fractions)
            raise BadSetting(f"fractions are shares of the units from 0 to 1, one above 0; got {given}")
        if self.max_units is not None and self.max_units < 1:
            raise BadSetting(f"at least one unit must be switched off, got {self.max_units}")

    def counts(self, n_units: int) -> list[int]:
        """How many units are switched off at each point, from 0, each number once; BadSetting if too many."""
        if self.max_units is not None and self.max_units > n_units:
            raise BadSetting(
                f"asked to switch off up to {self.max_units} units, but only {n_units} are described: "
                f"lower --max-units, or describe more layers"
            )
        most = n_units if self.max_units is None else self.max_units
        asked = {min(round(share * n_units), most) for share in self.fractions}
        if asked <= {0}:
            asked.add(1)  # so few units that the shares round to none
        return sorted(asked | {0})
