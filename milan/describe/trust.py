"""What is said beside a phrase: how faithful it is, what explains the unit better, what speaks against it."""

from collections.abc import Sequence
from dataclasses import replace

from milan.describe.faithfulness import LEVEL, Judge
from milan.describe.whole_range import WholeRange
from milan.records import Description, Faithfulness, UnitStatus

__all__ = ["trusted"]


def trusted(
    descriptions: Sequence[Description], whole_range: WholeRange | None, judge: Judge | None
) -> list[Description]:
    """Add explanations, bands and counter-exemplars, figures of faithfulness, and silence where words fail.

    A unit whose best phrase predicts it below `faithfulness.LEVEL` keeps its candidates and figures, and is
    `inconsistent`.
    """
    found = list(descriptions)
    units = [description.unit_index for description in found]
    phrases = [description.candidates[0].phrase for description in found]
    if not found:
        return found
    if whole_range is not None:
        explanations = whole_range.explain(units)
        counters = whole_range.counter_exemplars(units, phrases)
        bands = whole_range.bands(units)
        found = [
            replace(description, explanation=explanation, counter_exemplars=against, bands=of_levels)
            for description, explanation, against, of_levels in zip(
                found, explanations, counters, bands, strict=True
            )
        ]
    if judge is not None and judge.can_judge:
        figures = judge.of_phrases(units, phrases)
        explained = judge.of_explanations(units, [description.explanation for description in found])
        found = [
            replace(
                description,
                status=_status(figure),
                faithfulness=figure,
                explanation_faithfulness=of_explanation,
            )
            for description, figure, of_explanation in zip(found, figures, explained, strict=True)
        ]
    return found


def _status(faithfulness: Faithfulness) -> UnitStatus:
    return UnitStatus.DESCRIBED if faithfulness.mean.value >= LEVEL else UnitStatus.INCONSISTENT
