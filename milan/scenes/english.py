"""English noun phrases: articles, with the exceptions our vocabulary meets."""

__all__ = ["with_article"]

_MASS = frozenset(
    "bacon bread butter salt ice broccoli garlic fire fog foggy popcorn corn coral dna mate sake soap thread "
    "yarn water food text clothing rice wood money karate fondue weather furniture mail leafy~green "
    "martial~arts~uniform lipstick ginger~root sky sunrise sunset milk hay".replace("~", "_").split()
)
_SINGULAR_IN_S = frozenset(
    "cactus octopus dress bus glass minibus trolleybus bicycles compass christmas hibiscus lotus abacus "
    "walrus rhinoceros hippopotamus tyrannosaurus fountain_s cross lens asparagus badminton_s".split()
)
_VOWEL_LETTER_CONSONANT_SOUND = ("unicorn", "uniform", "euro", "one-", "one ", "ufo", "utensil", "u-", "unit")
_VOWEL_SOUND = ("hourglass", "x-ray", "hour", "honest", "sos")
_LETTERS_SPOKEN_WITH_A_VOWEL = frozenset("AEFHILMNORSX")


def with_article(noun: str) -> str:
    """Put a or an before a countable singular noun; leave plurals and mass nouns bare.

    >>> [with_article(n) for n in ("apple", "unicorn", "hourglass", "grapes", "bread", "piece of bread")]
    ['an apple', 'a unicorn', 'an hourglass', 'grapes', 'bread', 'a piece of bread']
    """
    head = noun.split(" of ")[0].split(" with ")[0].split(" on ")[0]
    last = head.split()[-1].lower()
    if noun.startswith(("the ", "a ", "an ")) or _is_plural(last) or _is_mass(head, last):
        return noun
    return f"{'an' if _sounds_like_a_vowel(noun) else 'a'} {noun}"


def _is_plural(last: str) -> bool:
    return last in {"people", "feet", "teeth", "children"} or (
        last.endswith("s") and not last.endswith("ss") and last not in _SINGULAR_IN_S
    )


def _is_mass(head: str, last: str) -> bool:
    return last in _MASS or head.replace(" ", "_") in _MASS


def _sounds_like_a_vowel(noun: str) -> bool:
    first = noun.lower()
    if len(noun.split()[0]) == 1:
        return noun[0].upper() in _LETTERS_SPOKEN_WITH_A_VOWEL
    if first.startswith(_VOWEL_SOUND):
        return True
    return first[0] in "aeiou" and not first.startswith(_VOWEL_LETTER_CONSONANT_SOUND)
