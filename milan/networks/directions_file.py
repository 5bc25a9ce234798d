"""Directions from a file: matrices named by the layers in which they lie.

blocks.6          [row, unit]   a matrix, named by its layer
blocks.6.bias     [row]         where there is one
activation=relu                 metadata of the file, for the latents of a sparse autoencoder

A folder of SAELens (cfg.json, sae_weights.safetensors) is read too: see `sparse_autoencoder`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from safetensors import SafetensorError, safe_open
from torch import Tensor

from milan.errors import DataError, UnknownName, one_line
from milan.networks.directions import Directions
from milan.networks.network import Network
from milan.networks.sparse_autoencoder import holds_sparse_autoencoder, read_sparse_autoencoder

__all__ = ["read_directions"]

_ACTIVATIONS = ("none", "relu")
_BIAS = ".bias"


def read_directions(file: Path | str, network: Network, layer: str | None = None) -> list[Directions]:
    """The directions in a safetensors file, one `Directions` a layer, called by the file's stem; or the
    latents of an autoencoder's folder.

    A file that holds one matrix under a name that is no layer may be told its `layer`. Raises DataError for
    a file that cannot be read, UnknownName for a matrix that is named by no layer of the network, and
    BadSetting for one that is no matrix of finite numbers.

        network = network.with_directions(*read_directions("pca.safetensors", network))
    """
    path = Path(file)
    known = [found.name for found in network.layers() if found.directions is None]
    if holds_sparse_autoencoder(path):
        return [read_sparse_autoencoder(path, known, layer)]
    tensors, relu = _read(path)
    matrices = {name: tensor for name, tensor in tensors.items() if not _is_bias(name, tensors)}
    found = []
    for name, matrix in matrices.items():
        place = layer if layer is not None and len(matrices) == 1 and name not in known else name
        if place not in known:
            hint = f"A matrix of {path.name} is named by its layer; one of another name, alone, needs --layer"
            raise UnknownName("layer", place, known, hint)
        found.append(Directions(path.stem, place, matrix, tensors.get(f"{name}{_BIAS}"), relu))
    return found


class _Content(NamedTuple):
    tensors: dict[str, Tensor]
    relu: bool


def _read(path: Path) -> _Content:
    if not path.is_file():
        raise DataError(f"no file of directions {str(path)!r}")
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
            activation = (file.metadata() or {}).get("activation", "none")
    except (OSError, SafetensorError) as problem:
        raise DataError(
            f"{str(path)!r} cannot be read as directions ({one_line(problem)}): write the matrices with "
            "safetensors.torch.save_file"
        ) from problem
    if not tensors:
        raise DataError(f"{str(path)!r} holds no matrix of directions")
    if activation not in _ACTIVATIONS:
        raise UnknownName("activation", activation, _ACTIVATIONS, f"{path.name} may say none or relu.")
    return _Content(tensors, activation == "relu")


def _is_bias(name: str, tensors: Mapping[str, Tensor]) -> bool:
    return name.endswith(_BIAS) and name.removesuffix(_BIAS) in tensors
