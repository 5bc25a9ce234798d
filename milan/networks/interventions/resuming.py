"""One pass up to a layer, many passes on from there."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple, Protocol

import torch
from jaxtyping import Float
from torch import Tensor, nn

from milan.errors import NetworkError
from milan.networks.interventions.change import Alter, Editable, altered, checked_layer, edited
from milan.networks.interventions.structures import exchanged
from milan.networks.layers import Layer, module_path, named_tensors
from milan.records import Edit

__all__ = ["Resumed"]


class Runnable(Editable[Layer], Protocol):
    """A network that can be run."""

    def forward(self, inputs: Float[Tensor, "image *input"]) -> object:
        """Run a batch without gradients."""
        ...


class _Call(NamedTuple):
    """What a module answered."""

    module: nn.Module
    output: object


class Resumed:
    """A network that has read one image as far as a layer, and goes on from there as often as asked.

    The first pass remembers what every module answered that was done before the layer spoke. In later
    passes these modules answer from memory without computing, the layer answers with other activations, and
    only what lies behind it is computed: for many edits side by side, in one batch. That is exact as long
    as a network treats the images of a batch alike, as it does in evaluation mode.

    Raises NetworkError for a layer that the pass never reached.

        resumed = Resumed(network, layer, inputs[:1])
        outputs = resumed.forward([[Edit.zero(layer.name, [unit])] for unit in range(64)])
    """

    def __init__(self, network: Runnable, layer: Layer, inputs: Float[Tensor, "1 *input"]) -> None:
        self._network = network
        self._layer = layer
        self._inputs = inputs
        memory = _Memory(layer.base)
        with memory.listening(network.module):
            self.output = network.forward(inputs)
        if memory.spoken is None:
            raise NetworkError(f"layer {layer.name} is silent in a pass of one image")
        self._spoken = memory.spoken
        path = module_path(layer.base)
        self.emitted: Float[Tensor, "..."] = dict(named_tensors(path, self._spoken.output))[layer.base]
        """What the layer itself emitted for the image."""
        self._passed, self._needed = memory.calls()

    def forward(self, sets: Sequence[Sequence[Edit]]) -> object:
        """What the network returns for each set of edits, made together: a batch, in their order.

        Edits are of this layer, or of layers behind it. UnknownName and BadSetting as for `change`.
        """
        n, own = len(sets), self._layer
        behind: dict[str, list[tuple[int, Edit]]] = {}
        copies = []
        for copy, edits in enumerate(sets):
            emitted = self.emitted
            for edit in edits:
                if edit.layer == own.name:
                    emitted = edited(checked_layer(self._network, edit), edit, emitted)
                else:
                    behind.setdefault(edit.layer, []).append((copy, edit))
            copies.append(emitted)
        activations = torch.cat(copies, _image_axis(own))

        def spoken(name: str, tensor: Tensor) -> Tensor:
            return activations if name == own.base else _repeated(tensor, n)

        answers = [
            *self._passed,
            *(_Call(module, _copies(output, n)) for module, output in self._needed),
            _Call(self._spoken.module, exchanged(self._spoken.output, spoken, module_path(own.base))),
        ]
        alterations = [self._of_copies(pairs) for pairs in behind.values()]
        with _answering(answers), altered(self._network.module, alterations):
            return self._network.forward(self._inputs.expand(n, *self._inputs.shape[1:]))

    def _of_copies(self, pairs: Sequence[tuple[int, Edit]]) -> tuple[Layer, Alter]:
        """Edits of one layer behind, each of one image of the batch."""
        layer = next(checked_layer(self._network, edit) for _, edit in pairs)
        axis = _image_axis(layer)

        def alter(emitted: Tensor) -> Tensor:
            changed = emitted.clone()
            for copy, edit in pairs:
                row = changed.narrow(axis, copy, 1)
                row.copy_(edited(checked_layer(self._network, edit), edit, row))
            return changed

        return layer, alter


class _Memory:
    """Listens to one pass, up to the moment when the layer speaks.

    `frames` holds, for each module that was still running at that moment, the calls that were done in it.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._path = module_path(base)
        self._frames: list[tuple[nn.Module | None, list[_Call]]] = [(None, [])]
        self.spoken: _Call | None = None
        """The call in which the layer spoke."""

    @contextmanager
    def listening(self, root: nn.Module) -> Iterator[None]:
        """Remember the pass that runs in this block."""
        emitter = root.get_submodule(self._path)

        def enter(module: nn.Module, arguments: object) -> None:
            if self.spoken is None:
                self._frames.append((module, []))

        def leave(module: nn.Module, arguments: object, output: object) -> None:
            if self.spoken is not None:
                return
            self._frames.pop()  # what ran inside it needs no answer of its own
            call = _Call(module, exchanged(output, lambda name, tensor: tensor.clone()))
            if module is emitter and self._base in dict(named_tensors(self._path, output)):
                self.spoken = call
            else:
                self._frames[-1][1].append(call)

        with ExitStack() as hooks:
            for module in root.modules():
                hooks.callback(module.register_forward_pre_hook(enter).remove)
                hooks.callback(module.register_forward_hook(leave).remove)
            yield

    def calls(self) -> tuple[list[_Call], list[_Call]]:
        """Calls whose answer nobody reads, for the next module in a row is remembered too; and all others."""
        passed, needed = [], []
        for frame, calls in self._frames:
            split = max(0, len(calls) - 1) if type(frame) is nn.Sequential else 0
            passed += calls[:split]
            needed += calls[split:]
        return passed, needed


@contextmanager
def _answering(answers: Sequence[_Call]) -> Iterator[None]:
    """Let modules answer their first calls with these outputs, and compute the later ones."""
    queues: dict[nn.Module, list[object]] = {}
    for module, output in answers:
        queues.setdefault(module, []).append(output)
    try:
        for module, queue in queues.items():
            module.__dict__["forward"] = _Remembering(module.forward, queue)
        yield
    finally:
        for module in queues:
            remembering = module.__dict__.pop("forward", None)
            if isinstance(remembering, _Remembering) and remembering.was_own:
                module.__dict__["forward"] = remembering.computed


class _Remembering:
    """A `forward` that knows its first answers."""

    def __init__(self, computed: Any, queue: list[object]) -> None:
        self.computed = computed
        self.was_own = not hasattr(computed, "__self__")  # set on the module itself, as some libraries do
        self._queue = queue

    def __call__(self, *arguments: Any, **named: Any) -> object:
        return self._queue.pop(0) if self._queue else self.computed(*arguments, **named)


def _image_axis(layer: Layer) -> int:
    return layer.layout.index("N")


def _copies(output: object, n: int) -> object:
    """For a reader that may change it in place, so no view of one image."""
    return exchanged(output, lambda name, tensor: _repeated(tensor, n).clone())


def _repeated(tensor: Tensor, n: int) -> Tensor:
    """A view in which the one image stands n times: along the first axis, or the second in (token, 1,
    unit).
    """
    for axis in range(min(2, tensor.ndim)):
        if tensor.shape[axis] == 1:
            return tensor.expand(*(n if at == axis else -1 for at in range(tensor.ndim)))
    return tensor
