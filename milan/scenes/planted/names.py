"""Which phrases name a planted concept, and which do not.

`data/planted/synonyms.tsv` lists for each concept the names that count: its own, the emoji package's aliases,
and the other words of its WordNet meaning. What a concept is a kind of is never among them. The table was
made and committed before any captioner was trained on it (`python -m milan.uses.evaluate.synonyms`).
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from milan.records.files import shipped_file
from milan.scenes.colours import COLOURS

__all__ = [
    "accepted_names",
    "is_common_noun",
    "names_exactly",
    "names_texture",
    "plain",
    "says_colour",
    "unseen_concepts",
]

_ARTICLES = frozenset({"a", "an", "the", "some"})
_SIZES = frozenset({"big", "huge", "large", "little", "small", "tiny"})
_LOOKS = frozenset({"bright", "dark", "light", "pale"})
_ANYTHING = frozenset(
    {
        "area", "background", "clothe", "clothing", "color", "colored", "colour", "coloured", "fabric",
        "light", "material", "object", "paint", "part", "region", "shade", "shape", "something", "surface",
        "thing", "tone", "wall",
    }
)  # fmt: skip
"""Words that add nothing to a colour."""
_FILLS = frozenset(
    {"background", "design", "fabric", "of", "on", "pattern", "patterned", "surface", "texture"}
)
"""Words that add nothing to a texture's name."""
_ENDS_IN_S = re.compile(r"(ss|us|is|ous)$")
_SINGULAR_IN_S = frozenset({"canvas", "gas", "glasses", "grass", "lens", "scissors", "series", "trousers"})
_IRREGULAR = {"children": "child", "feet": "foot", "geese": "goose", "gray": "grey", "knives": "knife",
              "leaves": "leaf", "mice": "mouse", "oxen": "ox", "people": "person", "teeth": "tooth",
              "wolves": "wolf"}  # fmt: skip


@cache
def unseen_concepts() -> frozenset[str]:
    """Keys of the emoji that no captioner may be trained on: a fixed tenth, by a hash of the key.

    Training leaves them out with `SceneSettings(concepts=frozenset(concepts()) - unseen_concepts())`.
    """
    lines = shipped_file("planted/unseen.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def accepted_names(key: str) -> frozenset[str]:
    """Names of a concept that count as the truth, as `plain` words them; KeyError for an unknown key.

    >>> sorted(accepted_names("emoji:automobile"))[:3]
    ['auto', 'automobile', 'car']
    """
    return _table()[key].names


def is_common_noun(key: str) -> bool:
    """Whether WordNet has a noun for the concept, so that one can ask for its name."""
    return key in _table() and _table()[key].in_wordnet


@lru_cache(maxsize=65536)
def plain(phrase: str) -> str:
    """A phrase without case, hyphens, articles and plurals: equal for phrases that say the same.

    >>> plain("The Polka-Dots"), plain("an octopus"), plain("Two cherries")
    ('polka dot', 'octopus', 'two cherry')
    """
    words = re.findall(r"[a-z0-9']+", phrase.lower())
    return " ".join(_singular(word) for word in words if word not in _ARTICLES)


def names_exactly(phrase: str, names: frozenset[str]) -> bool:
    """Whether a phrase is one of the names, with at most colours, sizes and fillers around it.

    A colour that is none of the names' own is left away only where no name has one: `a green apple` does not
    name a red apple, though an apple is one of its names.

    >>> car, apple = frozenset({"car", "auto"}), frozenset({"apple", "red apple"})
    >>> names_exactly("a large red car", car), names_exactly("a vehicle", car)
    (True, False)
    >>> names_exactly("a red apple", apple), names_exactly("a green apple", apple)
    (True, False)
    """
    said = plain(phrase)
    if said in names:
        return True
    words = said.split()
    own_colours = {word for name in names for word in name.split()} & set(COLOURS)
    if own_colours and not set(words) & set(COLOURS) <= own_colours:
        return False
    while words and (words[0] in COLOURS or words[0] in _SIZES | _LOOKS | {"and"}):
        words = words[1:]
    return " ".join(words) in names and bool(words)


def names_texture(phrase: str, names: frozenset[str]) -> bool:
    """Whether a phrase names a texture, alone or as the pattern of something nameless.

    >>> names_texture("a red and white striped background of checks", frozenset({"check"}))
    False
    >>> names_texture("a background of checks", frozenset({"check"}))
    True
    """
    if names_exactly(phrase, names):
        return True
    left = [word for word in plain(phrase).split() if word not in _FILLS and word not in COLOURS]
    return " ".join(word for word in left if word not in _SIZES | _LOOKS | {"and"}) in names


def says_colour(phrase: str, colour: str) -> bool:
    """Whether a phrase says a colour and nothing else.

    >>> says_colour("something red", "red"), says_colour("a red apple", "red"), says_colour("dark red", "red")
    (True, False, True)
    """
    words = set(plain(phrase).split())
    return colour in words and words <= _ANYTHING | _LOOKS | {colour}


class _Names:
    """One concept's rows of the table."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()
        self.in_wordnet = False


@cache
def _table() -> Mapping[str, _Names]:
    found: dict[str, _Names] = {}
    for line in shipped_file("planted/synonyms.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            key, name, source = line.split("\t")
            own = found.setdefault(key, _Names())
            own.names |= {plain(name)}
            own.in_wordnet |= source == "wordnet"
    return found


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or _ENDS_IN_S.search(word) or word in _SINGULAR_IN_S:
        return word.removesuffix("'s")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(ch|sh|x|z|ss|o)es$", word):
        return word[:-2]
    return word[:-1].removesuffix("'")
