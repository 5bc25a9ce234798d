"""What can be chosen about evaluations."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from milan.describe import PmiSettings
from milan.errors import BadSetting
from milan.uses.options import DescribeOptions

__all__ = [
    "DEFAULT_WAY",
    "EXEMPLARS_ALONE",
    "LIKELIHOOD_ALONE",
    "NETWORK_PRIOR",
    "EvaluateOptions",
    "PlantedOptions",
]

DEFAULT_WAY = "milan"
EXEMPLARS_ALONE = "exemplars alone"
NETWORK_PRIOR = "exemplars alone, network prior"
LIKELIHOOD_ALONE = "likelihood alone"


def _ways() -> dict[str, DescribeOptions]:
    return {
        DEFAULT_WAY: DescribeOptions(),
        EXEMPLARS_ALONE: DescribeOptions(simulator=None, pmi=PmiSettings(select="pmi")),
        NETWORK_PRIOR: DescribeOptions(simulator=None, pmi=PmiSettings(select="pmi", prior="network")),
        LIKELIHOOD_ALONE: DescribeOptions(simulator=None, pmi=PmiSettings(select="pmi", lambda_=0)),
    }


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """Choices when a catalog is evaluated; the defaults are those of `milan evaluate CATALOG`."""

    layers: tuple[str, ...] = ()
    """Names or patterns (`blocks.*`); none means all that are described."""
    images: Path | None = None
    """The folder that the catalog was described from; None tells what the catalog alone knows."""
    simulator: str | None = None
    """The folder of the simulator that measured the catalog; None: as the catalog names it."""
    phrases: Path | None = None
    """The vocabulary of one's own that the catalog was described with."""
    constant: str = "an animal"
    """The phrase that is tried on every unit."""
    seed: int = 0
    """Of shuffles, rivals and bootstrap."""
    workers: int = 2
    """Threads that decode."""


@dataclass(frozen=True, slots=True)
class PlantedOptions:
    """Choices of one benchmark run; the defaults are those of `milan evaluate --planted`."""

    n_units: int = 120
    """Units of the network by construction, 20 or more."""
    n_images: int = 1500
    """Scenes, 100 or more; a third of them is only measured."""
    seed: int = 0
    """Of units, scenes, noise, shuffles and bootstrap."""
    captioner: str = "default"
    """Who speaks, for all ways."""
    drawings: Path | None = None
    """A folder of another emoji set's pictures (`1F34E.png`) instead of the drawings made from Twemoji."""
    trained: bool = True
    """Whether heads trained on masks are described too."""
    ways: Mapping[str, DescribeOptions] = field(default_factory=_ways)
    """Ways to describe, by name, each held against the next and the last; what they say of images is
    ignored.
    """
    workers: int = 2
    """Threads that decode."""

    def __post_init__(self) -> None:
        if self.n_units < 20:
            raise BadSetting(f"--units is at least 20, so that every kind is there; got {self.n_units}")
        if self.n_images < 100:
            raise BadSetting(f"--scenes is at least 100, got {self.n_images}")
        if self.seed < 0:
            raise BadSetting(f"--seed is at least 0, got {self.seed}")
        if not self.ways:
            raise BadSetting("there is no way to describe: give at least one")

    def way(self, name: str, layer: str) -> DescribeOptions:
        """The options of one way for one layer, with what all ways share."""
        return replace(
            self.ways[name],
            layers=(layer,),
            units=None,
            captioner=self.captioner,
            limit=None,
            measure_on=None,
            workers=self.workers,
        )
