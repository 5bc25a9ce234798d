"""Phrases of our own lists (`everyday.toml`): colours, textures, parts, places, people, writing, light."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from captioner.bank_sources.english import definite, indefinite
from captioner.bank_sources.entry import Entry

__all__ = ["everyday_entries", "left_out", "parts_by_whole", "split_list", "word_list"]


def everyday_entries() -> Iterator[Entry]:
    """All phrases with their kinds, the plainest first; a phrase may come twice.

    >>> first = list(everyday_entries())
    >>> [entry.phrase for entry in first if entry.kind == "coloured" and entry.phrase.endswith("bus")][:2]
    ['a red bus', 'an orange bus']
    """
    lists = _read_lists()
    for kind, text in lists["as_they_stand"].items():
        yield from (Entry(phrase, kind) for phrase in split_list(text))
    for kind, text in lists["things"].items():
        yield from (Entry(indefinite(name), kind) for name in split_list(text))
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
    return frozenset(split_list(_read_lists()["left_out"]["words"]))


def word_list(section: str, name: str) -> tuple[str, ...]:
    """One of the lists.

    >>> word_list("colours", "basic")[:2]
    ('red', 'orange')
    """
    return split_list(_read_lists()[section][name])


def parts_by_whole() -> dict[str, tuple[str, ...]]:
    """Parts of each whole that has a list of them.

    >>> "wheel" in parts_by_whole()["car"]
    True
    """
    found: dict[str, tuple[str, ...]] = {"person": word_list("parts_of_a_person", "names")}
    for group in _read_lists()["parts"]:
        for whole in split_list(group["wholes"]):
            found[whole] = found.get(whole, ()) + split_list(group["names"])
    return found


def split_list(text: str) -> tuple[str, ...]:
    """Entries of a list, each once.

    >>> split_list("red, light  blue, red")
    ('red', 'light blue')
    """
    return tuple(dict.fromkeys(" ".join(entry.split()) for entry in text.split(",") if entry.strip()))


@cache
def _read_lists() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("everyday.toml").read_text(encoding="utf-8"))


def _written(lists: dict[str, Any]) -> Iterator[Entry]:
    for letter in split_list(lists["written"]["letters"]):
        yield Entry(f"the letter {letter}", "text")
    for digit in split_list(lists["written"]["digits"]):
        yield Entry(f"the number {digit}", "text")


def _colours(lists: dict[str, Any]) -> Iterator[Entry]:
    basic, shades = split_list(lists["colours"]["basic"]), split_list(lists["colours"]["shades"])
    for colour in (*basic, *shades):
        yield Entry(colour, "colour")
        for noun in ("object", "background", "area"):
            yield Entry(indefinite(f"{colour} {noun}"), "coloured")
    for mark in split_list(lists["colours"]["marks"]):
        yield from (Entry(f"{colour} {mark}", "coloured") for colour in basic)
    for pair in (shade for shade in shades if " and " in shade):
        yield from (Entry(f"{pair} {mark}", "coloured") for mark in ("stripes", "spots", "checks"))
    for noun in split_list(lists["colours"]["of"]):
        yield from (Entry(indefinite(f"{colour} {noun}"), "coloured") for colour in basic)
    for shape in ("circle", "square", "triangle", "star", "rectangle", "ring", "heart", "cross"):
        yield from (Entry(indefinite(f"{colour} {shape}"), "coloured") for colour in basic)
    for garment in split_list(lists["things"]["clothing"])[:30]:
        yield from (Entry(indefinite(f"{colour} {garment}"), "coloured") for colour in basic)
    for garment in ("shirt", "jacket", "coat", "dress", "hat"):
        for colour in basic:
            yield Entry(f"a person in {indefinite(f'{colour} {garment}')}", "coloured")


def _surfaces(lists: dict[str, Any]) -> Iterator[Entry]:
    for name in split_list(lists["materials"]["names"]):
        yield Entry(name, "material")
        yield from (
            Entry(indefinite(f"{name} {noun}"), "material") for noun in split_list(lists["materials"]["of"])
        )
    for name in split_list(lists["made_of"]["names"]):
        yield Entry(indefinite(name), "material")
    for name in split_list(lists["patterns"]["names"]):
        yield Entry(name, "pattern")
        yield from (
            Entry(indefinite(f"{name} {noun}"), "pattern") for noun in split_list(lists["patterns"]["of"])
        )


def _parts(lists: dict[str, Any]) -> Iterator[Entry]:
    for part in split_list(lists["parts_of_a_person"]["names"]):
        yield Entry(definite(part, "person"), "part")
        yield Entry(f"a person's {part}", "part")
    for group in lists["parts"]:
        for whole in split_list(group["wholes"]):
            yield from (Entry(definite(part, whole), "part") for part in split_list(group["names"]))


def _positions(lists: dict[str, Any]) -> Iterator[Entry]:
    wholes = [
        *split_list(lists["things"]["animal"]),
        *(group["wholes"] for group in lists["parts"] if "," not in group["wholes"]),
    ]
    for side in split_list(lists["positions"]["sides"]):
        yield from (Entry(definite(side, whole), "side") for whole in dict.fromkeys(wholes))
    for group in lists["settings"]:
        for animal in split_list(group["animals"]):
            yield from (
                Entry(f"{indefinite(animal)} {place}", "setting") for place in split_list(group["places"])
            )
    for place in split_list(lists["positions"]["seen_outdoors"]):
        yield from (
            Entry(f"{indefinite(place)} {view}", "setting")
            for view in split_list(lists["positions"]["views"])
        )
