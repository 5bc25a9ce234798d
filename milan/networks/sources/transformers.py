"""`hf:DIR_OR_ID`: vision networks of transformers, with their image processor."""

from typing import Any

import transformers
from torch import nn

from milan.errors import NetworkError
from milan.networks.preprocessing import Interpolation, Preprocessing
from milan.networks.registry import Opened, Request, source

__all__ = ["open_transformers"]

_FILTERS: dict[int, Interpolation] = {
    0: "nearest",
    1: "lanczos",
    2: "bilinear",
    3: "bicubic",
    4: "box",
    5: "hamming",
}


@source("hf", form="hf:DIR_OR_ID")
def open_transformers(request: Request) -> Opened:
    """A classifier or backbone, from a folder, the hub's cache or the hub, in this order."""
    config = _local_first(transformers.AutoConfig, request.target)
    architecture = next(iter(config.architectures or ()), None)
    maker = getattr(transformers, architecture or "", transformers.AutoModel)
    if request.pretrained:
        module = _local_first(maker, request.target)
    elif architecture is None:
        module = transformers.AutoModel.from_config(config)
    else:
        module = maker(config)
    module = getattr(module, "vision_model", module)  # of CLIP and its like, the half that sees
    if getattr(module, "main_input_name", "pixel_values") != "pixel_values":
        raise NetworkError(f"hf:{request.target} takes {module.main_input_name}, not pictures")
    return Opened(module, _processor(request.target), channels=_channels(config))


def _local_first(maker: Any, target: str) -> Any:
    try:
        return maker.from_pretrained(target, local_files_only=True)
    except (OSError, ValueError):
        pass
    try:
        return maker.from_pretrained(target)
    except (OSError, ValueError) as problem:
        reason = (str(problem) or type(problem).__name__).splitlines()[0]
        raise NetworkError(f"hf:{target} cannot be opened: {reason}") from problem


def _channels(config: Any) -> int | None:
    channels = getattr(getattr(config, "vision_config", config), "num_channels", None)
    return channels if isinstance(channels, int) else None


def _processor(target: str) -> Preprocessing | None:
    try:
        processor = transformers.AutoImageProcessor.from_pretrained(target, local_files_only=True)
    except (OSError, ValueError):
        return None
    return _from_processor(processor)


def _from_processor(processor: Any) -> Preprocessing | None:
    """Read an image processor's settings; None for a geometry that is neither a crop nor a squash (padding)."""
    size, crop = _sides(processor, "size"), _sides(processor, "crop_size")
    shortest = (processor.size or {}).get("shortest_edge")
    crops = getattr(processor, "do_center_crop", None) and crop is not None
    if shortest is not None:
        share = getattr(processor, "crop_pct", None)  # ConvNeXt: enlarged, then cut back to the size itself
        if share is not None and shortest < 384:
            resize, crops, crop = (int(shortest / share),) * 2, True, (shortest, shortest)
        else:
            resize = (shortest, shortest)
    elif size is not None:
        resize = size
    else:
        return None
    filter_ = _FILTERS[int(getattr(processor, "resample", None) or 2)]
    rescale = processor.rescale_factor if getattr(processor, "do_rescale", True) else 1.0
    mean = processor.image_mean if processor.do_normalize else (0.0,) * 3
    std = processor.image_std if processor.do_normalize else (1.0,) * 3
    return Preprocessing(
        size=crop if crops and crop is not None else resize,
        resize=resize,
        squash=shortest is None or bool(getattr(processor, "crop_pct", None) and shortest >= 384),
        interpolation=filter_,
        mean=tuple(value / (255 * rescale) for value in mean),
        std=tuple(value / (255 * rescale) for value in std),
        bgr=bool(getattr(processor, "do_flip_channel_order", False)),
    )


def _sides(processor: Any, name: str) -> tuple[int, int] | None:
    sides = getattr(processor, name, None) or {}
    return (sides["height"], sides["width"]) if "height" in sides else None
