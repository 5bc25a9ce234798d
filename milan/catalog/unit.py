"""A unit as the catalog shows it: what is known, in words and pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from milan.records import (
    Candidate,
    Description,
    Exemplar,
    Faithfulness,
    Finding,
    FreeText,
    Histogram,
    Study,
    TextSpan,
    UnitId,
    UnitStatus,
)

__all__ = ["Unit"]

_SAID = 3
"""Findings of a study that a line has room for."""


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One unit with its newest exemplars and description."""

    id: UnitId
    status: UnitStatus
    """The description's status; without one `pending`, but dead, never positive and failed units stay so."""
    threshold: float
    """Activation above which a position belongs to a region; not-a-number for a failed unit."""
    description: Description | None
    """None until described."""
    exemplars: tuple[Exemplar, ...]
    """Strongest first."""
    downward: tuple[Exemplar, ...]
    """With `--signed`: lowest first, activations in the unit's own (negative) units. Their regions are on the
    negated scale, so that a region is always where the map is high.
    """
    thumbnails: Mapping[str, bytes] = field(repr=False)
    """Image path -> encoded picture of the view, as the catalog holds it: what may be handed on."""
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The same, and of a catalog of references the pictures as they lie in the user's folder: what is shown
    to who has that folder, and never written to what leaves the machine.
    """
    passages: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Words of the passages that speak against the words, by path; none of an image."""
    downward_description: Description | None = None
    """Words for the lowest activations, found and measured on the negated scale."""
    free_text: FreeText | None = None
    """What a language model writes of it, beside the description."""
    downward_free_text: FreeText | None = None
    """The same of the lowest activations."""
    findings: tuple[Finding, ...] = ()
    """What studies measured of the unit, study by study, the most telling first."""
    histogram: Histogram | None = None
    """Of all its activations; None in catalogs of older versions."""

    @property
    def is_of_text(self) -> bool:
        """Whether it was shown passages of a text, and not images."""
        return any(isinstance(own.region, TextSpan) for own in (*self.exemplars, *self.downward))

    @property
    def measured_in(self) -> str:
        """What figures of trust are counted in."""
        return "words" if self.is_of_text else "images"

    @property
    def phrase(self) -> str | None:
        """What the unit responds to, or None unless described."""
        return self.description.phrase if self.description else None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Phrases considered, best first; kept when no phrase fits well enough to be said."""
        return self.description.candidates if self.description else ()

    @property
    def faithfulness(self) -> Faithfulness | None:
        """How well the best candidate predicts the unit, said or not; None where nothing is stated."""
        return self.description.faithfulness if self.description else None

    @property
    def asides(self) -> list[str]:
        """What is said beside the phrase, a line each: meanings, levels, the lowest, free text, studies."""
        said, lowest = self.description, self.downward_description
        lines = []
        if said is not None and said.meanings:
            kinds = " · ".join(f"{kind.phrase} ({len(kind.ranks)})" for kind in said.meanings)
            lines.append(f"{len(said.meanings)} kinds of pictures: {kinds}")
        if said is not None and said.bands:
            lines.append(f"By level: {' · '.join(f'{band.level}: {band.phrase}' for band in said.bands)}")
        for end, of_end in (("Top", said), ("Lowest", lowest)):
            if of_end is not None and of_end.top_words:
                lines.append(f"{end} words: {' · '.join(top.word for top in of_end.top_words)}")
        if lowest is not None:
            stated = f" (faithfulness {lowest.faithfulness.mean.value:.2f})" if lowest.faithfulness else ""
            lines.append(f"Lowest for: {lowest.phrase or lowest.status}{stated}")
        lines += [f"{title}: {written.sentence}" for title, written in self.free_texts.items()]
        for study, findings in self.studies:
            more = [f"and {len(findings) - _SAID} more"] if len(findings) > _SAID else []
            lines.append(f"{study}: {' · '.join([*map(str, findings[:_SAID]), *more])}")
        return lines

    @property
    def studies(self) -> list[tuple[Study, list[Finding]]]:
        """What each study found of the unit, the most telling first."""
        return [(study, list(found)) for study, found in groupby(self.findings, lambda one: one.study)]

    @property
    def free_texts(self) -> dict[str, FreeText]:
        """What a language model writes of either end, by how it is called."""
        ends = {"Free text": self.free_text, "Lowest, free text": self.downward_free_text}
        return {title: written for title, written in ends.items() if written is not None}

    @property
    def best(self) -> Candidate | None:
        """The candidate that was said, or None unless described."""
        return self.candidates[0] if self.phrase is not None else None

    def _repr_html_(self) -> str:
        """What a notebook shows: words, figures, and the strongest regions or passages."""
        from milan.catalog.notebook import unit_html

        return unit_html(self)
