"""`timm:NAME`: any network of timm, with the data configuration of its weights."""

import math
from typing import Any

from milan.errors import NetworkError, UnknownName, one_line
from milan.networks.preprocessing import Interpolation, Preprocessing
from milan.networks.registry import Opened, Request, source
from milan.networks.sources.hub import hub_or_cache

__all__ = ["open_timm"]


@source("timm", form="timm:NAME")
def open_timm(request: Request) -> Opened:
    """A network of timm; its weights come from the hub's cache or are downloaded.

    A network built for one input size (a ViT) is built for the requested one instead.
    """
    import timm
    import timm.data

    name = request.target
    architecture = name.split(".")[0]
    if not timm.is_model(architecture):
        raise UnknownName("timm network", name, timm.list_models(), "timm.list_models() has all")
    known = timm.get_pretrained_cfg(name) if timm.is_model_pretrained(name) else None
    options: dict[str, Any] = {}
    if request.size is not None and known is not None and known.fixed_input_size:
        options["img_size"] = request.size
    try:
        with hub_or_cache():
            module = timm.create_model(name, pretrained=request.pretrained, **options)
    except (OSError, RuntimeError) as problem:
        raise NetworkError(
            f"timm:{name} cannot be opened with its own weights ({one_line(problem)}): "
            "give them as --weights FILE, or --weights random for an untrained network"
        ) from problem
    data: Any = timm.data
    return Opened(module, _from_config(data.resolve_model_data_config(module)))


def _from_config(config: dict[str, Any]) -> Preprocessing:
    """As timm's own evaluation transform reads it; `border` (padding) is drawn as a centre crop."""
    _, height, width = config["input_size"]
    share = config["crop_pct"] or 1.0
    filter_: Interpolation = config["interpolation"] if config["interpolation"] != "random" else "bilinear"
    return Preprocessing(
        size=(height, width),
        resize=(math.floor(height / share), math.floor(width / share)),
        squash=config["crop_mode"] == "squash",
        interpolation=filter_,
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
    )
