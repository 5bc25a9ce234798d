"""How far a description can be trusted, as one JSON value a unit, and back exactly."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from milan.catalog.backends import dialect
from milan.records import (
    Band,
    CounterExemplar,
    CounterKind,
    Description,
    Explanation,
    Faithfulness,
    Figure,
    Meaning,
    TopWord,
    WeightedPhrase,
)

__all__ = ["interval", "read_trust", "write_trust"]


def write_trust(description: Description) -> dict[str, Any] | None:
    """What is known of the fields of `READERS` as JSON values; None when nothing is."""
    known: dict[str, Any] = {}
    for name in READERS:
        value = getattr(description, name)
        if value:
            known[name] = [asdict(one) for one in value] if isinstance(value, tuple) else asdict(value)
    return known or None


def read_trust(stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fields of a `Description` again; those of which nothing is known are left out."""
    return {name: READERS[name](value) for name, value in (stored or {}).items()}


def interval(connection: Connection) -> str:
    """The ends of the faithfulness's interval of a description `d`, as columns `low` and `high`.

    They stand in a value that holds much else: the back end finds them for us.
    """
    at = dialect(connection).json_number
    low, high = (at("d.trust", "faithfulness", "mean", place) for place in (1, 2))
    return f"{low} AS low, {high} AS high"


def _faithfulness(value: Mapping[str, Any]) -> Faithfulness:
    figures = {name: Figure(*value[name]) for name in ("mean", "peak", "auprc", "f1")}
    return Faithfulness(n_measured=value["n_measured"], **figures)


def _explanation(value: Mapping[str, Any]) -> Explanation:
    return Explanation(tuple(WeightedPhrase(**term) for term in value["terms"]))


def _counter_exemplars(value: list[dict[str, Any]]) -> tuple[CounterExemplar, ...]:
    return tuple(CounterExemplar(**{**one, "kind": CounterKind(one["kind"])}) for one in value)


def _meanings(value: list[dict[str, Any]]) -> tuple[Meaning, ...]:
    return tuple(Meaning(one["phrase"], tuple(one["ranks"])) for one in value)


def _bands(value: list[dict[str, Any]]) -> tuple[Band, ...]:
    return tuple(Band(**one) for one in value)


def _top_words(value: list[dict[str, Any]]) -> tuple[TopWord, ...]:
    return tuple(TopWord(**one) for one in value)


READERS: Mapping[str, Callable[[Any], Any]] = {
    "faithfulness": _faithfulness,
    "explanation": _explanation,
    "explanation_faithfulness": _faithfulness,
    "counter_exemplars": _counter_exemplars,
    "meanings": _meanings,
    "bands": _bands,
    "top_words": _top_words,
}
"""The fields, and what makes each of them from JSON."""
