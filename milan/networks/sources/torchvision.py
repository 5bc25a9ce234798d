"""`torchvision:NAME`: any network of torchvision, with the transforms of its weights."""

import inspect
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from milan.errors import NetworkError, UnknownName, one_line
from milan.networks.preprocessing import Interpolation, Preprocessing
from milan.networks.registry import Opened, Request, source
from milan.networks.sources.hub import is_offline

__all__ = ["open_torchvision"]

_REMEDY = "give them as --weights FILE, or --weights random for an untrained network"


@source("torchvision", form="torchvision:resnet50")
def open_torchvision(request: Request) -> Opened:
    """A classifier, segmenter or detector; its weights come from torch's hub cache or are downloaded."""
    from torchvision import models

    name = request.target
    if name not in models.list_models():
        known = models.list_models()
        raise UnknownName("torchvision network", name, known, "All: torchvision.models.list_models()")
    best: Any = models.get_model_weights(name).DEFAULT
    options: dict[str, Any] = {"weights": best if request.pretrained else None}
    if "weights_backbone" in inspect.signature(models.get_model_builder(name)).parameters:
        options["weights_backbone"] = None  # never a download that was not asked for
    if request.pretrained and is_offline() and not _is_cached(best.url):
        raise NetworkError(
            f"MILAN_OFFLINE is set and the weights of torchvision:{name} are not here: {_REMEDY}"
        )
    try:
        with redirect_stdout(sys.stderr):  # torch's hub prints what it downloads where data belongs
            module = models.get_model(name, **options)
    except OSError as problem:
        raise NetworkError(
            f"the weights of torchvision:{name} cannot be downloaded ({one_line(problem)}): {_REMEDY}"
        ) from problem
    return Opened(module, _from_transforms(best.transforms()))


def _is_cached(url: str) -> bool:
    import torch

    return (Path(torch.hub.get_dir()) / "checkpoints" / url.rpartition("/")[2]).is_file()


def _from_transforms(transforms: Any) -> Preprocessing | None:
    """Read a preset of torchvision.transforms; None for one that is not about single pictures."""
    kind = type(transforms).__name__
    if kind == "ObjectDetection":  # resizes and normalises inside the network
        return Preprocessing.from_size((224, 224), mean=(0.0,) * 3, std=(1.0,) * 3)
    if kind == "ImageClassification":
        resize, crop = transforms.resize_size[0], transforms.crop_size[0]
    elif kind == "SemanticSegmentation":
        resize = crop = transforms.resize_size[0]
    else:
        return None
    filter_: Interpolation = transforms.interpolation.value
    return Preprocessing(
        size=(crop, crop),
        resize=(max(resize, crop),) * 2,
        interpolation=filter_,
        mean=tuple(transforms.mean),
        std=tuple(transforms.std),
    )
