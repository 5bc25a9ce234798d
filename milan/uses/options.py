"""What a user chooses for a run, and what a run answers."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from milan.describe import PmiSettings
from milan.engines import Engine
from milan.errors import BadSetting
from milan.exemplars import ExemplarSettings
from milan.networks import Network
from milan.records import PicturePolicy

__all__ = ["DescribeOptions", "Summary"]

_SHOWN = 5  # skipped images named to a person


@dataclass(frozen=True, slots=True)
class DescribeOptions:
    """Choices of one run; the defaults are those of `milan describe`."""

    layers: tuple[str, ...] = ()
    """Names or patterns (`blocks.*`); none means those worth describing."""
    units: frozenset[int] | Mapping[str, frozenset[int]] | None = None
    """Describe these units of each layer, or of each layer that is named; None means all."""
    captioner: str | None = "default"
    """Who speaks; None finds exemplars only."""
    encoder: str = "default"
    """Who finds phrases and look-alike units."""
    simulator: str | None = "default"
    """Who measures what was said, through other eyes; None measures nothing."""
    phrases: Path | None = None
    """A user's own vocabulary, one phrase a line."""
    limit: int | None = None
    """At most this many images."""
    measure_on: Path | None = None
    """A folder to measure on, instead of a third of the images."""
    exemplars: ExemplarSettings = field(default_factory=ExemplarSettings)
    pmi: PmiSettings = field(default_factory=PmiSettings)
    pictures: PicturePolicy | None = None
    """How much of the images is kept; None means what the catalog does already, and pictures in a new one."""
    workers: int = 2
    """Threads that decode."""
    engine: Engine | None = None
    """Who makes the pass over the images, in shards; None is this process."""
    reopen: Callable[[], Network] | None = None
    """How the engine's workers open the network: a function that can be pickled; None opens its spec."""
    preview: bool = False
    """Describe a few units from the images seen so far, when 1, 3, 10 and 30 % of them are."""
    seed: int = 0
    fresh: bool = False
    """Forget what catalog and cache hold of this run."""

    def __post_init__(self) -> None:
        given: object = self.layers
        if isinstance(given, str):  # it would be read letter by letter
            raise BadSetting(f"layers are given as a tuple, such as ({given!r},)")

    def units_of(self, layer: str) -> frozenset[int] | None:
        """Units of a layer that are to be described; None means all."""
        return self.units.get(layer) if isinstance(self.units, Mapping) else self.units


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did."""

    network: str
    catalog: str
    n_images: int
    """Found in the folder, those that were skipped among them."""
    n_skipped: int
    skipped: tuple[tuple[str, str], ...]
    """Path and reason of images that were left out."""
    n_units: int
    statuses: dict[str, int]
    """Units by status."""
    captioner: str | None
    k: int
    """Exemplars asked for a unit."""
    n_exemplar_images: int
    """Images that could become exemplars; the others were only measured."""

    @property
    def n_failed(self) -> int:
        """Units that could not be measured."""
        return self.statuses.get("failed", 0)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for `--json`."""
        return {**asdict(self), "skipped": [{"image": path, "reason": why} for path, why in self.skipped]}

    def lines(self) -> list[str]:
        """What a person reads at the end."""
        found = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in self.statuses.items())
        used = f"{self.n_images - self.n_skipped} of {self.n_images}" if self.n_skipped else self.n_images
        said = [f"{self.network}: {self.n_units} units ({found}) from {used} images -> {self.catalog}"]
        if self.n_exemplar_images < self.k:
            said.append(
                f"only {self.n_images - self.n_skipped} images, of which {self.n_exemplar_images} serve "
                f"exemplars: a unit has at most {self.n_exemplar_images}, not {self.k}"
            )
        said += [f"skipped {path}: {why}" for path, why in self.skipped[:_SHOWN]]
        if self.n_skipped > _SHOWN:
            said.append(f"skipped {self.n_skipped - _SHOWN} more; --json lists them all")
        return said
