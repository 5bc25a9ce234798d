"""English noun phrases: articles, with the exceptions our vocabulary meets."""

import re

__all__ = ["with_article"]

_MASS = frozenset(
    {
        "bacon", "bread", "broccoli", "butter", "clothing", "coral", "curry", "dna", "equipment",
        "fire", "fog", "fondue", "food", "garlic", "ginger root", "grass", "ice", "kitchenware",
        "leafy green", "mail", "matter", "money", "popcorn", "rice", "sake", "salt", "sea", "seafood",
        "sky", "soap", "something", "spaghetti", "sunrise", "sunset", "sushi", "text", "thread",
        "water", "wood", "yarn",
    }
)  # fmt: skip
_SINGULAR_IN_S = frozenset(
    {
        "abacus", "bus", "cactus", "compass", "cross", "dress", "glass", "hibiscus", "hippopotamus", "lotus",
        "minibus", "octopus", "rhinoceros", "trolleybus",
    }
)  # fmt: skip
_FIGURES = frozenset({"face", "hand", "man", "person", "woman"})
_CONSONANT_SOUND = ("euro", "ewe", "one-", "one ", "unicorn", "uniform")
_VOWEL_SOUND = ("hour", "x-ray")


def with_article(noun: str) -> str:
    """Put a or an before a countable singular noun; leave plurals and mass nouns bare.

    >>> [with_article(n) for n in ("apple", "unicorn", "hourglass", "grapes", "bread", "piece of bread")]
    ['an apple', 'a unicorn', 'an hourglass', 'grapes', 'bread', 'a piece of bread']
    """
    head = re.split(r" (?:of|with|on|in|at|showing|without|under|behind) ", noun, maxsplit=1)[0]
    first, last = head.split()[0], head.split()[-1].lower()
    is_plural = last.endswith("s") and not last.endswith("ss") and last not in _SINGULAR_IN_S
    is_mass = head.lower() in _MASS or last in _MASS
    if noun.startswith(("the ", "a ", "an ")) or (first not in _FIGURES and (is_plural or is_mass)):
        return noun
    return f"{'an' if _sounds_like_a_vowel(noun.lower()) else 'a'} {noun}"


def _sounds_like_a_vowel(noun: str) -> bool:
    return noun.startswith(_VOWEL_SOUND) or (noun[0] in "aeiou" and not noun.startswith(_CONSONANT_SOUND))
