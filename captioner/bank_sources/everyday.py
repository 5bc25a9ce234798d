"""Phrases of our own lists (`everyday.toml`): colours, textures, parts, places, people, writing, light."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from captioner.bank_sources.english import definite, indefinite
from captioner.bank_sources.entry import Entry

__all__ = ["everyday_entries", "left_out"]


def everyday_entries() -> Iterator[Entry]:
    """All phrases with their kinds, the plainest first; a phrase may come twice.

    >>> first = list(everyday_entries())
    >>> [entry.phrase for entry in first if entry.kind == "coloured" and entry.phrase.endswith("bus")][:2]
    ['a red bus', 'an orange bus']
    """
    lists = _read_lists()
    for kind, text in lists["as_they_stand"].items():
        yield from (Entry(phrase, kind) for phrase in _split(text))
    for kind, text in lists["things"].items():
        yield from (Entry(indefinite(name), kind) for name in _split(text))
    yield from _colours(lists)
    yield from _written(lists)
    yield from _surfaces(lists)
    yield from _parts(lists)
    yield from _positions(lists)


def left_out() -> frozenset[str]:
    """Words that no phrase is made of.

    >>> {"paraphernalia", "human being"} <= left_out()
    True
    """
    return frozenset(_split(_read_lists()["left_out"]["words"]))


def _read_lists() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("everyday.toml").read_text(encoding="utf-8"))


def _written(lists: dict[str, Any]) -> Iterator[Entry]:
    for letter in _split(lists["written"]["letters"]):
        yield Entry(f"the letter {letter}", "text")
    for digit in _split(lists["written"]["digits"]):
        yield Entry(f"the number {digit}", "text")


def _colours(lists: dict[str, Any]) -> Iterator[Entry]:
    basic, shades = _split(lists["colours"]["basic"]), _split(lists["colours"]["shades"])
    for colour in (*basic, *shades):
        yield Entry(colour, "colour")
        for noun in ("object", "background", "area"):
            yield Entry(indefinite(f"{colour} {noun}"), "coloured")
    for mark in _split(lists["colours"]["marks"]):
        yield from (Entry(f"{colour} {mark}", "coloured") for colour in basic)
    for pair in (shade for shade in shades if " and " in shade):
        yield from (Entry(f"{pair} {mark}", "coloured") for mark in ("stripes", "spots", "checks"))
    for noun in _split(lists["colours"]["of"]):
        yield from (Entry(indefinite(f"{colour} {noun}"), "coloured") for colour in basic)
    for shape in ("circle", "square", "triangle", "star", "rectangle", "ring", "heart", "cross"):
        yield from (Entry(indefinite(f"{colour} {shape}"), "coloured") for colour in basic)
    for garment in _split(lists["things"]["clothing"])[:30]:
        yield from (Entry(indefinite(f"{colour} {garment}"), "coloured") for colour in basic)
    for garment in ("shirt", "jacket", "coat", "dress", "hat"):
        for colour in basic:
            yield Entry(f"a person in {indefinite(f'{colour} {garment}')}", "coloured")


def _surfaces(lists: dict[str, Any]) -> Iterator[Entry]:
    for name in _split(lists["materials"]["names"]):
        yield Entry(name, "material")
        yield from (
            Entry(indefinite(f"{name} {noun}"), "material") for noun in _split(lists["materials"]["of"])
        )
    for name in _split(lists["made_of"]["names"]):
        yield Entry(indefinite(name), "material")
    for name in _split(lists["patterns"]["names"]):
        yield Entry(name, "pattern")
        yield from (
            Entry(indefinite(f"{name} {noun}"), "pattern") for noun in _split(lists["patterns"]["of"])
        )


def _parts(lists: dict[str, Any]) -> Iterator[Entry]:
    for part in _split(lists["parts_of_a_person"]["names"]):
        yield Entry(definite(part, "person"), "part")
        yield Entry(f"a person's {part}", "part")
    for group in lists["parts"]:
        for whole in _split(group["wholes"]):
            yield from (Entry(definite(part, whole), "part") for part in _split(group["names"]))


def _positions(lists: dict[str, Any]) -> Iterator[Entry]:
    wholes = [
        *_split(lists["things"]["animal"]),
        *(group["wholes"] for group in lists["parts"] if "," not in group["wholes"]),
    ]
    for side in _split(lists["positions"]["sides"]):
        yield from (Entry(definite(side, whole), "side") for whole in dict.fromkeys(wholes))
    for group in lists["settings"]:
        for animal in _split(group["animals"]):
            yield from (
                Entry(f"{indefinite(animal)} {place}", "setting") for place in _split(group["places"])
            )
    for place in _split(lists["positions"]["seen_outdoors"]):
        yield from (
            Entry(f"{indefinite(place)} {view}", "setting") for view in _split(lists["positions"]["views"])
        )


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(entry.split()) for entry in text.split(",") if entry.strip()))
