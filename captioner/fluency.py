"""What a decoder of word pieces may say: words that exist, none twice running, the right article."""

from itertools import pairwise

__all__ = ["fluent"]

_VOWEL_SOUNDED = ("hour", "honest", "heir", "hono")
_CONSONANT_SOUNDED = ("uni", "use", "usu", "ura", "ute", "euro", "one", "ewe", "ufo", "uku")


def fluent(phrase: str, spoken: frozenset[str]) -> str | None:
    """The phrase with its articles put right, or None when it is not one that people say.

    A decoder that spells rare words from pieces also spells words that do not exist, and a small one
    stutters.
    With no `spoken` words any word may be said.

    >>> fluent("a eraser", frozenset({"a", "an", "eraser"}))
    'an eraser'
    >>> fluent("a helmet helmet", frozenset()) is None
    True
    """
    words = phrase.split()
    stutters = any(word == following for word, following in pairwise(words))
    if stutters or not words or words[-1] in ("a", "an", "the", "of", "with", "and", "in"):
        return None
    if spoken and not spoken.issuperset(words):
        return None
    for place, following in enumerate(words[1:]):
        if words[place] in ("a", "an"):
            words[place] = "an" if _sounds_like_a_vowel(following) else "a"
    return " ".join(words)


def _sounds_like_a_vowel(word: str) -> bool:
    if word.startswith(_VOWEL_SOUNDED):
        return True
    return word[0] in "aeiou" and not word.startswith(_CONSONANT_SOUNDED)
