"""Modules that ship with their weights, in half precision, beside a card that says what they are."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from safetensors.torch import load_file, save_file
from torch import nn

from milan.records.files import shipped_file

__all__ = ["LICENCE", "save_weights", "with_weights"]

LICENCE = "Apache-2.0; trained on pictures drawn with Twemoji graphics (CC BY 4.0)"
"""Of all weights that are trained on scenes; their cards end with it."""

_Module = TypeVar("_Module", bound=nn.Module)


def with_weights(module: _Module, file: str) -> _Module:
    """The module with the weights of a file of `data/`, in evaluation mode and single precision."""
    weights = load_file(shipped_file(file))
    module.load_state_dict(
        {name: value.float() if value.is_floating_point() else value for name, value in weights.items()}
    )
    return module.eval()


def save_weights(module: nn.Module, card: Mapping[str, Any], folder: Path) -> None:
    """Write model.safetensors (half precision) and card.json: the card with its licence."""
    folder.mkdir(parents=True, exist_ok=True)
    state = module.state_dict()
    halved = {n: (v.half() if v.is_floating_point() else v).contiguous() for n, v in state.items()}
    save_file(halved, folder / "model.safetensors")
    text = json.dumps({**card, "licence": LICENCE}, indent=2, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
