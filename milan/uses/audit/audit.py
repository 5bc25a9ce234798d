"""The whole audit: open catalogs, ask each all questions, compare two."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from milan.catalog import Catalog, SaidUnits
from milan.catalog.meanings import Embed
from milan.errors import CatalogError, UsageError
from milan.places import CatalogPlace
from milan.uses.audit.asking import AuditedCatalog, ask
from milan.uses.audit.comparing import Change, compare
from milan.uses.audit.questions import OF_IMAGES, OF_TEXTS, Questions

__all__ = ["AuditReport", "audit_catalogs", "fitting_questions", "read_said"]


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What catalogs answer to questions."""

    questions: Questions
    places: tuple[CatalogPlace, ...]
    """Where the catalogs are."""
    catalogs: tuple[AuditedCatalog, ...]
    changes: tuple[Change, ...] = ()
    """From the first catalog to the second, where there are two."""

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Concepts that no unit of any catalog answers to."""
        return tuple(
            concept.name
            for concept in self.questions.concepts
            if not any(catalog.count(concept.name) for catalog in self.catalogs)
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for `--json`."""
        return {
            "questions": self.questions.title,
            "concepts": [concept.name for concept in self.questions.concepts],
            "catalogs": [catalog.as_dict() for catalog in self.catalogs],
            "changes": [change.as_dict() for change in self.changes],
        }


def audit_catalogs(
    places: Sequence[CatalogPlace | Path | str], questions: Questions, embed: Embed | None = None
) -> AuditReport:
    """Ask catalogs all questions; of two, say what changed from the first to the second.

    `embed` makes vectors of phrases, by default the packaged sentence encoder; it is asked for phrases alone
    that the catalog holds no vectors of. Raises UsageError without a catalog, and CatalogError for one in
    which nothing is described.
    """
    if not places:
        raise UsageError("there is no catalog to audit: milan audit CATALOG")
    catalogs = tuple(CatalogPlace.parse(place) for place in places)
    if embed is None:
        from milan.describe import embed_phrases

        embed = embed_phrases
    by_meaning = any(concept.phrases for concept in questions.concepts)
    audited = []
    for place, name in zip(catalogs, _names(catalogs), strict=True):
        said = read_said(place, embed if by_meaning else None)
        audited.append(ask(said, questions, embed, name))
    changes = compare(*audited) if len(audited) == 2 else ()
    return AuditReport(questions, catalogs, tuple(audited), changes)


def fitting_questions(places: Sequence[CatalogPlace | Path | str]) -> tuple[str, ...]:
    """The shipped question files that fit what catalogs are about: images, texts, or both."""
    about_text = set()
    for place in places:
        with Catalog.open(place) as catalog:
            about_text |= {layer.versions[0].is_of_text for layer in catalog.layers() if layer.versions}
    return (*(OF_IMAGES if False in about_text else ()), *(OF_TEXTS if True in about_text else ()))


def read_said(place: CatalogPlace, embed: Embed | None) -> SaidUnits:
    """What a catalog says of its units; with `embed` a vector of each phrase, kept in it where it can be."""
    with Catalog.open(place) as catalog:
        if embed is not None:
            with contextlib.suppress(CatalogError):  # another process writes, or the folder is read-only
                catalog.index_meanings(embed)
        said = catalog.said()
    if not len(said.phrases):
        raise CatalogError(f"{place}: nothing is described yet, so there is nothing to ask: milan describe")
    return said


def _names(places: Sequence[CatalogPlace]) -> list[str]:
    """What tells catalogs apart: the names of files and databases, or all of where they are."""
    names = [place.name for place in places]
    return names if len(set(names)) == len(names) else [str(place) for place in places]
