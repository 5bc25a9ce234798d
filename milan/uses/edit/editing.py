"""The whole of an edit, in the order that keeps it honest."""

from collections.abc import Callable
from pathlib import Path

from milan.ablation import TestImages
from milan.catalog import Catalog
from milan.networks import Network
from milan.statistics import share
from milan.uses.edit.choosing import how_many
from milan.uses.edit.data import EditData
from milan.uses.edit.options import MOST_UNITS, EditOptions
from milan.uses.edit.preparing import prepare
from milan.uses.edit.proof import prove
from milan.uses.edit.ranking import Ranking
from milan.uses.edit.report import Chosen, EditReport
from milan.uses.edit.retraining import retrain_last_layer
from milan.uses.edit.writing import write_edit

__all__ = ["edit_network"]

Progress = Callable[[str, int, int], None]


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
    prepared = prepare(network, catalog, data, options, output, workers=workers, progress=progress)
    candidates = prepared.candidates
    ranking = Ranking.read(
        network, prepared, options, lambda done, total: progress("switching units off", done, total)
    )
    order = ranking.order(candidates.units)[: options.max_units or MOST_UNITS]
    n, clean_right = how_many(
        network,
        prepared.clean,
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
        n_shown=int(prepared.shown.sum()),
    )
    # from here on nothing is decided any more
    tests = {
        test: TestImages.read(
            network,
            prepared.labelled[test],
            workers=workers,
            progress=lambda done, total: progress("reading test images", done, total),
        )
        for test in data.tests
    }
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
        retrained=retrain_last_layer(network, prepared.clean, tests),
        progress=lambda done, total: progress("testing", done, total),
    )
    report = EditReport(
        options=options.as_dict(),
        network={
            "name": prepared.name,
            "spec": network.spec,
            "weights_hash": network.weights_hash,
            "preprocessing": network.preprocessing.as_dict(),
        },
        chosen=chosen,
        sets=tuple(tested),
        notes=prepared.notes,
    )
    if output is not None:
        write_edit(network, report, prepared.clean, output)
    return report
