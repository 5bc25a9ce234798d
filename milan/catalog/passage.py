"""A passage of a text drawn word by word, tinted by a unit's activations: blue above zero, red below."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from PIL import ImageDraw

from milan.catalog.sheet import wide_font
from milan.records import Exemplar, TextSpan

__all__ = ["Passage", "draw_passage", "height_of", "is_right_to_left", "words_shown"]

_SIZE, _LINE, _NOTE, _PAD = 17, 28, 200, 12
"""Of the letters, of a line, of the column of notes, and below a passage, in pixels."""
_BLUE, _RED, _INK, _SOFT = (46, 108, 199), (205, 62, 52), "#1b1c1e", "#6b6e74"
_BEFORE, _AFTER = 14, 10
"""Words shown before and after the strongest one."""
_LONGEST_WORD = 40
"""Letters of a word that are shown."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is drawn of a passage."""

    note: str
    words: tuple[str, ...]
    tints: tuple[float, ...] = ()
    """-1 to 1, a number a word; none where activations are not known."""

    @property
    def steps(self) -> list[tuple[str, int]]:
        """Words with tints in steps from -8 to 8, for pages whose style is not their own."""
        tints = self.tints or (0.0,) * len(self.words)
        return [(word, round(8 * tint)) for word, tint in zip(self.words, tints, strict=True)]

    @classmethod
    def of(cls, exemplar: Exemplar) -> Self:
        """An exemplar of a text unit."""
        span = exemplar.region
        if not isinstance(span, TextSpan):
            return cls(f"{exemplar.activation:.3g}", (exemplar.source,))
        shown = words_shown(span)
        tints = tuple(span.tints[shown.start : shown.stop].tolist())
        words = span.words[shown.start : shown.stop]
        if shown.start:
            words, tints = ("…", *words), (0.0, *tints)
        if shown.stop < len(span.words):
            words, tints = (*words, "…"), (*tints, 0.0)
        return cls(f"{exemplar.activation:.3g}  {span.passage}", words, tints)


def words_shown(span: TextSpan) -> range:
    """The words of a passage around its strongest one."""
    return range(max(0, span.peak - _BEFORE), min(len(span.words), span.peak + _AFTER + 1))


def is_right_to_left(words: Sequence[str]) -> bool:
    """Whether a passage is read from right to left: its first letter says."""
    kinds = (unicodedata.bidirectional(sign) for word in words for sign in word)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


class _Placed(NamedTuple):
    word: str
    tint: float
    line: int
    left: float
    width: float


def height_of(passage: Passage, width: int) -> int:
    """How high a passage is when drawn so wide."""
    return _LINE * (1 + max((placed.line for placed in _placed(passage, width)), default=0)) + _PAD


def draw_passage(pen: ImageDraw.ImageDraw, at: tuple[int, int], passage: Passage, width: int) -> None:
    """Draw a passage from its upper left corner, its note before it if it has one."""
    left, top = at
    pen.text((left, top + 4), passage.note, _SOFT, wide_font(13))
    for word, tint, line, across, wide in _placed(passage, width):
        x, y = left + _notes(passage) + across, top + _LINE * line
        if tint:
            box = (x - 3, y, x + wide + 3, y + _LINE - 5)
            pen.rounded_rectangle(box, 4, fill=_blend(tint))
        pen.text((x, y + 1), word, _INK, wide_font(_SIZE))


def _placed(passage: Passage, width: int) -> Iterator[_Placed]:
    """Words on their lines; from the right where the passage is read so."""
    room, reverse = width - _notes(passage), is_right_to_left(passage.words)
    tints = passage.tints or (0.0,) * len(passage.words)
    line, across = 0, 0.0
    for whole, tint in zip(passage.words, tints, strict=True):
        shown = "".join(sign if sign.isprintable() else "·" for sign in whole)
        word = shown if len(shown) <= _LONGEST_WORD else f"{shown[: _LONGEST_WORD - 1]}…"
        wide = wide_font(_SIZE).getlength(word)
        if across and across + wide > room:
            line, across = line + 1, 0.0
        yield _Placed(word, tint, line, room - across - wide if reverse else across, wide)
        across += wide + 8


def _notes(passage: Passage) -> int:
    """Width of the column of notes."""
    return _NOTE if passage.note else 0


def _blend(tint: float) -> tuple[int, int, int]:
    """The page's white with so much of the colour."""
    colour, part = (_BLUE if tint > 0 else _RED), 0.75 * min(1.0, abs(tint))
    red, green, blue = (round(255 - (255 - of) * part) for of in colour)
    return red, green, blue
