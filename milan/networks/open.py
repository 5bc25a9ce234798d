"""Opening a network by its spec."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import torch

from milan.errors import BadSetting, NetworkError, UnknownName, UsageError, one_line
from milan.networks.edited import SCHEME, read_edited
from milan.networks.network import Network
from milan.networks.preprocessing import Preprocessing
from milan.networks.registry import Opened, Opener, Request, forms, known_schemes, opener_of
from milan.networks.sources import (
    LOOKED_FOR,
    input_channels,
    modules_beside,
    open_exported,
    open_factory,
)
from milan.networks.weights import load_weights

__all__ = ["default_name", "device_of", "load_module", "open_network"]

_RANDOM = "random"


def open_network(
    spec: str,
    *,
    weights: Path | str | None = None,
    name: str | None = None,
    size: tuple[int, int] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    device: str = "cpu",
) -> Network:
    """Open a network for running and listening.

    `spec` is one of `builtin:NAME`, `torchvision:NAME`, `timm:NAME`, `hf:DIR_OR_ID`,
    `package.module:factory`, `FILE.pt2` or `edited:DIR` (what `milan edit` wrote). `weights` is a file
    instead of the source's own weights, or the word `random` for an untrained network (the same one each
    time). `size` (height, width), `mean` and `std` (on the scale 0..1) replace parts of the network's own
    preprocessing. Weights of half precision are widened to 32 bits: activations are compared and counted,
    and a few thousand levels make too many ties.

    Raises UsageError for a spec that cannot be understood, UnknownName for a name that is not known,
    WeightsMismatch for weights of another network and NetworkError for anything else that keeps it from
    opening.
    """
    called, opened, where = load_module(spec, weights=weights, name=name, size=size, device=device)
    preprocessing, assumed = _preprocessing(spec, opened, size, mean, std)
    return Network(
        name=called,
        spec=spec,
        module=opened.module,
        preprocessing=preprocessing,
        device=where,
        notes=opened.notes + assumed,
        batch_size=opened.batch_size,
    )


class Loaded(NamedTuple):
    """A module ready to run, before anything is known of its inputs."""

    name: str
    opened: Opened
    device: torch.device


def load_module(
    spec: str,
    *,
    weights: Path | str | None,
    name: str | None,
    device: str,
    size: tuple[int, int] | None = None,
) -> Loaded:
    """Open a spec with its weights, on its device; arguments and errors are those of `open_network`."""
    called = default_name(spec) if name is None else _checked_name(name)
    if spec.startswith(SCHEME):
        edited = read_edited(Path(spec.removeprefix(SCHEME)))
        loaded = load_module(
            edited.spec, weights=weights or edited.weights, name=called, device=device, size=size
        )
        return loaded._replace(opened=replace(loaded.opened, preprocessing=edited.preprocessing))
    opener, target = _parse(spec)
    where = device_of(device)
    untrained = str(weights) == _RANDOM
    file = None if weights is None or untrained else Path(weights)
    if file is not None and not file.is_file():
        raise NetworkError(f"no weights file {str(file)!r}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        opened = opener(Request(target, file, untrained, size))
    if file is not None:
        load_weights(opened.module, file)
    opened.module.requires_grad_(False).eval().float().to(where)
    return Loaded(called, opened, where)


def default_name(spec: str) -> str:
    """The spec's last part, without scheme or suffix.

    >>> default_name("torchvision:resnet50"), default_name("hf:google/vit-base"), default_name("nets/my.pt2")
    ('resnet50', 'vit-base', 'my')
    """
    if spec.endswith(".pt2"):
        return _checked_name(Path(spec).stem)
    target = spec.rpartition(":")[2]
    last = target.rstrip("/").rpartition("/")[2]
    return _checked_name(Path(target).resolve().name if last in ("", ".", "..") else last)


def _checked_name(name: str) -> str:
    if not name or "/" in name:
        raise BadSetting(f"a network's name holds no slash and is not empty, got {name!r}")
    return name


def _parse(spec: str) -> tuple[Opener, str]:
    if spec.endswith(".pt2"):
        return open_exported, spec
    scheme, colon, target = spec.partition(":")
    if not colon or not target:
        raise UsageError(f"{_how_written()}; got {spec!r}")
    opener = opener_of(scheme)
    if opener is not None:
        return opener, target
    if _is_importable(scheme):
        return open_factory, spec
    meant = [*known_schemes(), *modules_beside(scheme)]
    raise UnknownName("kind of network and no module", scheme, meant, f"{_how_written()}. {LOOKED_FOR}")


def _how_written() -> str:
    return f"A network is written {', '.join(forms())}, package.module:factory, FILE.pt2 or edited:DIR"


def _is_importable(module: str) -> bool:
    """Dotted names are taken for modules; a plain one may also be a mistyped scheme."""
    if "." in module or module in sys.modules:  # such as __main__, of a notebook
        return True
    return module.isidentifier() and (find_spec(module) is not None or Path(f"{module}.py").is_file())


def device_of(device: str) -> torch.device:
    """The device of this name, tried out; BadSetting when it cannot be used."""
    try:
        where = torch.device(device)
        torch.empty(0, device=where)
    except (RuntimeError, AssertionError) as problem:
        raise BadSetting(
            f"device {device!r} cannot be used ({one_line(problem)}): use cpu, cuda, cuda:1 or mps"
        ) from problem
    return where


def _preprocessing(
    spec: str,
    opened: Opened,
    size: tuple[int, int] | None,
    mean: Sequence[float] | None,
    std: Sequence[float] | None,
) -> tuple[Preprocessing, tuple[str, ...]]:
    """The network's own with the user's changes; failing that ImageNet's, and a sentence that says so."""
    if opened.preprocessing is not None:
        return opened.preprocessing.changed(size, mean, std), ()
    given = mean or std
    channels = len(given) if given else opened.channels or input_channels(opened.module)
    chosen = Preprocessing.from_size(size or opened.input_size or (224, 224), mean, std, channels)
    assumed = []
    if size is None and opened.input_size is None:
        assumed.append("224 pixels")
    if mean is None or std is None:
        assumed.append("ImageNet's mean and deviation" + (" over all channels" if channels != 3 else ""))
    if not assumed:
        return chosen, ()
    return chosen, (f"no preprocessing known for {spec}: using {' and '.join(assumed)}",)
