"""Opening a network by its spec."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import torch

from milan.errors import BadSetting, NetworkError, UnknownName, UsageError
from milan.networks import sources  # noqa: F401 - registers the built-in sources
from milan.networks.network import Network
from milan.networks.preprocessing import Preprocessing
from milan.networks.registry import RANDOM, Opened, Opener, Request, forms, known_schemes, opener_of
from milan.networks.sources.factory import input_channels
from milan.networks.weights import load_weights

__all__ = ["default_name", "open_network"]


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
    `package.module:factory` or `FILE.pt2`. `weights` is a file instead of the source's own weights, or the word
    `random` for an untrained network (the same one each time). `size` (height, width), `mean` and `std` (on
    the scale 0..1) replace parts of the network's own preprocessing.

    Raises UsageError for a spec that cannot be understood, UnknownName for one close to another, WeightsMismatch
    for weights of another network and NetworkError for anything else that keeps it from opening.
    """
    opener, target = _parse(spec)
    untrained = weights == RANDOM
    file = Path(weights) if weights is not None and not untrained else None
    if file is not None and not file.is_file():
        raise NetworkError(f"no weights file {str(file)!r}")
    called = default_name(spec) if name is None else _checked_name(name)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        opened = opener(Request(target, file, untrained, size))
    if file is not None:
        load_weights(opened.module, file)
    preprocessing, notes = _preprocessing(spec, opened, size, mean, std)
    module = opened.module.requires_grad_(False).eval()
    where = _device(device)
    return Network(
        called, spec, module.to(where), preprocessing, where, opened.notes + notes, opened.batch_size
    )


def default_name(spec: str) -> str:
    """The spec's last part, without scheme or suffix.

    >>> default_name("torchvision:resnet50"), default_name("hf:google/vit-base"), default_name("nets/my.pt2")
    ('resnet50', 'vit-base', 'my')
    """
    if spec.endswith(".pt2"):
        return Path(spec).stem
    last = spec.split(":", 1)[-1].rstrip("/").rsplit("/", 1)[-1]
    if last in ("", ".", ".."):
        last = Path(spec.split(":", 1)[-1]).resolve().name
    return _checked_name(last)


def _parse(spec: str) -> tuple[Opener, str]:
    if spec.endswith(".pt2"):
        return _required("pt2"), spec
    scheme, colon, target = spec.partition(":")
    if not colon or not target:
        raise UsageError(f"a network is written {', '.join(forms())}; got {spec!r}")
    opener = opener_of(scheme)
    if opener is not None and scheme not in ("pt2", "factory"):
        return opener, target
    if "." in scheme or _is_importable(scheme):
        return _required("factory"), spec
    raise UnknownName(
        "kind of network", scheme, known_schemes(), f"Networks are written {', '.join(forms())}"
    )


def _required(scheme: str) -> Opener:
    opener = opener_of(scheme)
    assert opener is not None, f"{scheme} is registered with the package"
    return opener


def _is_importable(package: str) -> bool:
    return (Path.cwd() / f"{package}.py").is_file() or (
        package.isidentifier() and find_spec(package) is not None
    )


def _checked_name(name: str) -> str:
    if not name or "/" in name:
        raise BadSetting(f"a network's name holds no slash and is not empty, got {name!r}")
    return name


def _preprocessing(
    spec: str,
    opened: Opened,
    size: tuple[int, int] | None,
    mean: Sequence[float] | None,
    std: Sequence[float] | None,
) -> tuple[Preprocessing, tuple[str, ...]]:
    if opened.preprocessing is not None:
        return opened.preprocessing.changed(size, mean, std), ()
    channels = len(mean) if mean else opened.channels or input_channels(opened.module)
    chosen = Preprocessing.from_size(size or opened.input_size or (224, 224), mean, std, channels)
    assumed = []
    if size is None and opened.input_size is None:
        assumed.append("224 pixels")
    if mean is None or std is None:
        assumed.append("ImageNet's mean and deviation" + (" averaged over channels" if channels != 3 else ""))
    if not assumed:
        return chosen, ()
    return chosen, (f"no preprocessing known for {spec}: using {' and '.join(assumed)}",)


def _device(device: str) -> torch.device:
    try:
        where = torch.device(device)
        torch.empty(0, device=where)
    except (RuntimeError, AssertionError) as problem:
        reason = str(problem).splitlines()[0]
        raise BadSetting(
            f"device {device!r} cannot be used: {reason}. Use cpu, cuda, cuda:1 or mps"
        ) from None
    return where
