"""Where a unit's thing is: in one half of the picture, or one half of the thing.

Asked of a unit's best phrase alone, when that is found. Such a phrase says more of the same thing, so it
never competes with other things; but it is said only where nothing else explains what is seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from milan.describe.beside import half_of
from milan.describe.halves import HALVES, in_halves, side_of_thing
from milan.describe.recognition import Recognition
from milan.describe.whole_range import WholeRange
from milan.records import Candidate

__all__ = ["Whereabouts"]

_BETTER = 1.02
"""Times the correlation of the thing anywhere that the thing in one half reaches."""
_ELSEWHERE = 0.4
"""Share of that which the thing in the other half may still reach."""
_ENOUGH = 4.0
"""Pictures that surely show the thing, in either half."""


class Whereabouts:
    """Finds where the things of one layer's units are."""

    def __init__(self, recognition: Recognition, whole_range: WholeRange) -> None:
        self._recognition = recognition
        self._whole_range = whole_range

    def said(self, ranked: Mapping[int, Sequence[Candidate]]) -> dict[int, tuple[Candidate, ...]]:
        """Each unit's candidates, the best one said with its half first where it has one; as many as
        before.
        """
        best = {candidates[0].phrase for candidates in ranked.values()}
        self._whole_range.meet(placed for phrase in best for placed in in_halves(phrase))
        return {unit: self._of(unit, candidates) for unit, candidates in ranked.items()}

    def _of(self, unit: int, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        phrase = candidates[0].phrase
        found = self._half_of_picture(unit, phrase) or self._half_of_thing(unit, phrase)
        if found is None or any(candidate.phrase == found for candidate in candidates):
            return tuple(candidates)
        placed = replace(candidates[0], phrase=found, source="composed")
        return (placed, *candidates[: max(1, len(candidates) - 1)])

    def _half_of_thing(self, unit: int, phrase: str) -> str | None:
        side = half_of(self._recognition.beside(unit, phrase))
        return None if side is None else side_of_thing(phrase, side)

    def _half_of_picture(self, unit: int, phrase: str) -> str | None:
        """A half in which alone the thing drives the unit, though it is often in the other one too."""
        halves = in_halves(phrase)
        (anywhere, *follows) = self._whole_range.follow([unit], [phrase, *halves])[0].tolist()
        shown = self._whole_range.pictures_that_show(halves).tolist()
        of = dict(zip(HALVES, zip(halves, follows, shown, strict=True), strict=True))
        half = max(of, key=lambda name: of[name][1])
        (said, here, n_here), (_, there, n_there) = of[half], of[HALVES[half]]
        holds = here >= _BETTER * anywhere > 0 and there <= _ELSEWHERE * here
        return said if holds and min(n_here, n_there) >= _ENOUGH else None
