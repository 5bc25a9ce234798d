"""How good descriptions are, measured against a known truth.

In: `PlantedOptions`. Out: a `PlantedReport` a network: rates by kind of unit with 95 % intervals, what each
way to describe gains over the others, baselines in the same table, and every unit with what was said of it.

    report, *_ = evaluate_planted(PlantedOptions(n_units=40, n_images=400))
    report.ways[0].of("single concepts").named
"""

from milan.uses.evaluate.grading import Grade
from milan.uses.evaluate.options import PlantedOptions
from milan.uses.evaluate.planted import evaluate_planted
from milan.uses.evaluate.report import Gain, PlantedReport, Scores, UnitResult, Way

__all__ = [
    "Gain",
    "Grade",
    "PlantedOptions",
    "PlantedReport",
    "Scores",
    "UnitResult",
    "Way",
    "evaluate_planted",
]
