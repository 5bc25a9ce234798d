"""The vocabulary of scenes: every concept with its key, its names and what it is a kind of."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from milan.scenes.drawing.cutouts import twemoji
from milan.scenes.drawing.lettering import LETTERS, WORDS
from milan.scenes.drawing.shapes import SHAPES
from milan.scenes.drawing.textures import TEXTURES
from milan.scenes.emoji_concepts import emoji_entries, emoji_name
from milan.scenes.settings import Kind
from milan.scenes.translations import TRANSLATIONS

__all__ = ["Concept", "concepts", "is_seen", "names_of"]

_BACKGROUNDS: Mapping[str, str] = {
    "plain": "plain background",
    "gradient": "gradient",
    "noise": "grainy background",
    "blurred": "blurred background",
    "sky": "sky",
    "night_sky": "night sky",
    "grass": "grass",
    "sea": "sea",
    "buildings": "buildings",
}
_ONE_WAY_SHAPES = frozenset({"crescent"})


@dataclass(frozen=True, slots=True)
class Concept:
    """Something a scene can hold."""

    key: str
    """`kind:name`, such as `emoji:red_apple`, `shape:star`, `word:stop`."""
    kind: Kind
    """What draws it."""
    name: str
    """English name without article."""
    symbol: str
    """What is drawn: the emoji character, the letters, the shape's or the texture's name."""
    synonyms: tuple[str, ...] = ()
    """Other English names."""
    kinds: tuple[str, ...] = ()
    """What it is a kind of, nearest first: `fruit`, `food`."""
    mirrors: bool = True
    """Whether its mirror image shows the same concept."""


@cache
def concepts() -> Mapping[str, Concept]:
    """Every concept by key, sorted.

    >>> concepts()["emoji:red_apple"].kinds
    ('fruit', 'food')
    """
    found = [*_emoji(), *_shapes(), *_textures(), *_writing(), *_backgrounds()]
    return {concept.key: concept for concept in sorted(found, key=lambda concept: concept.key)}


def names_of(concept: Concept, languages: Iterable[str]) -> dict[str, str]:
    """The concept's name in each of the languages that has one (see `EMOJI_LANGUAGES`).

    >>> names_of(concepts()["shape:star"], ["en", "de"])
    {'en': 'star', 'de': 'Stern'}
    """
    return {language: name for language in languages if (name := _name(concept, language))}


def is_seen(key: str, share: float = 0.8) -> bool:
    """Whether a concept is on the seen side of a split that never changes; about `share` of all are.

    A hash of the key decides, so a concept stays on its side when the vocabulary grows.
    """
    digest = hashlib.sha256(key.encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


@cache
def _name(concept: Concept, language: str) -> str | None:
    if language == "en":
        return concept.name
    if concept.kind == "emoji":
        return emoji_name(concept.symbol, language)
    return TRANSLATIONS.get(concept.name, {}).get(language)


def _emoji() -> list[Concept]:
    return [
        Concept(
            f"emoji:{entry.name}",
            "emoji",
            entry.english,
            entry.character,
            entry.synonyms,
            entry.kinds,
            entry.mirrors,
        )
        for entry in emoji_entries()
        if twemoji(entry.character) is not None
    ]


def _shapes() -> list[Concept]:
    return [
        Concept(f"shape:{name}", "shape", name, name, (), ("shape",), name not in _ONE_WAY_SHAPES)
        for name in SHAPES
    ]


def _textures() -> list[Concept]:
    return [
        Concept(f"texture:{name.replace(' ', '_')}", "texture", name, name, (), ("pattern",))
        for name in TEXTURES
    ]


def _writing() -> list[Concept]:
    letters = [
        Concept(f"letter:{text}", "letter", _letter_name(text), text, (), ("text",), mirrors=False)
        for text in LETTERS
    ]
    words = [
        Concept(f"word:{text}", "word", f"the word {text}", text.upper(), (), ("text",), mirrors=False)
        for text in WORDS
    ]
    return letters + words


def _letter_name(text: str) -> str:
    return f"the {'digit' if text.isdigit() else 'letter'} {text}"


def _backgrounds() -> list[Concept]:
    return [Concept(f"background:{key}", "background", name, key) for key, name in _BACKGROUNDS.items()]
