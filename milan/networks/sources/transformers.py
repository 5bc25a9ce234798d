"""`hf:DIR_OR_ID`: vision networks of transformers, with their image processor."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from milan.errors import NetworkError, one_line
from milan.networks.preprocessing import Interpolation, Preprocessing
from milan.networks.registry import Opened, Request, source
from milan.networks.sources.hub import hub_or_cache

__all__ = ["load_pretrained", "open_transformers"]

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
    import transformers

    config = load_pretrained(transformers.AutoConfig, request.target)
    architecture = next(iter(config.architectures or ()), "")
    maker: Any = getattr(transformers, architecture, None)
    automatic: Any = transformers.AutoModel
    notes: tuple[str, ...] = ()
    if request.pretrained:
        module, report = load_pretrained(maker or automatic, request.target, output_loading_info=True)
        if missing := sorted(report["missing_keys"]):
            notes = (
                f"{len(missing)} weights are not in {request.target} and stay random: {missing[0]}, ...",
            )
    else:
        module = maker(config) if maker else automatic.from_config(config)
    if not _sees(module):
        module = getattr(module, "vision_model", module)  # of CLIP and its like, the half that sees
    if not _sees(module):
        raise NetworkError(f"hf:{request.target} takes {module.main_input_name}, not pictures")
    vision = getattr(config, "vision_config", config)
    size = getattr(vision, "image_size", None)
    return Opened(
        module,
        _image_processor(request.target),
        input_size=(size, size) if isinstance(size, int) else None,
        channels=getattr(vision, "num_channels", None),
        notes=notes,
    )


def _sees(module: Any) -> bool:
    return bool(module.main_input_name == "pixel_values")


def load_pretrained(maker: Any, target: str, **options: Any) -> Any:
    """From this machine if it is here, which spares a question to the hub; else from the hub."""
    with _no_progress_bar():
        try:
            return maker.from_pretrained(target, local_files_only=True, **options)
        except (OSError, ValueError) as problem:
            if Path(target).is_dir():
                raise NetworkError(f"hf:{target} cannot be opened: {one_line(problem)}") from problem
    try:
        with hub_or_cache():
            return maker.from_pretrained(target, **options)
    except (OSError, ValueError) as problem:
        raise NetworkError(f"hf:{target} cannot be opened: {one_line(problem)}") from problem


def _image_processor(target: str) -> Preprocessing | None:
    from transformers import AutoImageProcessor

    try:
        processor = load_pretrained(AutoImageProcessor, target)
    except NetworkError:
        return None  # it has none: the user is told what is assumed instead
    return _from_settings(processor.to_dict())


def _from_settings(settings: Mapping[str, Any]) -> Preprocessing | None:
    """Read an image processor's settings; None for a geometry without a height and width."""
    geometry = _geometry(settings)
    if geometry is None:
        return None
    filter_ = settings.get("resample")
    rescale = settings["rescale_factor"] if settings.get("do_rescale", True) else 1.0
    normalises = settings.get("do_normalize")
    mean, std = (settings["image_mean"], settings["image_std"]) if normalises else ((0.0,) * 3, (1.0,) * 3)
    return Preprocessing(
        size=geometry.size,
        resize=geometry.resize,
        squash=geometry.squash,
        interpolation=_FILTERS[2 if filter_ is None else int(filter_)],
        mean=tuple(value / (255 * rescale) for value in mean),
        std=tuple(value / (255 * rescale) for value in std),
        bgr=bool(settings.get("do_flip_channel_order")),
    )


class _Geometry(NamedTuple):
    size: tuple[int, int]
    resize: tuple[int, int]
    squash: bool


def _geometry(settings: Mapping[str, Any]) -> _Geometry | None:
    crop = _sides(settings.get("crop_size")) if settings.get("do_center_crop") else None
    shortest = (settings.get("size") or {}).get("shortest_edge")
    if shortest is None:
        whole = _sides(settings.get("size"))
        return None if whole is None else _cropped(whole, crop, squash=True)
    square = (shortest, shortest)
    share = settings.get("crop_pct")  # ConvNeXt: from 384 pixels on the whole picture, below that a crop
    if share is None or shortest >= 384:
        return _cropped(square, crop, squash=share is not None)
    return _cropped((int(shortest / share),) * 2, square, squash=False)


def _cropped(whole: tuple[int, int], crop: tuple[int, int] | None, squash: bool) -> _Geometry:
    size = crop or whole
    return _Geometry(size, (max(size[0], whole[0]), max(size[1], whole[1])), squash)


def _sides(sides: Any) -> tuple[int, int] | None:
    if not sides or sides.get("height") is None or sides.get("width") is None:
        return None
    return sides["height"], sides["width"]


@contextmanager
def _no_progress_bar() -> Iterator[None]:
    from transformers.utils import logging

    library: Any = logging
    shown = library.is_progress_bar_enabled()
    library.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            library.enable_progress_bar()
