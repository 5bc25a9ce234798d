"""Which of a layer's units are wanted, and the conditions that choose them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Connection, text

from milan.catalog.backends import dialect
from milan.catalog.shown import ShownLayer
from milan.records import UnitStatus

__all__ = ["BAND", "BANDS", "Chosen", "ListOrder", "TrustBand", "Wanted", "by_concept", "by_kind", "by_words"]

TrustBand = Literal["none", "below-0", "0-0.1", "0.1-0.2", "0.2-0.3", "0.3-0.4", "from-0.4"]
"""Ranges of faithfulness, each without its upper end; `none` where nothing is stated."""

BANDS: tuple[TrustBand, ...] = get_args(TrustBand)

ListOrder = Literal["index", "faithful", "doubtful", "words"]
"""By position, most faithful first, least faithful first, or by phrase; ties by position."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a layer's units, in which order, and which page of them."""

    status: UnitStatus | None = None
    band: TrustBand | None = None
    words: str = ""
    """All of them in the description or a candidate; no words, no matter."""
    concept: str | None = None
    """A word that the description holds, as `milan.catalog.inflection.lemma` writes it."""
    order: ListOrder = "index"
    page: int = 1
    """From 1; one after the last is empty."""
    page_size: int | None = 48
    """None: all units on one page."""


# The limits of BANDS: one expression counts, the same one chooses.
BAND = (
    "CASE WHEN d.faithfulness IS NULL THEN 0 WHEN d.faithfulness < 0 THEN 1 WHEN d.faithfulness < 0.1 THEN 2"
    " WHEN d.faithfulness < 0.2 THEN 3 WHEN d.faithfulness < 0.3 THEN 4 WHEN d.faithfulness < 0.4 THEN 5"
    " ELSE 6 END"
)


class Chosen(NamedTuple):
    """Conditions on a description `d`, to stand after WHERE, and what they are asked with."""

    conditions: str = ""
    values: Mapping[str, Any] = MappingProxyType({})

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def __and__(self, other: "Chosen") -> "Chosen":
        return Chosen(self.conditions + other.conditions, {**self.values, **other.values})


def by_words(connection: Connection, shown: ShownLayer, wanted: Wanted) -> Chosen:
    """What is wanted by words: a unit of which nothing is said is not among those."""
    full_text = dialect(connection).words
    match = full_text.all_words(wanted.words)
    if not match:
        return Chosen()
    # Within the version's own range: what other layers hold of the words is not even looked at.
    ends = "SELECT min(id) AS low, max(id) AS high FROM description WHERE version_id = :version"
    low, high = connection.execute(text(ends), {"version": shown.version}).one()
    return Chosen(
        " AND d.id IN (SELECT rowid FROM description_text"
        f" WHERE {full_text.matches} AND rowid BETWEEN :low AND :high)",
        {"match": match, "low": low, "high": high},
    )


def by_concept(wanted: Wanted) -> Chosen:
    """What is wanted by a word of the description itself."""
    if wanted.concept is None:
        return Chosen()
    return Chosen(
        " AND d.id IN (SELECT description_id FROM description_word"
        " WHERE version_id = :version AND word = :concept)",
        {"concept": wanted.concept},
    )


def by_kind(wanted: Wanted, status: str) -> Chosen:
    """What is wanted by status, which `status` stands for, and by faithfulness."""
    chosen = Chosen()
    if wanted.status is not None:
        chosen &= Chosen(f" AND {status} = :status", {"status": str(wanted.status)})
    if wanted.band is not None:
        chosen &= Chosen(f" AND {BAND} = :band", {"band": BANDS.index(wanted.band)})
    return chosen
