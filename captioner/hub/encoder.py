"""CLIP and SigLIP as a region encoder."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor

from captioner.hub.prompt_picture import PromptPictureReader, as_picture

__all__ = ["HubEncoder"]

_BATCH = 64


class HubEncoder:
    """A `RegionEncoder` on a model with `get_image_features` and `get_text_features`.

    The model's own processor prepares prompt pictures and phrases.
    """

    def __init__(self, name: str, model: Any, processor: Any, device: str = "cpu") -> None:
        self.name = name
        self.reader = PromptPictureReader(model.vision_model)
        self._model = model.eval().to(device)
        self._processor = processor
        self._device = device
        text = model.config.text_config
        self._text_options = {
            # SigLIP pools the last position, and was trained with every text padded to the full length
            "padding": "max_length" if model.config.model_type.startswith("siglip") else True,
            "truncation": True,
            "max_length": text.max_position_embeddings,
        }

    def sharpness(
        self, features: Float32[np.ndarray, "region side side 3"]
    ) -> Float32[np.ndarray, " region"]:
        """The model's own logit scale, whatever the region."""
        return np.full(len(features), float(self._model.logit_scale.detach().exp()), np.float32)

    def embed_regions(
        self, features: Float32[np.ndarray, "region side side 3"]
    ) -> Float32[np.ndarray, "region dim"]:
        """Where prompt pictures lie; unit length."""
        found = [np.zeros((0, self._dim), np.float32)]
        for start in range(0, len(features), _BATCH):
            pictures = [as_picture(feature) for feature in features[start : start + _BATCH]]
            inputs = self._processor.image_processor(pictures, return_tensors="pt")
            inputs = inputs.to(self._device, self._model.dtype)
            with torch.inference_mode():
                found.append(_unit_rows(self._model.get_image_features(**inputs)))
        return np.concatenate(found)

    known_names: Mapping[str, frozenset[int]] = MappingProxyType({})
    """None: all words go through the text tower."""

    def name_chances(
        self, features: Float32[np.ndarray, "region side side 3"]
    ) -> Float32[np.ndarray, "region name"]:
        """No chances, as no names are known."""
        return np.zeros((len(features), 0), np.float32)

    def embed_phrases(self, phrases: Sequence[str]) -> Float32[np.ndarray, "phrase dim"]:
        """Where phrases lie; unit length."""
        found = [np.zeros((0, self._dim), np.float32)]
        for start in range(0, len(phrases), _BATCH):
            some = list(phrases[start : start + _BATCH])
            inputs = self._processor.tokenizer(some, return_tensors="pt", **self._text_options).to(
                self._device
            )
            with torch.inference_mode():
                found.append(_unit_rows(self._model.get_text_features(**inputs)))
        return np.concatenate(found)

    @property
    def _dim(self) -> int:
        config = self._model.config
        return int(getattr(config, "projection_dim", None) or config.vision_config.hidden_size)


def _unit_rows(output: Any) -> Float32[np.ndarray, "row dim"]:
    # transformers 5 answers the whole output, 4 the pooled vectors
    pooled: Float[Tensor, "row dim"] = output if isinstance(output, Tensor) else output.pooler_output
    rows: Float32[np.ndarray, "row dim"] = torch.nn.functional.normalize(pooled.float(), dim=-1).cpu().numpy()
    return rows
