"""One pass over a text: every layer's activations of every word, written where they belong as they come."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap

from milan.errors import BadSetting, DataError
from milan.extraction.planning import Dropped, Extracted, plan_reading
from milan.extraction.spans import Subwords, words_of
from milan.networks.text import TextNetwork
from milan.texts import Sentences
from milan.texts.activations import RECORD

__all__ = ["ExtractOptions", "extract_words"]


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """What to read, and how."""

    layers: tuple[str, ...] = ()
    """Those worth describing without names."""
    subwords: Subwords = "last"
    """Which tokens of a word speak for it."""
    batch_tokens: int = 2048
    """Tokens that run together, filled-up places included."""


def extract_words(
    network: TextNetwork,
    text: Sentences,
    folder: Path,
    options: ExtractOptions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Extracted:
    """Write one `LAYER.npy` a layer, the words that have activations, and a record of what made them.

    Nothing is held but a batch. The record is written last: a folder without it is not finished, and is
    begun anew. DataError when no word has activations, BadSetting for a folder that holds something else.
    """
    asked = options or ExtractOptions()
    if asked.subwords not in ("last", "first", "average"):
        raise BadSetting(f"subwords are joined by last, first or average, got {asked.subwords!r}")
    layers = network.chosen(asked.layers)
    plan = plan_reading(network, text, asked.batch_tokens)
    if not len(plan.kept):
        raise DataError(f"none of {len(text)} words has activations in {network.spec}")
    _prepare(folder)
    kept = text.at(plan.kept)
    (folder / "words.txt").write_text("".join(f"{word}\n" for word in kept.words), "utf-8")
    np.save(folder / "places.npy", np.stack([kept.sentence, kept.position], 1))
    files = {
        layer.name: open_memmap(folder / f"{layer.name}.npy", "w+", np.float32, (len(kept), layer.n_units))
        for layer in layers
    }
    done, total = 0, sum(map(len, plan.batches))
    for batch in plan.batches:
        emitted = network.run([plan.encoded[sentence].tokens for sentence in batch], layers)
        spans = [plan.encoded[sentence].spans for sentence in batch]
        rows = np.concatenate(
            [
                plan.first_row[sentence] + np.arange(sum(span is not None for span in own))
                for sentence, own in zip(batch, spans, strict=True)
            ]
        )
        for layer in layers:
            words = words_of(emitted[layer.name].float(), spans, asked.subwords, layer.n_backward)
            files[layer.name][rows] = words.cpu().numpy()
        done += len(batch)
        if progress is not None:
            progress(done, total)
    for file in files.values():
        file.flush()
    _record(folder, network, text, asked, {layer.name: layer.n_units for layer in layers}, plan.dropped)
    return Extracted(len(kept), {layer.name: layer.n_units for layer in layers}, plan.dropped)


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    unknown = [
        path.name for path in folder.iterdir() if path.suffix not in (".npy", ".txt", ".json", ".part")
    ]
    if unknown:
        raise BadSetting(f"{folder} holds {unknown[0]}: give a folder for activations alone")
    for path in [*folder.glob(f"{RECORD}*"), *folder.glob("*.npy")]:
        path.unlink(missing_ok=True)


def _record(
    folder: Path,
    network: TextNetwork,
    text: Sentences,
    options: ExtractOptions,
    n_units: dict[str, int],
    dropped: list[Dropped],
) -> None:
    made = {
        "network": network.name,
        "spec": network.spec,
        "weights": network.weights_hash,
        "subwords": options.subwords,
        "n_sentences": text.n_sentences,
        "layers": list(n_units),
        "n_units": n_units,
        "dropped": [one._asdict() for one in dropped],
        "versions": {"torch": torch.__version__, "transformers": version("transformers")},
    }
    aside = folder / f"{RECORD}.part"
    aside.write_text(json.dumps(made, ensure_ascii=False, indent=1), "utf-8")
    aside.replace(folder / RECORD)
