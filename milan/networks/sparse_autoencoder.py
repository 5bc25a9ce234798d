"""Latents of a sparse autoencoder, as SAELens keeps one: a folder with cfg.json and sae_weights.safetensors.

Its encoder makes directions: a latent's activation is `relu((x - b_dec) W_enc + b_enc)` at each position of
the layer that it was trained on, and with JumpReLU zero up to the latent's own threshold.
"""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from milan.errors import DataError, UnknownName, one_line
from milan.networks.directions import Directions

__all__ = ["holds_sparse_autoencoder", "read_sparse_autoencoder"]

_CONFIG, _WEIGHTS = "cfg.json", "sae_weights.safetensors"
_KINDS = ("standard", "jumprelu")
"""Kinds of encoders in which a latent needs no other latent: top-k ones need the whole row at once."""


def holds_sparse_autoencoder(folder: Path) -> bool:
    """Whether a folder looks like one of SAELens."""
    return (folder / _CONFIG).is_file()


def read_sparse_autoencoder(folder: Path, known: list[str], layer: str | None = None) -> Directions:
    """The latents of one autoencoder, called by the folder's name, in `layer` or the layer that it names.

    `known` are the network's layers. DataError for a folder that cannot be used and says why; UnknownName
    where neither the caller nor cfg.json (`hook_name`) names a layer of the network.
    """
    config = _config(folder)
    kind = str(config.get("architecture") or "standard")
    if kind == "standard" and config.get("activation_fn_str", "relu") != "relu":
        kind = str(config["activation_fn_str"])  # how older files say topk
    if kind not in _KINDS:
        raise DataError(f"{folder}: encoders of kind {kind!r} are not read, only {' and '.join(_KINDS)}")
    scaled = config.get("normalize_activations") or "none"
    if scaled != "none":
        raise DataError(
            f"{folder}: was trained on normalised activations ({scaled}): fold that into its weights, and "
            "save it again with normalize_activations none"
        )
    hook = str(config.get("hook_name") or "")
    place = layer if layer is not None else hook
    if place not in known:
        raise UnknownName(
            "layer", place, known, f"{folder.name} was trained on {hook!r}: say which with --layer"
        )
    weights = _weights(folder)
    if "W_enc" not in weights:
        raise DataError(f"{folder / _WEIGHTS} holds no W_enc")
    encoder = weights["W_enc"].float()  # [unit, latent]
    bias = weights["b_enc"].float() if "b_enc" in weights else encoder.new_zeros(encoder.shape[-1])
    if config.get("apply_b_dec_to_input", True) and "b_dec" in weights:
        bias = bias - weights["b_dec"].float() @ encoder
    threshold = weights.get("threshold") if kind == "jumprelu" else None
    return Directions(folder.name, place, encoder.T.contiguous(), bias, relu=True, threshold=threshold)


def _config(folder: Path) -> dict[str, Any]:
    """The autoencoder's settings; newer files keep what it was trained on under `metadata`."""
    try:
        config = json.loads((folder / _CONFIG).read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise DataError(f"{folder / _CONFIG}: cannot be read ({one_line(problem)})") from problem
    if not isinstance(config, dict):
        raise DataError(f"{folder / _CONFIG}: is not the settings of a sparse autoencoder")
    metadata = config.get("metadata")
    return {**metadata, **config} if isinstance(metadata, dict) else config


def _weights(folder: Path) -> dict[str, Tensor]:
    try:
        found: dict[str, Tensor] = load_file(folder / _WEIGHTS)
    except (OSError, SafetensorError) as problem:
        raise DataError(f"{folder / _WEIGHTS}: cannot be read ({one_line(problem)})") from problem
    return found
