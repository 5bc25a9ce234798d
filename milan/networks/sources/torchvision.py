"""`torchvision:NAME`: any network of torchvision, with the transforms of its weights."""

import inspect
from typing import Any

from torchvision.models import get_model, get_model_builder, get_model_weights, list_models

from milan.errors import NetworkError, UnknownName
from milan.networks.preprocessing import Interpolation, Preprocessing
from milan.networks.registry import Opened, Request, source

__all__ = ["open_torchvision"]


@source("torchvision", form="torchvision:resnet50")
def open_torchvision(request: Request) -> Opened:
    """A classifier, segmenter or detector; its weights come from torch's hub cache or are downloaded."""
    name = request.target
    if name not in list_models():
        raise UnknownName(
            "torchvision network", name, list_models(), "torchvision.models.list_models() has all"
        )
    best = get_model_weights(name).DEFAULT
    options: dict[str, Any] = {"weights": best if request.pretrained else None}
    parameters = inspect.signature(get_model_builder(name)).parameters
    if "weights_backbone" in parameters:
        options["weights_backbone"] = None
    if not request.pretrained and "init_weights" in parameters:
        options["init_weights"] = True
    try:
        module = get_model(name, **options)
    except OSError as problem:
        raise NetworkError(
            f"the weights of torchvision:{name} cannot be downloaded ({problem}): "
            "give them as --weights FILE, or --weights random for an untrained network"
        ) from problem
    return Opened(module, _from_transforms(best.transforms()))


def _from_transforms(transforms: Any) -> Preprocessing | None:
    """Read a preset of torchvision.transforms; detectors normalise inside and only take a size from us."""
    kind = type(transforms).__name__
    if kind == "ObjectDetection":
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
