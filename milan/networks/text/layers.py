"""Layers of a network that reads text: every module that emits one row of units a token."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import torch
from jaxtyping import Int64
from torch import Tensor, nn

from milan.errors import NetworkError, one_line
from milan.networks.layers import named_tensors
from milan.networks.text.gates import Gates, GruGates

__all__ = ["Forward", "TextLayer", "find_layers", "inner_of", "is_recurrent", "sample_tokens"]

Forward = Callable[[Int64[Tensor, "sentence token"], Int64[Tensor, "sentence token"]], object]
"""Run tokens, with a mask of those that are there."""

_SAMPLE = (2, 7)
"""Sentences and tokens to listen to: two, as what is the same for all sentences is no activation."""


class TextLayer(NamedTuple):
    """A place whose units are read."""

    name: str
    """Module path, as in `named_modules`; `path[cell]`, `path[forget_gate]`, ... within an LSTM, and
    `path[reset_gate]`, `path[update_gate]`, `path[new]`, `path[before]` within a GRU.
    """
    n_units: int
    n_backward: int = 0
    """So many of the last units read the text from its end."""
    batch_first: bool = True
    worth_describing: bool = False
    """Recurrent modules or, without any, the blocks of a transformer."""

    @property
    def base(self) -> str:
        """The same name: a layer is the first tensor that its module emits."""
        return self.name

    @property
    def unit_axis(self) -> int:
        """Axis of the units in what is emitted for a batch."""
        return 2

    @property
    def directions(self) -> None:
        """Its units are the network's own."""
        return


def find_layers(module: nn.Module, forward: Forward, device: torch.device) -> tuple[TextLayer, ...]:
    """Every layer in the order of the forward pass, found by listening to one.

    Of a module that answers several tensors the first is meant: of recurrent ones, the states of their last
    layer. Gates and cells of the last layer of an LSTM or GRU are layers too. NetworkError for a network that
    cannot be run on tokens, or has no layer.
    """
    found: dict[str, TextLayer] = {}

    def listen(path: str, part: nn.Module, output: object) -> None:
        emitted = next((tensor for _, tensor in named_tensors(path, output)), None)
        if path in found or emitted is None or emitted.ndim != 3 or not emitted.is_floating_point():
            return
        if emitted.shape[:2] in (_SAMPLE, _SAMPLE[::-1]):
            width = emitted.shape[2]
            backward = width // 2 if getattr(part, "bidirectional", False) and is_recurrent(part) else 0
            found[path] = TextLayer(path, width, backward, emitted.shape[:2] == _SAMPLE)
            for inner in _inner_values(part):
                found[f"{path}[{inner}]"] = TextLayer(f"{path}[{inner}]", width, backward)

    handles = [
        part.register_forward_hook(lambda part, _, output, path=path: listen(path, part, output))
        for path, part in module.named_modules()
        if path
    ]
    tokens = sample_tokens(module, *_SAMPLE).to(device)
    try:
        with torch.inference_mode():
            forward(tokens, torch.ones_like(tokens))
    except (RuntimeError, TypeError, ValueError, IndexError, KeyError, AttributeError) as problem:
        raise NetworkError(
            f"{type(module).__name__} cannot be run on tokens [sentence, token] alone: {one_line(problem)}"
        ) from problem
    finally:
        for handle in handles:
            handle.remove()
    if not found:
        raise NetworkError(f"{type(module).__name__} has no part that emits one row of units a token")
    worth = _worth_describing(module, found)
    return tuple(layer._replace(worth_describing=layer.name in worth) for layer in found.values())


def inner_of(layer_name: str) -> str | None:
    """Which of a recurrent module's inner values a layer is; None for what a module emits.

    >>> inner_of("lstm[cell]")
    'cell'
    """
    return layer_name.rpartition("[")[2].removesuffix("]") if layer_name.endswith("]") else None


def _inner_values(part: nn.Module) -> list[str]:
    """What can be read within a module; what it emits is the layer itself."""
    if not isinstance(part, nn.LSTM | nn.GRU) or part.proj_size:
        return []
    gates = Gates if isinstance(part, nn.LSTM) else GruGates
    return [field for field in gates._fields if field != "emitted"]


def is_recurrent(part: nn.Module) -> bool:
    """Whether a module is an LSTM, GRU or plain recurrent network."""
    return isinstance(part, nn.RNNBase)


def sample_tokens(module: nn.Module, n_sentences: int, length: int) -> Int64[Tensor, "sentence token"]:
    """Some tokens, the same each time, that every embedding of the network knows."""
    known = [part.num_embeddings for part in module.modules() if isinstance(part, nn.Embedding)]
    shape = (n_sentences, length)
    return torch.randint(min(known, default=2), shape, generator=torch.Generator().manual_seed(0))


def _worth_describing(module: nn.Module, known: Iterable[str]) -> set[str]:
    recurrent = {path for path in known if "[" not in path and is_recurrent(module.get_submodule(path))}
    if recurrent:
        return recurrent
    outermost: list[list[str]] = []
    inside = "\0"
    for path, part in module.named_modules():
        if isinstance(part, nn.ModuleList) and not path.startswith(inside):
            blocks = [f"{path}.{number}" for number in range(len(part)) if f"{path}.{number}" in known]
            if blocks:
                outermost.append(blocks)
                inside = f"{path}."
    longest: list[str] = max(outermost, key=len, default=[])
    return set(longest or known)
