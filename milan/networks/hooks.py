"""Listening inside the forward pass, and leaving it early."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol

from jaxtyping import Float
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from milan.networks.layers import Layer, module_path, named_tensors

__all__ = ["Pass", "Recordable", "Take", "record", "run_until"]

Take = Callable[[Layer, Float[Tensor, "image unit height width"]], None]


class Recordable(Protocol):
    """Anything with a module whose layers can be listened to."""

    @property
    def module(self) -> nn.Module:
        """The network's root module."""
        ...


class _Reached(BaseException):
    """The last wanted layer has spoken; not an Exception, so that no handler of a network swallows it."""


@contextmanager
def record(network: Recordable, layers: Iterable[Layer], take: Take) -> Iterator[None]:
    """Call `take(layer, activations)` for each layer, inside each forward pass of the block.

    The activations are a view of the very tensor that the module emits, at the moment it emits it: an
    in-place operation behind the layer has not run yet, and nothing is copied. They are valid during the
    call only; the taker reduces or clones at once. Directions are computed from that tensor at the same
    moment. A module that runs several times in one forward pass
    (a shared activation, a head over several scales) is heard at its first run.

    The hooks are gone when the block ends, however it ends.

        with record(network, [network.layer("layer4")], lambda layer, maps: peaks.add(maps.amax((2, 3)))):
            network.forward(batch)
    """
    wanted: dict[str, dict[str, list[Layer]]] = defaultdict(lambda: defaultdict(list))
    for layer in layers:
        wanted[module_path(layer.base)][layer.base].append(layer)
    passing = Pass()
    with ExitStack() as hooks:
        hooks.enter_context(passing.of(network.module))
        for path, named in wanted.items():

            def listen(
                module: nn.Module,
                arguments: object,
                output: object,
                path: str = path,
                named: dict[str, list[Layer]] = named,
            ) -> None:
                for name, tensor in named_tensors(path, output):
                    if name in named and passing.is_first(name):
                        for layer in named[name]:
                            take(layer, layer.maps(tensor))

            _keep(hooks, network.module.get_submodule(path).register_forward_hook(listen))
        yield


class Pass:
    """Which layers have spoken in the pass that runs.

    A module that runs several times in one pass is the layer at its first run. A part that is called by
    itself, such as an encoder whose words a decoder then reads many times, is in no pass of the whole:
    there every run is a first one.
    """

    def __init__(self) -> None:
        self._heard: set[str] | None = None

    @contextmanager
    def of(self, root: nn.Module) -> Iterator[None]:
        """Follow the passes of a network for as long as the block lasts."""

        def begin(module: nn.Module, arguments: object) -> None:
            self._heard = set()

        def end(module: nn.Module, arguments: object, output: object) -> None:
            self._heard = None

        with ExitStack() as hooks:
            _keep(hooks, root.register_forward_pre_hook(begin))
            _keep(hooks, root.register_forward_hook(end, always_call=True))
            yield

    def is_first(self, layer: str) -> bool:
        """Whether a layer speaks for the first time, and from now on no longer."""
        if self._heard is None:
            return True
        known = layer in self._heard
        self._heard.add(layer)
        return not known


def run_until(module: nn.Module, inputs: Tensor, last: Layer | None) -> object:
    """Run the module on a batch; with a last layer, leave the pass once it was emitted and return None."""
    if last is None:
        return module(inputs)

    def leave(emitter: nn.Module, arguments: object, output: object) -> None:
        raise _Reached

    handle = module.get_submodule(module_path(last.base)).register_forward_hook(leave)
    try:
        return module(inputs)
    except _Reached:
        return None
    finally:
        handle.remove()


def _keep(hooks: ExitStack, handle: RemovableHandle) -> None:
    hooks.callback(handle.remove)
