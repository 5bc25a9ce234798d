"""The units without which an output would be most different."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from milan.catalog import Catalog, SaidUnits
from milan.datasets import open_picture
from milan.errors import BadSetting, DataError, UnknownName
from milan.exemplars import rgb_view
from milan.networks import Layer, Network, Resumed
from milan.networks.outputs import logits_of
from milan.records import Edit, ImageRegion, UnitId
from milan.uses.matching import require_same_network

__all__ = ["Answered", "Reason", "WhyOptions", "explain_output"]

_SIDE_BY_SIDE = 64


@dataclass(frozen=True, slots=True)
class WhyOptions:
    """What is asked."""

    output: int | None = None
    """Which output is to be explained; None: the highest."""
    layers: tuple[str, ...] = ()
    """Described layers that are looked at; none named: all."""
    top: int = 5
    """Reasons for, and reasons against."""

    def __post_init__(self) -> None:
        if self.top < 1:
            raise BadSetting(f"at least one reason is asked for, got {self.top}")


@dataclass(frozen=True, slots=True)
class Reason:
    """One unit's part in an output."""

    unit: UnitId
    phrase: str | None
    """What it responds to; None where nothing consistent is known."""
    faithfulness: float | None
    """Correlation of the best phrase with the unit on held-out images."""
    effect: float
    """Log chance of the output that is lost when the unit is switched off, in nats; below 0: it speaks
    against.
    """
    activation: float
    """Its peak in this image."""
    region: ImageRegion = field(repr=False)
    """Where in the image it is active."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON, without the region's map."""
        found = {name: value for name, value in asdict(self).items() if name not in ("region", "unit")}
        return {"unit": str(self.unit), **found}


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """An output for one image, with its reasons."""

    image: str
    output: int
    chance: float
    """Of the output, by softmax over all."""
    rank: int
    """Of the output among all; 0 is the highest."""
    n_units: int
    """That were switched off, one after the other."""
    reasons: tuple[Reason, ...]
    """For the output, strongest first."""
    against: tuple[Reason, ...]
    """Without which it would be likelier, strongest first."""
    view: UInt8[np.ndarray, "height width 3"] = field(repr=False)
    """What the network saw."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            **{name: getattr(self, name) for name in ("image", "output", "chance", "rank", "n_units")},
            "reasons": [reason.as_dict() for reason in self.reasons],
            "against": [reason.as_dict() for reason in self.against],
        }


def explain_output(
    network: Network,
    catalog: Catalog,
    image: Path,
    options: WhyOptions | None = None,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Answered:
    """Switch off each unit of the described layers, alone, and see what that does to one output for one
    image.

    A unit's effect is the log chance of the output with it, less that without it. Effects of single units
    do not add up: two that say the same stand in for each other, and neither seems to matter. The network
    must be the very one that the catalog describes. Raises DataError for an image that cannot be read,
    BadSetting for an output that the network has not, UnknownName for a layer that the catalog does not
    describe.
    """
    options = options or WhyOptions()
    name = require_same_network(catalog, network)
    said = catalog.said(name)
    layers = [network.layer(layer) for layer in _asked(said, options.layers)]
    if not image.is_file():
        raise DataError(f"no image {str(image)!r}")
    picture = open_picture(image, network.preprocessing.channels)
    view, made = network.prepare(image.name, picture)
    inputs = torch.from_numpy(np.asarray(made, np.float32)[None]).to(network.device)
    chances = logits_of(network.forward(inputs)).float().log_softmax(1)[0]
    output = int(chances.argmax()) if options.output is None else options.output
    if not 0 <= output < len(chances):
        raise BadSetting(f"the network has outputs 0 to {len(chances) - 1}, got {output}")
    found: list[Reason] = []
    for done, layer in enumerate(layers, start=1):
        found += _reasons(network, layer, inputs, output, _Words(said, name, layer.name, image.name))
        progress(done, len(layers))
    by_effect = sorted(found, key=lambda reason: (-reason.effect, reason.unit))
    return Answered(
        image=image.name,
        output=output,
        chance=float(chances[output].exp()),
        rank=int((chances > chances[output]).sum()),
        n_units=len(found),
        reasons=tuple(reason for reason in by_effect[: options.top] if reason.effect > 0),
        against=tuple(reason for reason in by_effect[::-1][: options.top] if reason.effect < 0),
        view=rgb_view(view),
    )


def _asked(said: SaidUnits, asked: Sequence[str]) -> list[str]:
    known = [layer.name for layer in said.layers]
    for layer in asked:
        if layer not in known:
            raise UnknownName("described layer", layer, known, "Describe it first, or leave --layer out.")
    return [layer for layer in known if (layer in asked if asked else "@" not in layer)]


class _Words:
    """What the catalog says of the units of one layer."""

    def __init__(self, said: SaidUnits, network: str, layer: str, image: str) -> None:
        self.network, self.layer, self.image = network, layer, image
        self._said = said
        place = next(at for at, one in enumerate(said.layers) if one.name == layer)
        rows = np.flatnonzero(said.layer == place)
        self._rows = {int(said.index[row]): int(row) for row in rows}

    def reason(self, unit: int, effect: float, grid: Float[np.ndarray, "height width"]) -> Reason:
        row = self._rows.get(unit)
        said, stated = self._said, float("nan")
        phrase = None
        if row is not None:
            stated = float(said.faithfulness[row, 0])
            phrase = said.phrases[int(said.phrase[row])] if said.is_said[row] else None
        return Reason(
            UnitId(self.network, self.layer, unit),
            phrase,
            None if np.isnan(stated) else stated,
            effect,
            float(grid.max()),
            ImageRegion(self.image, grid, float("nan")),
        )


def _reasons(
    network: Network, layer: Layer, inputs: Float[Tensor, "1 *input"], output: int, words: _Words
) -> list[Reason]:
    """One for each unit of a layer."""
    resumed = Resumed(network, layer, inputs)
    whole = float(logits_of(resumed.output).float().log_softmax(1)[0, output])
    maps = layer.maps(resumed.emitted)[0].float().cpu().numpy()
    effects: list[float] = []
    for start in range(0, layer.n_units, _SIDE_BY_SIDE):
        units = range(start, min(start + _SIDE_BY_SIDE, layer.n_units))
        logits = logits_of(resumed.forward([[Edit.zero(layer.name, [unit])] for unit in units]))
        effects += (whole - logits.float().log_softmax(1)[:, output]).tolist()
    return [words.reason(unit, effect, maps[unit]) for unit, effect in enumerate(effects)]
