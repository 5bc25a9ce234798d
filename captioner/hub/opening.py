"""Which of our adapters drives which model."""

from typing import Any

import torch
import transformers

from captioner.errors import CaptionerError
from captioner.hub.blip import BlipCaptioner
from captioner.hub.chat import ChatCaptioner
from captioner.hub.encoder import HubEncoder
from captioner.hub.fetching import default_device, fetch, hub_name
from captioner.protocols import Captioner, RegionEncoder

__all__ = ["open_hub_captioner", "open_hub_encoder"]


def open_hub_captioner(source: str, device: str | None = None) -> Captioner:
    """Open a captioner of the hub: BLIP, or a chat model with eyes.

    `source` is an ID or a folder; `device` as in torch (default: `MILAN_DEVICE`, else a GPU if there is one).
    Raises CaptionerError with one line when the model cannot be had or is of another kind.
    """
    config = fetch(transformers.AutoConfig, source)
    device = device or default_device()
    if config.model_type == "blip":
        model = _model(transformers.BlipForConditionalGeneration, source, device)
        return BlipCaptioner(hub_name(source), model, fetch(transformers.AutoProcessor, source), device)
    known = transformers.models.auto.modeling_auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES
    if config.model_type not in known:
        raise CaptionerError(
            f"hf:{source} is a {config.model_type!r} model, which does not caption: "
            "take a BLIP captioner or a chat model such as HuggingFaceTB/SmolVLM-256M-Instruct"
        )
    model = _model(transformers.AutoModelForImageTextToText, source, device)
    return ChatCaptioner(hub_name(source), model, fetch(transformers.AutoProcessor, source), device)


def open_hub_encoder(source: str, device: str | None = None) -> RegionEncoder:
    """Open an encoder of the hub: CLIP, SigLIP, or another model that puts pictures and text in one space.

    Arguments and errors as in `open_hub_captioner`.
    """
    config = fetch(transformers.AutoConfig, source)
    device = device or default_device()
    model = _model(transformers.AutoModel, source, device)
    if not (hasattr(model, "get_image_features") and hasattr(model, "get_text_features")):
        raise CaptionerError(
            f"hf:{source} is a {config.model_type!r} model, which has no common space for pictures and text: "
            "take CLIP or SigLIP, such as openai/clip-vit-base-patch32"
        )
    return HubEncoder(hub_name(source), model, fetch(transformers.AutoProcessor, source), device)


def _model(loader: Any, source: str, device: str) -> Any:
    # half precision is slow on a CPU; weights are never unpickled
    dtype = torch.float32 if device == "cpu" else "auto"
    return fetch(loader, source, dtype=dtype, use_safetensors=True)
