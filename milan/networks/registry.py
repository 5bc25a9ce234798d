"""The kinds of specs, each opened by a decorated function.

    @source("acme", form="acme:NAME")
    def open_acme(request: Request) -> Opened: ...

A package outside this one adds its own by an entry point of the group `milan.networks` that names such a
function's module.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from torch import nn

from milan.networks.preprocessing import Preprocessing

__all__ = ["Opened", "Opener", "Request", "forms", "known_schemes", "opener_of", "source"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a source is asked for."""

    target: str
    """The spec without its scheme."""
    weights: Path | None
    """A file of weights instead of the source's own."""
    untrained: bool
    """Leave the weights as the architecture draws them."""
    size: tuple[int, int] | None
    """Input size that the user wants, for networks built for one size."""

    @property
    def pretrained(self) -> bool:
        """Whether the source's own weights are wanted."""
        return self.weights is None and not self.untrained


@dataclass(frozen=True, slots=True)
class Opened:
    """What a source found."""

    module: nn.Module
    """The network, with its weights unless the request names a file."""
    preprocessing: Preprocessing | None = None
    """None when the source does not know it."""
    input_size: tuple[int, int] | None = None
    """Height and width, where they are known and the preprocessing is not."""
    channels: int | None = None
    """Input channels, where they are known and the preprocessing is not."""
    batch_size: int | None = None
    """The only batch size that it takes."""
    notes: tuple[str, ...] = ()
    """What to tell the user."""


Opener = Callable[[Request], Opened]
_openers: dict[str, Opener] = {}
_forms: dict[str, str] = {}


def source(scheme: str, form: str) -> Callable[[Opener], Opener]:
    """Register the function that opens specs of a scheme; a scheme belongs to one function only."""

    def register(opener: Opener) -> Opener:
        if scheme in _openers:
            raise ValueError(f"network scheme {scheme!r} is already taken by {_openers[scheme].__module__}")
        _openers[scheme] = opener
        _forms[scheme] = form
        return opener

    return register


def opener_of(scheme: str) -> Opener | None:
    """The function for a scheme, looked for among installed packages too; None when there is none."""
    if scheme not in _openers:
        for point in entry_points(group="milan.networks", name=scheme):
            point.load()
    return _openers.get(scheme)


def known_schemes() -> list[str]:
    """Schemes registered or installed, sorted."""
    return sorted({*_openers, *entry_points(group="milan.networks").names})


def forms() -> list[str]:
    """How the registered specs are written, one example a scheme."""
    return [_forms[scheme] for scheme in sorted(_forms)]
