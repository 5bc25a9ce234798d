"""Ask one catalog all questions: how many units of each layer answer, which, and how surely."""

import contextlib
import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from milan.catalog import Answer, SaidUnits, answering, with_vectors
from milan.catalog.meanings import Embed
from milan.records import Concept, ShuffledFaithfulness
from milan.statistics.shares import Share, share
from milan.uses.audit.questions import Questions
from milan.uses.audit.trust import SURE, Chance, chances_of, expected_false

__all__ = ["AuditedCatalog", "AuditedLayer", "LayerAnswers", "SureAnswer", "ask"]


@dataclass(frozen=True, slots=True)
class SureAnswer:
    """A unit that is said to answer, and how easily a false description would."""

    answer: Answer
    chance: Chance | None
    """None where the catalog does not know what shuffled descriptions reach."""

    @property
    def is_sure(self) -> bool | None:
        """Whether it counts as sure; None where that is not known."""
        return None if self.chance is None else self.chance.corrected <= SURE

    def as_dict(self) -> dict[str, Any]:
        """What JSON shows of it."""
        return {
            "unit": str(self.answer.unit),
            "phrase": self.answer.phrase,
            "how": self.answer.how,
            "score": self.answer.score,
            "faithfulness": self.answer.faithfulness,
            "p": None if self.chance is None else self.chance.alone,
            "q": None if self.chance is None else self.chance.corrected,
            "sure": self.is_sure,
        }


@dataclass(frozen=True, slots=True)
class AuditedLayer:
    """A layer that was asked."""

    network: str
    name: str
    n_units: int
    """Units that have words, said or held back."""
    n_said: int
    """Units of which something is said."""
    knows_chance: bool
    """Whether it is known what shuffled descriptions reach."""


@dataclass(frozen=True, slots=True)
class LayerAnswers:
    """What one layer answers to one concept."""

    concept: str
    layer: AuditedLayer
    answers: tuple[SureAnswer, ...]
    """Of units that are said to answer: the surest first."""
    n_sure: int | None
    """Of them; None where that is not known."""
    expected_false: float | None
    """Units that would be said to answer if the layer's descriptions were shuffled."""

    @property
    def n(self) -> int:
        """Units that are said to answer."""
        return len(self.answers)

    @property
    def share(self) -> Share:
        """Of the units that have words."""
        return share(self.n, self.layer.n_units)

    def as_dict(self) -> dict[str, Any]:
        """What JSON shows of it."""
        return {
            "network": self.layer.network,
            "layer": self.layer.name,
            "units": self.n,
            "of": self.layer.n_units,
            "share": list(self.share),
            "sure": self.n_sure,
            "expected_false": self.expected_false,
            "answers": [answer.as_dict() for answer in self.answers],
        }


@dataclass(frozen=True, slots=True)
class AuditedCatalog:
    """One catalog's answers to all questions."""

    name: str
    """How the catalog is called in tables: its file's name."""
    layers: tuple[AuditedLayer, ...]
    found: tuple[LayerAnswers, ...] = field(repr=False)
    """By concept, then layer: also where nothing answers."""

    @property
    def knows_chance(self) -> bool:
        """Whether it is known of all layers that have words what shuffled descriptions reach."""
        return all(layer.knows_chance for layer in self.layers if layer.n_units)

    def of(self, concept: str) -> list[LayerAnswers]:
        """Answers to one concept, layer by layer."""
        return [found for found in self.found if found.concept == concept]

    def count(self, concept: str) -> int:
        """Units that are said to answer, in all layers."""
        return sum(found.n for found in self.of(concept))

    def as_dict(self) -> dict[str, Any]:
        """What JSON shows of it."""
        concepts = dict.fromkeys(found.concept for found in self.found)
        return {
            "catalog": self.name,
            "concepts": {name: [found.as_dict() for found in self.of(name)] for name in concepts},
        }


def ask(said: SaidUnits, questions: Questions, embed: Embed, name: str = "catalog") -> AuditedCatalog:
    """Ask all questions of what is said of a catalog's units.

    `embed` makes vectors of phrases; those that `said` brings along are not made again. Counts are of units
    whose description is said; held back candidates only serve to estimate chance.
    """
    with _nothing_is_garbage():
        return _ask(said, questions, embed, name)


@contextlib.contextmanager
def _nothing_is_garbage() -> Iterator[None]:
    """Keep the collector from walking through the encoder's millions of objects while answers are made.

    A large catalog has tens of thousands of answers, all kept: looking for garbage took half of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _ask(said: SaidUnits, questions: Questions, embed: Embed, name: str) -> AuditedCatalog:
    if any(concept.phrases for concept in questions.concepts):
        said = with_vectors(said, embed)
    answers = [_of_concept(said, concept, embed) for concept in questions.concepts]
    together = [answer for some in answers for answer in some]
    place = {(layer.network, layer.name): at for at, layer in enumerate(said.layers)}
    layer_of = [place[answer.unit.network, answer.unit.layer] for answer in together]
    chances = chances_of(together, [said.layers[at].shuffled for at in layer_of])
    layers = _layers(said)
    grouped: dict[tuple[int, int], list[tuple[Answer, Chance | None]]] = {}
    concept_of = (number for number, some in enumerate(answers) for _ in some)
    for number, answer, at, chance in zip(concept_of, together, layer_of, chances, strict=True):
        grouped.setdefault((number, at), []).append((answer, chance))
    found = [
        _of_layer(concept.name, layer, grouped.get((number, at), []), said.layers[at].shuffled)
        for number, concept in enumerate(questions.concepts)
        for at, layer in enumerate(layers)
    ]
    return AuditedCatalog(name, layers, tuple(found))


def _of_concept(said: SaidUnits, concept: Concept, embed: Embed) -> list[Answer]:
    return answering(said, concept, embed, held_back=True)


def _layers(said: SaidUnits) -> tuple[AuditedLayer, ...]:
    places = range(len(said.layers))
    n_units = np.bincount(said.layer[said.phrase >= 0], minlength=len(places)).tolist()
    n_said = np.bincount(said.layer[said.is_said], minlength=len(places)).tolist()
    return tuple(
        AuditedLayer(layer.network, layer.name, n_units[at], n_said[at], layer.shuffled is not None)
        for at, layer in enumerate(said.layers)
    )


def _of_layer(
    concept: str,
    layer: AuditedLayer,
    found: list[tuple[Answer, Chance | None]],
    shuffled: ShuffledFaithfulness | None,
) -> LayerAnswers:
    answers = [SureAnswer(answer, chance) for answer, chance in found if answer.said]
    return LayerAnswers(
        concept,
        layer,
        tuple(sorted(answers, key=_surest_first)),
        None if shuffled is None else sum(bool(answer.is_sure) for answer in answers),
        None if shuffled is None else expected_false(len(found), shuffled),
    )


def _surest_first(found: SureAnswer) -> tuple[float, float, int]:
    stated = found.answer.faithfulness
    return (-2.0 if stated is None else -stated, -found.answer.score, found.answer.unit.index)
