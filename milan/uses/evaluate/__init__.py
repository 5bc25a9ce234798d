"""How good descriptions are: of any catalog by held-out images, of planted networks by a known truth.

In: a catalog, and the images that it was described from. Out: a `LayerEvaluation` a layer, kept in it.

    for layer in evaluate_catalog("units.db", EvaluateOptions(images=Path("photos"))):
        print(layer.layer, layer.of(WordsOf.PHRASE), layer.auroc)

In: `PlantedOptions`. Out: a `PlantedReport` a network: rates by kind of unit with 95 % intervals, what each
way to describe gains over the others, baselines in the same table, and every unit with what was said of it.

    report, *_ = evaluate_planted(PlantedOptions(n_units=40, n_images=400))
    report.ways[0].of("single concepts").named
"""

from milan.uses.evaluate.catalog import evaluate_catalog
from milan.uses.evaluate.grading import Grade
from milan.uses.evaluate.options import EvaluateOptions, PlantedOptions
from milan.uses.evaluate.planted import evaluate_planted
from milan.uses.evaluate.report import Gain, PlantedReport, Scores, UnitResult, Way

__all__ = [
    "EvaluateOptions",
    "Gain",
    "Grade",
    "PlantedOptions",
    "PlantedReport",
    "Scores",
    "UnitResult",
    "Way",
    "evaluate_catalog",
    "evaluate_planted",
]
