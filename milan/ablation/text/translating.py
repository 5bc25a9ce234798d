"""A translator as a network whose units can be changed."""

from dataclasses import dataclass, field

from torch import nn

from milan.errors import UnknownName
from milan.networks.text import TextLayer
from milan.translation import Translator

__all__ = ["TranslatorUnits"]


@dataclass(frozen=True, slots=True, eq=False)
class TranslatorUnits:
    """Names the layers of a translator for `milan.networks.interventions.change`."""

    translator: Translator = field(repr=False)

    @property
    def module(self) -> nn.Module:
        """The whole network."""
        return self.translator.network

    @property
    def layers(self) -> tuple[TextLayer, ...]:
        """`encoder.0`, `encoder.1`, `decoder.0` and `decoder.1`."""
        return tuple(
            TextLayer(path, part.hidden_size)
            for path, part in self.module.named_modules()
            if isinstance(part, nn.LSTM)
        )

    def layer(self, name: str) -> TextLayer:
        """The layer of this name; UnknownName with the nearest one."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        known = [layer.name for layer in self.layers]
        raise UnknownName("layer", name, known, f"There are {', '.join(known)}")
