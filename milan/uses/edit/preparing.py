"""What an edit works on: what can be wrong is found here, before a unit is scored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool

from milan.ablation import Responses, SetTo, TestImages
from milan.catalog import Catalog
from milan.datasets import LabelledImages
from milan.errors import NetworkError
from milan.networks import Network
from milan.uses.edit.candidates import Candidates, find_candidates, writable_layers
from milan.uses.edit.data import EditData, read_sets
from milan.uses.edit.options import EditOptions
from milan.uses.edit.showing import shows_concept
from milan.uses.edit.writing import require_writable
from milan.uses.matching import require_same_network

__all__ = ["Prepared", "prepare"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Candidates, and images that decide."""

    name: str
    """The network's name in the catalog."""
    candidates: Candidates
    """Those that weights can switch off."""
    layers: tuple[str, ...]
    """Of the candidates and of all that they are held against."""
    labelled: Mapping[str, LabelledImages]
    """All sets by name; the images of test sets are not read yet."""
    validation: TestImages
    clean: TestImages
    responses: Responses
    """Of all units of the layers to the validation images."""
    shown: Bool[np.ndarray, " image"]
    """Which validation images show the concept, by the candidates themselves."""
    notes: tuple[str, ...]


def prepare(
    network: Network,
    catalog: Catalog,
    data: EditData,
    options: EditOptions,
    output: Path | None,
    *,
    workers: int,
    progress: Progress,
) -> Prepared:
    """Check the request and read what may decide; raises what `edit_network` raises."""
    if output is not None:
        require_writable(output)
    name = require_same_network(catalog, network)
    candidates = find_candidates(catalog, name, options)
    labelled = read_sets(network, data)
    validation, clean = (
        TestImages.read(
            network,
            labelled[kind],
            workers=workers,
            progress=lambda done, total, kind=kind: progress(f"reading {kind} images", done, total),  # type: ignore[misc]
        )
        for kind in ("validation", "clean")
    )
    candidates, notes = _writable(network, candidates, clean, options.set_to, progress)
    layers = tuple(dict.fromkeys(unit.layer for unit in candidates.pool))
    responses = Responses.read(
        network, validation, layers, progress=lambda done, total: progress("reading responses", done, total)
    )
    skipped = tuple(
        f"{len(images.skipped)} images of {data.folders[kind]} could not be read and were left out"
        for kind, images in (("validation", validation), ("clean", clean))
        if images.skipped
    )
    shown = shows_concept(responses.peaks(candidates.units))
    return Prepared(
        name, candidates, layers, labelled, validation, clean, responses, shown, (*notes, *skipped)
    )


def _writable(
    network: Network, candidates: Candidates, images: TestImages, set_to: SetTo, progress: Progress
) -> tuple[Candidates, tuple[str, ...]]:
    """The candidates that can be switched off in the weights, and a sentence on those that cannot."""
    inputs = next(images.at(np.arange(min(8, len(images)))).inputs(network, 8))
    layers = list(dict.fromkeys(answer.unit.layer for answer in candidates.answers))
    why = writable_layers(
        network, layers, inputs, set_to, lambda done, total: progress("trying weights", done, total)
    )
    hint = "" if set_to is SetTo.ZERO else "; --set-to zero asks less of them"
    kept = tuple(answer for answer in candidates.answers if why[answer.unit.layer] is None)
    if not kept:
        raise NetworkError(next(reason for reason in why.values() if reason is not None) + hint)
    left = sorted({layer for layer, reason in why.items() if reason is not None})
    if not left:
        return candidates, ()
    n_left = len(candidates.answers) - len(kept)
    line = (
        f"{n_left} candidates of {', '.join(left)} are left out: weights alone cannot switch them off{hint}"
    )
    return Candidates(kept, candidates.pool), (line,)
