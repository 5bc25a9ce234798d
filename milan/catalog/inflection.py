"""Words as they are compared: lower case, without accents, singular."""

import re
import unicodedata
from functools import lru_cache

__all__ = ["lemma", "lemmas", "said_words"]

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_IRREGULAR = {
    "calves": "calf", "children": "child", "dice": "die", "feet": "foot", "geese": "goose", "halves": "half",
    "hooves": "hoof", "knives": "knife", "leaves": "leaf", "lives": "life", "loaves": "loaf", "men": "man",
    "mice": "mouse", "oxen": "ox", "people": "person", "scarves": "scarf", "shelves": "shelf",
    "teeth": "tooth", "thieves": "thief", "wives": "wife", "wolves": "wolf", "women": "woman",
    "axes": "axe", "cookies": "cookie", "hoodies": "hoodie", "horses": "horse", "houses": "house",
    "movies": "movie", "noses": "nose", "pies": "pie", "roses": "rose", "selfies": "selfie", "ties": "tie",
    "blouses": "blouse", "causes": "cause", "grey": "gray", "colour": "color", "colours": "color",
}  # fmt: skip
_SINGULAR = frozenset(
    word
    for line in (
        "atlas bus canvas chaos chassis christmas circus citrus compass cosmos dais gas glass iris lens",
        "lotus mantis pancreas series species tennis texas thermos virus walrus",
    )
    for word in line.split()
)
"""Words that look like plurals and are none."""

_LITTLE = frozenset(
    word
    for line in (
        "a about above across after along among an and another around as at back be behind below beneath",
        "beside between bottom by center corner down each edge few for from front full half her his in",
        "inside into is it its kind left lower made many middle near next of off on one onto or other out",
        "over own part piece right several side some something sort that the their them there these this",
        "three to top toward towards two type under up upon upper very with within without",
    )
    for word in line.split()
)
"""Words that say little of what a unit responds to: forms of speech, numbers and places."""


def said_words(phrase: str) -> list[str]:
    """What a phrase is about: its different words, as they are compared, without little ones.

    >>> said_words("the left half of a dog beside dogs")
    ['dog']
    """
    return [word for word in dict.fromkeys(lemmas(phrase)) if word not in _LITTLE and len(word) > 1]


def lemmas(text: str) -> tuple[str, ...]:
    """The words of a text, each as it is compared.

    >>> lemmas("The People's  faces; T-shirts")
    ('the', 'person', 'face', 't', 'shirt')
    """
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(map(lemma, _WORD.findall(text.casefold())))


@lru_cache(maxsize=65536)  # descriptions are made of few words
def lemma(word: str) -> str:
    """One word in lower case, in the singular and without a possessive s.

    >>> [lemma(word) for word in ("faces", "babies", "women", "boxes", "glasses", "bus", "dress", "girl's")]
    ['face', 'baby', 'woman', 'box', 'glass', 'bus', 'dress', 'girl']
    """
    bare = re.sub(r"['\u2019](s|$)", "", word)
    if bare in _IRREGULAR:
        return _IRREGULAR[bare]
    if len(bare) < 4 or bare in _SINGULAR or not bare.endswith("s") or bare.endswith(("ss", "us", "is")):
        return bare
    if bare.endswith("ies") and len(bare) > 4:
        return f"{bare[:-3]}y"
    if bare[:-2] in _SINGULAR or bare.endswith(("sses", "xes", "zzes", "ches", "shes")):
        return bare[:-2]
    return bare[:-1]
