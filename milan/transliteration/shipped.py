"""Transliterators that ship with their weights, in half precision beside a card."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file

from milan.errors import DataError
from milan.records.files import shipped_file
from milan.transliteration.network import Transliterator
from milan.transliteration.rules import Rules
from milan.transliteration.vocabulary import Vocabulary

__all__ = ["armenian", "save_network", "shipped_weights"]

_SHIPPED = ("hy",)


def shipped_weights(language: str, vocabulary: Vocabulary) -> Transliterator:
    """The network with a language's weights, in evaluation mode and single precision.

    DataError for a language of which the rules ship, but no network.
    """
    if language not in _SHIPPED:
        raise DataError(
            f"no network ships for {language!r}, only for {', '.join(_SHIPPED)}; train one: python -m "
            f"milan.transliteration.train {language} TEXT"
        )
    weights = load_file(shipped_file(f"transliteration/{language}/model.safetensors"))
    network = Transliterator(vocabulary, n_cells=weights["lstm.weight_hh_l0"].shape[1])
    network.load_state_dict({name: value.float() for name, value in weights.items()})
    return network.eval()


def armenian() -> Transliterator:
    """Armenian's network; its spec is `milan.transliteration.shipped:armenian`."""
    return shipped_weights("hy", Vocabulary.of(Rules.open("hy")))


def save_network(network: Transliterator, card: Mapping[str, Any], folder: Path) -> None:
    """Write model.safetensors (half precision) and card.json."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.half().contiguous() for name, value in network.state_dict().items()}
    save_file(state, folder / "model.safetensors")
    text = json.dumps(card, indent=2, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
