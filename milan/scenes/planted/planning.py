"""Which units a planted network has."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from milan.errors import BadSetting
from milan.scenes.anatomy import ANATOMY
from milan.scenes.colours import COLOURS
from milan.scenes.concepts import concepts
from milan.scenes.planted.names import accepted_names, is_common_noun, unseen_concepts
from milan.scenes.planted.truth import SIDES, SIZES
from milan.scenes.planted.units import NOISE_LEVELS, PlantedUnit, UnitKind
from milan.scenes.settings import Kind

__all__ = ["Vocabulary", "plan_units", "single_concepts", "vocabulary"]

_Item = TypeVar("_Item")

_SHARES: Mapping[UnitKind, int] = {
    UnitKind.CONCEPT: 48, UnitKind.TEXTURE: 8, UnitKind.COLOUR: 9, UnitKind.PART: 7, UnitKind.SIDE: 5,
    UnitKind.POSITION: 4, UnitKind.SIZE: 4, UnitKind.OR: 9, UnitKind.AND: 6, UnitKind.NOT: 6,
    UnitKind.POLYSEMANTIC: 6, UnitKind.SPURIOUS: 2, UnitKind.DEAD: 3, UnitKind.NEVER_POSITIVE: 3,
}  # fmt: skip
"""Units of each kind among 120."""
_CONCEPT_SHARES: Mapping[str, int] = {
    "unseen": 14, "emoji": 22, "shape": 5, "background": 3, "letter": 2, "word": 2,
}  # fmt: skip
"""What the units of single concepts are about, among 48."""
_NAMED_BACKGROUNDS = ("buildings", "grass", "night_sky", "sea", "sky")
_COLOURS = tuple(name for name in COLOURS if name not in ("grey", "brown"))  # outlines and shades are these
_DETAILS: Mapping[UnitKind, Sequence[str]] = {
    UnitKind.COLOUR: _COLOURS,
    UnitKind.SIDE: ("left half", "right half"),
    UnitKind.POSITION: SIDES,
    UnitKind.SIZE: tuple(SIZES),
}
_PARTS = ("ear", "eye", "nose", "wheel", "snout", "horn", "trunk", "crown", "leaf", "stem", "handle", "sail")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Concepts to make units of, in the order in which they are taken."""

    seen: tuple[str, ...]
    """Emoji that a captioner may have been trained on, with a common noun."""
    unseen: tuple[str, ...]
    """Emoji that it may not."""
    others: dict[str, tuple[str, ...]]
    """Shapes, textures, letters, words and backgrounds by kind."""


def vocabulary(rng: np.random.Generator, drawn: Iterable[str]) -> Vocabulary:
    """Shuffle the concepts; of emoji take those drawn, and of several with a name in common the first."""
    known = set(drawn)
    nouns = [key for key in concepts() if key in known and is_common_noun(key)]
    apart: list[str] = []
    said: set[str] = set()
    for key in _shuffled(nouns, rng):
        if said.isdisjoint(accepted_names(key)):
            apart.append(key)
            said |= accepted_names(key)
    others: dict[str, tuple[str, ...]] = {}
    kinds: tuple[Kind, ...] = ("shape", "texture", "letter", "word")
    for kind in kinds:
        others[kind] = tuple(_shuffled([key for key in concepts() if key.startswith(f"{kind}:")], rng))
    others["background"] = tuple(_shuffled([f"background:{name}" for name in _NAMED_BACKGROUNDS], rng))
    return Vocabulary(
        tuple(key for key in apart if key not in unseen_concepts()),
        tuple(key for key in apart if key in unseen_concepts()),
        others,
    )


def single_concepts(n: int, words: Vocabulary) -> list[PlantedUnit]:
    """Units of one concept each, of all kinds in fixed shares."""
    wanted = _apportioned(n, _CONCEPT_SHARES)
    keys = [*words.unseen[: wanted["unseen"]], *words.seen[: wanted["emoji"]]]
    for kind in ("shape", "background", "letter", "word"):
        keys += words.others[kind][: wanted[kind]]
    return [PlantedUnit(UnitKind.CONCEPT, (key,)) for key in keys]


def plan_units(n: int, words: Vocabulary, rng: np.random.Generator) -> tuple[PlantedUnit, ...]:
    """N units of all kinds in fixed shares, each at one of the noise levels in turn.

    BadSetting for fewer than 20, which would leave kinds out.
    """
    if n < 20:
        raise BadSetting(f"a planted network has at least 20 units, got {n}")
    wanted = _apportioned(n, _SHARES)
    things = itertools.cycle(words.seen[: max(12, n // 3)])
    parts = itertools.cycle(_shuffled(_things_with_parts(words), rng))
    units = single_concepts(wanted.pop(UnitKind.CONCEPT), words)
    for kind, count in wanted.items():
        units += [_unit(kind, number, things, parts, words) for number in range(count)]
    return tuple(_with_noise(units))


def _unit(
    kind: UnitKind, number: int, things: Iterator[str], parts: Iterator[tuple[str, str]], words: Vocabulary
) -> PlantedUnit:
    """The next unit of a kind; the n-th of its kind takes the n-th of what there is to choose from."""
    keys: tuple[str, ...] = ()
    detail = _nth(_DETAILS.get(kind, ("",)), number)
    match kind:
        case UnitKind.COLOUR | UnitKind.DEAD:
            pass
        case UnitKind.TEXTURE:
            keys = (_nth(words.others["texture"], number),)
        case UnitKind.PART:
            key, detail = next(parts)
            keys = (key,)
        case UnitKind.POLYSEMANTIC:
            strangers = words.others[_nth(("texture", "shape", "letter"), number)]
            keys = (next(things), strangers[-1 - number // 3 % len(strangers)])
        case UnitKind.OR | UnitKind.AND | UnitKind.NOT:
            keys = (next(things), next(things))
        case _:
            keys = (next(things),)
    return PlantedUnit(kind, keys, detail)


def _with_noise(units: Sequence[PlantedUnit]) -> Iterator[PlantedUnit]:
    for number, unit in enumerate(units):
        level = 0.0 if unit.kind is UnitKind.DEAD else NOISE_LEVELS[number % len(NOISE_LEVELS)]
        yield replace(unit, noise=level)


def _things_with_parts(words: Vocabulary) -> list[tuple[str, str]]:
    """Emoji with a part that has a common name, one part each, its side left away."""
    found: list[tuple[str, str]] = []
    for key in words.seen:
        own = {name.split()[-1] for name in ANATOMY.get(key, ())}
        parts = [part for part in _PARTS if part in own]
        if parts:
            found.append((key, parts[len(found) % len(parts)]))
    return found


def _apportioned(n: int, shares: Mapping[_Item, int]) -> dict[_Item, int]:
    """N cut by shares into whole numbers, at least one each; the first takes what is over."""
    total = sum(shares.values())
    cut = {key: max(1, n * share // total) for key, share in shares.items()}
    cut[next(iter(shares))] += n - sum(cut.values())
    return cut


def _nth(items: Sequence[_Item], number: int) -> _Item:
    return items[number % len(items)]


def _shuffled(items: Sequence[_Item], rng: np.random.Generator) -> list[_Item]:
    return [items[place] for place in rng.permutation(len(items))]
