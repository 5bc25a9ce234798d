"""Opening an image generator: latents in, pictures out."""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from milan.errors import BadSetting, DataError, NetworkError, one_line
from milan.networks.generation import Generation, picture_tensor
from milan.networks.latents import Latents
from milan.networks.network import Network
from milan.networks.open import load_module
from milan.networks.preprocessing import Preprocessing

__all__ = ["open_generator"]

_TRIED = 8
"""Latents that are tried when a generator is opened."""
_SLACK = 0.05
"""How far single values may lie outside their range."""
_TAIL = 0.005
"""Share of values at either end that the range is not read from: unbounded decoders overshoot."""


def open_generator(
    spec: str,
    latents: Latents | int,
    *,
    latent_shape: tuple[int, ...] | None = None,
    seed: int = 0,
    weights: Path | str | None = None,
    name: str | None = None,
    device: str = "cpu",
) -> Network:
    """Open a generator for running on latents and listening.

    `spec`, `weights`, `name` and `device` are those of `open_network`. Latents are given, or so many
    standard normal ones are drawn by `seed`, in the shape that the argument `latent_shape`, the module's
    attribute of that name or its first layer says. The module takes one tensor [latent, ...] and returns
    pictures [latent, 1 or 3, height, width], alone or among other things. Its attribute `picture_range` says
    what it means by black and white; without it the values tell 0..1 from -1..1, and a note says so.

    Raises DataError for latents of another shape than the module's own, NetworkError for a module that makes
    no pictures of them or other ones each time, and what `open_network` raises.

        generator = open_generator("milan.scenes.generator:scenes_generator", 2000)
    """
    loaded = load_module(spec, weights=weights, name=name, device=device)
    module = loaded.opened.module
    declared = getattr(module, "latent_shape", None)
    own = None if declared is None else tuple(np.atleast_1d(declared).tolist())
    if isinstance(latents, int):
        latents = Latents.drawn(latents, latent_shape or own or _guessed_shape(spec, module), seed)
    if own is not None and latents.shape != own:
        raise DataError(f"the latents have shape {latents.shape}, {spec} takes {own}")
    n_tried = loaded.opened.batch_size or min(_TRIED, len(latents))
    tried = _try(spec, module, latents.batch(0, n_tried).to(loaded.device))
    values = tried.float().cpu().numpy()
    declared_range = getattr(module, "picture_range", None)
    if declared_range is None:
        black, white = _recognised_range(spec, values)
        how = "recognised from its first pictures; the attribute picture_range says otherwise"
    else:
        black, white = (float(value) for value in declared_range)
        how = "its picture_range"
    if black == white:
        raise BadSetting(f"picture_range is (black, white), got {black:g} twice")
    _, channels, height, width = values.shape
    made = f"{height} x {width} pictures, black at {black:g} and white at {white:g} ({how})"
    return Network(
        name=loaded.name,
        spec=spec,
        module=module,
        preprocessing=Preprocessing.from_size((height, width), (0.0,) * channels, (1.0,) * channels),
        device=loaded.device,
        notes=(*loaded.opened.notes, f"{spec} makes {made}"),
        batch_size=loaded.opened.batch_size,
        generation=Generation(latents, (channels, height, width), (black, white)),
    )


def _guessed_shape(spec: str, module: nn.Module) -> tuple[int, ...]:
    """What the first layer with weights takes, if that is a vector or a vector on a grid of one position."""
    for part in module.modules():
        if isinstance(part, nn.Linear):
            return (part.in_features,)
        if isinstance(part, nn.ConvTranspose2d):
            return (part.in_channels, 1, 1)
        if next(part.parameters(recurse=False), None) is not None:
            break
    raise NetworkError(
        f"the latents that {spec} takes cannot be told from its first layer: give --latent-size 512 (or "
        "4x32x32), or the module an attribute latent_shape"
    )


def _try(
    spec: str, module: nn.Module, latents: Float[Tensor, "latent ..."]
) -> Float[Tensor, "latent channel height width"]:
    """Pictures of a few latents, made twice."""
    pictures: list[Tensor] = []
    for _ in range(2):
        try:
            with torch.inference_mode():
                emitted = module(latents)
        except Exception as problem:  # a user's network may raise anything
            raise NetworkError(
                f"{spec} cannot run on latents of {tuple(latents.shape[1:])}: {one_line(problem)}. Give "
                "latents of the shape it takes, or --latent-size"
            ) from problem
        found = picture_tensor(emitted)
        if found is None or len(found) != len(latents):
            raise NetworkError(
                f"{spec} is no image generator: for latents of {tuple(latents.shape)} it returns "
                f"{_shown(emitted)}, not pictures [latent, 1 or 3, height, width]"
            )
        if not bool(found.isfinite().all()):
            raise NetworkError(f"{spec} makes pictures of values that are not numbers: check its weights")
        pictures.append(found.clone())
    first, second = pictures
    if not torch.allclose(first, second, rtol=1e-3, atol=1e-3):
        raise NetworkError(
            f"{spec} makes another picture of the same latent each time: draw its noise from a fixed seed"
        )
    return first


def _recognised_range(
    spec: str, values: Float[np.ndarray, "latent channel height width"]
) -> tuple[float, float]:
    low, high = np.quantile(values, (_TAIL, 1 - _TAIL)).tolist()
    for black, white in ((0.0, 1.0), (-1.0, 1.0)):
        if low >= black - _SLACK and high <= white + _SLACK:
            return black, white
    raise NetworkError(
        f"{spec} makes values from {low:.3g} to {high:.3g}, and nothing says which are black and white: give "
        "the module an attribute picture_range, such as (0, 255)"
    )


def _shown(emitted: object) -> str:
    if isinstance(emitted, Tensor):
        return f"a tensor of {tuple(emitted.shape)}"
    return type(emitted).__name__
