"""How text units are described."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from milan.errors import BadSetting

__all__ = ["TextSettings"]


@dataclass(frozen=True, slots=True)
class TextSettings:
    """Choices that change what is said; the defaults are those of `milan describe --texts`."""

    lambda_: float = 0.5
    """Weight of the prior, 0 to 1. Higher is more specific and less sure."""
    select: Literal["range", "pmi"] = "range"
    """Whether the whole range has a say, or mutual information with the strongest words alone."""
    range_weight: float = 10.0
    """Nats that the whole range gives or takes for each nat of its evidence."""
    n_kept: int = 10
    """Candidates stored with each unit."""
    least: int = 10
    """Words of the exemplar side that must have a property for it to be said."""
    n_selected: int = 20_000
    """Words of the exemplar side that choose phrases."""
    n_measured: int = 4_096
    """Words of the measuring side that measure them."""
    seed: int = 0
    """Of the bootstrap."""

    def __post_init__(self) -> None:
        if self.select not in ("range", "pmi"):
            raise BadSetting(f"--select is range or pmi, got {self.select!r}")
        if not 0 <= self.lambda_ <= 1:
            raise BadSetting(f"--lambda is between 0 and 1, got {self.lambda_}")
        if min(self.n_kept, self.least, self.n_selected) < 1:
            raise BadSetting("n_kept, least and n_selected are 1 at least")

    def as_dict(self) -> dict[str, Any]:
        """Plain values for a catalog's settings."""
        return asdict(self)
