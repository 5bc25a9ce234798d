"""Whether words name what a planted unit responds to.

The rules were fixed before any captioner was trained: exact names and synonyms count
(`milan.scenes.planted.accepted_names`), what a thing is a kind of never does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from milan.records import Description, UnitStatus
from milan.scenes.planted import (
    PlantedUnit,
    UnitKind,
    accepted_names,
    names_exactly,
    names_texture,
    plain,
    says_colour,
)

__all__ = ["Grade", "Said", "grade", "true_phrases"]

_LARGE = frozenset({"big", "huge", "large"})
_SMALL = frozenset({"little", "small", "tiny"})
_TEXT = frozenset({"caption", "letter", "lettering", "text", "word", "writing", "inscription"})
_ABOUT_TEXT = frozenset(
    {
        "at", "black", "blue", "bottom", "brown", "capital", "corner", "green", "grey", "handwritten", "in",
        "large", "left", "of", "on", "orange", "pink", "printed", "purple", "red", "right", "small", "top",
        "turquoise", "white", "yellow",
    }
)  # fmt: skip
_BESIDE_A_PART = frozenset({"animal", "face", "head", "left", "of", "right", "two", "pair"})
_DENIALS = ("not", "without", "no")


class Grade(StrEnum):
    """How well words name the truth."""

    RIGHT = "right"
    PARTLY = "partly"
    """Something true, but less than the truth: the dog of a unit for dogs on the left."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a unit."""

    phrase: str
    """The best phrase, said or held back; empty when there is none."""
    explanation: str = ""
    meanings: tuple[str, ...] = ()
    status: UnitStatus = UnitStatus.DESCRIBED

    @classmethod
    def of(cls, description: Description | None, status: UnitStatus) -> "Said":
        """What a catalog holds of a unit."""
        if description is None or not description.candidates:
            return cls("", status=status)
        return cls(
            description.candidates[0].phrase,
            description.explanation.sentence if description.explanation else "",
            tuple(meaning.phrase for meaning in description.meanings),
            status,
        )


def grade(unit: PlantedUnit, said: Said) -> Grade:
    """Grade what is said of a unit.

    - concept, texture, colour: right when named, colours and sizes aside;
    - part: right with the part's noun, alone or with its own whole; partly with another whole, or A alone;
    - side, position, size: right with A and the side or size; partly with A alone;
    - or, polysemantic: right when either is named, as phrase or as a meaning;
    - and: right when the phrase names both, partly when one;
    - not: right when phrase or explanation deny B; partly when A is named;
    - spurious: right for text of no given wording;
    - dead and never positive units: right when the status says so.
    """
    if not unit.is_live:
        return Grade.RIGHT if said.status == unit.kind.value else Grade.WRONG
    return _RULES[unit.kind](unit, said)


def true_phrases(unit: PlantedUnit) -> tuple[str, ...]:
    """Phrases against which the likeness in meaning is measured; the nearest counts."""
    names = tuple(sorted(name for key in unit.concepts for name in accepted_names(key)))
    match unit.kind:
        case UnitKind.CONCEPT | UnitKind.TEXTURE | UnitKind.OR | UnitKind.POLYSEMANTIC:
            return names
        case UnitKind.COLOUR:
            return (unit.detail, f"something {unit.detail}")
        case UnitKind.PART:
            return (unit.detail, unit.truth)
        case UnitKind.SPURIOUS:
            return ("text", "a word", "text in the corner")
        case _:
            return (unit.truth,)


def _named(unit: PlantedUnit, said: Said) -> Grade:
    return _graded(names_exactly(said.phrase, accepted_names(unit.concepts[0])))


def _texture(unit: PlantedUnit, said: Said) -> Grade:
    return _graded(names_texture(said.phrase, accepted_names(unit.concepts[0])))


def _colour(unit: PlantedUnit, said: Said) -> Grade:
    return _graded(says_colour(said.phrase, unit.detail), partly=unit.detail in plain(said.phrase).split())


def _part(unit: PlantedUnit, said: Said) -> Grade:
    words = plain(said.phrase).split()
    own = {word for name in accepted_names(unit.concepts[0]) for word in name.split()}
    has_part = plain(unit.detail) in words
    alone = set(words) <= own | _BESIDE_A_PART | {plain(unit.detail)}
    return _graded(has_part and alone, partly=has_part or _mentions(said.phrase, unit.concepts[0]))


def _side(unit: PlantedUnit, said: Said) -> Grade:
    side = unit.detail.split()[0]
    return _with_word(unit, said, frozenset({side}))


def _size(unit: PlantedUnit, said: Said) -> Grade:
    return _with_word(unit, said, _LARGE if unit.detail == "large" else _SMALL)


def _with_word(unit: PlantedUnit, said: Said, words: frozenset[str]) -> Grade:
    named = _mentions(said.phrase, unit.concepts[0])
    return _graded(named and not words.isdisjoint(plain(said.phrase).split()), partly=named)


def _either(unit: PlantedUnit, said: Said) -> Grade:
    names = accepted_names(unit.concepts[0]) | accepted_names(unit.concepts[1])
    return _graded(any(names_exactly(phrase, names) for phrase in (said.phrase, *said.meanings)))


def _both(unit: PlantedUnit, said: Said) -> Grade:
    named = [_mentions(said.phrase, key) for key in unit.concepts]
    return _graded(all(named), partly=any(named))


def _not(unit: PlantedUnit, said: Said) -> Grade:
    denied = any(
        _mentions(after, unit.concepts[1])
        for text in (said.phrase, *said.explanation.split(";"))
        for after in _denied(text)
    )
    return _graded(denied, partly=_mentions(said.phrase, unit.concepts[0]))


def _denied(text: str) -> list[str]:
    words = text.lower().split()
    return [" ".join(words[at + 1 :]) for at, word in enumerate(words) if word in _DENIALS]


def _text(unit: PlantedUnit, said: Said) -> Grade:
    words = set(plain(said.phrase).split())
    mentioned = not words.isdisjoint(_TEXT)
    return _graded(mentioned and words <= _TEXT | _ABOUT_TEXT, partly=mentioned)


def _graded(right: bool, partly: bool = False) -> Grade:
    if right:
        return Grade.RIGHT
    return Grade.PARTLY if partly else Grade.WRONG


def _mentions(phrase: str, key: str) -> bool:
    """Whether a phrase holds one of a concept's names, word by word."""
    said = f" {plain(phrase)} "
    return any(f" {name} " in said for name in accepted_names(key))


_RULES: Mapping[UnitKind, Callable[[PlantedUnit, Said], Grade]] = MappingProxyType(
    {
        UnitKind.CONCEPT: _named,
        UnitKind.TEXTURE: _texture,
        UnitKind.COLOUR: _colour,
        UnitKind.PART: _part,
        UnitKind.SIDE: _side,
        UnitKind.POSITION: _side,
        UnitKind.SIZE: _size,
        UnitKind.OR: _either,
        UnitKind.AND: _both,
        UnitKind.NOT: _not,
        UnitKind.POLYSEMANTIC: _either,
        UnitKind.SPURIOUS: _text,
    }
)
