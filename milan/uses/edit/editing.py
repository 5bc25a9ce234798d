"""The whole of an edit, in the order that keeps it honest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from milan.ablation import TestImages, n_outputs_of
from milan.catalog import Catalog
from milan.datasets import LabelledImages
from milan.errors import DataError, NetworkError, UsageError
from milan.networks import Network
from milan.statistics import share
from milan.uses.edit.candidates import Candidates, find_candidates, writable_layers
from milan.uses.edit.choosing import how_many
from milan.uses.edit.options import EditOptions, SetTo
from milan.uses.edit.proof import prove
from milan.uses.edit.ranking import Ranking
from milan.uses.edit.report import Chosen, EditReport
from milan.uses.edit.retraining import retrain_last_layer
from milan.uses.edit.writing import require_absent, write_edit
from milan.uses.matching import require_same_network

__all__ = ["EditData", "edit_network"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class EditData:
    """Folders of labelled images, by what they may decide."""

    validation: Path
    """As the user has it, biased as the training images are: it orders the candidates."""
    clean: Path
    """Without the bias: it says how many units may go."""
    tests: Mapping[str, Path]
    """Decide nothing."""
    classes: Mapping[str, int] | None = None
    """Outputs by folder name, where names and numbers do not say it."""


def edit_network(
    network: Network,
    catalog: Catalog,
    data: EditData,
    options: EditOptions,
    output: Path | None = None,
    *,
    workers: int = 2,
    progress: Progress = lambda stage, done, total: None,
) -> EditReport:
    """Choose units to switch off, test what that changes, and write the edited network into a new folder.

    The network must be the very one that the catalog describes. Raises UsageError when it is not, and when
    a test set holds images that also decide; DataError for a query that no unit or every unit answers to,
    labels that do not fit, and a validation set of one class; NetworkError where no candidate can be
    written into weights.
    """
    if output is not None:
        require_absent(output)
    name = require_same_network(catalog, network)
    candidates = find_candidates(catalog, name, options)
    labelled = _read_labels(network, data)
    images = {
        kind: TestImages.read(network, labelled[kind], workers=workers) for kind in ("validation", "clean")
    }
    candidates, notes = _writable(network, candidates, images["clean"], options.set_to, progress)
    ranking = Ranking.read(
        network,
        images["validation"],
        candidates,
        options,
        lambda done, total: progress("switching units off", done, total),
    )
    order = ranking.order(candidates.units)[: options.max_units]
    n, clean_right = how_many(
        network,
        images["clean"],
        order,
        options.loss,
        ranking.levels,
        lambda done, total: progress("choosing how many", done, total),
    )
    chosen = Chosen(
        n_candidates=len(candidates.answers),
        units=tuple(order[:n]),
        held_at=tuple(map(ranking.held_at, order[:n])),
        answers={answer.unit: answer for answer in candidates.answers},
        validation_drop={unit: ranking.drop(unit) for unit in order},
        clean_before=share(clean_right[0]),
        clean_after=share(clean_right[n]),
        clean_curve=tuple(float(row) for row in clean_right.mean(1)),
        n_shown=int(ranking.shown.sum()),
    )
    # from here on nothing is decided any more
    tests = {test: TestImages.read(network, labelled[test], workers=workers) for test in data.tests}
    tested = prove(
        network,
        tests,
        order,
        n,
        levels=ranking.levels,
        sorted_all={
            "sort-all": ranking.order(candidates.pool),
            "blind sort-all": ranking.blind().order(candidates.pool),
        },
        pool=candidates.pool,
        seeds=options.seeds,
        retrained=retrain_last_layer(network, images["clean"], tests),
        progress=lambda done, total: progress("testing", done, total),
    )
    report = EditReport(
        options=options.as_dict(),
        network={
            "name": name,
            "spec": network.spec,
            "weights_hash": network.weights_hash,
            "preprocessing": network.preprocessing.as_dict(),
        },
        chosen=chosen,
        sets=tuple(tested),
        notes=notes,
    )
    if output is not None:
        write_edit(network, report, images["clean"], output)
    return report


def _read_labels(network: Network, data: EditData) -> dict[str, LabelledImages]:
    """All sets, checked before anything takes time: the network sees none of them here."""
    n_outputs = n_outputs_of(network)
    folders = {"validation": data.validation, "clean": data.clean, **data.tests}
    if len(folders) != 2 + len(data.tests):
        raise UsageError("a test set is called validation or clean: give it another name")
    found = {
        kind: LabelledImages.read(folder, n_outputs, outputs=data.classes) for kind, folder in folders.items()
    }
    if len(np.unique(found["validation"].labels)) < 2:
        (only,) = found["validation"].classes
        raise DataError(f"{data.validation} holds one class only ({only}): accuracy on it says nothing")
    deciding = set(found["validation"].manifest.hashes) | set(found["clean"].manifest.hashes)
    for test in data.tests:
        shared = [
            path
            for path, content in zip(found[test].manifest.paths, found[test].manifest.hashes, strict=True)
            if content in deciding
        ]
        if shared:
            raise UsageError(
                f"{len(shared)} images of the test set {test} are in --validation or --clean too (the first: "
                f"{shared[0]}): a test on what decided proves nothing"
            )
    return found


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
