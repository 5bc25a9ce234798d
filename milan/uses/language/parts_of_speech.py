"""Which words of a short phrase are nouns, verbs, adjectives and prepositions.

A tagger for what descriptions are, noun phrases of a few words with now and then a participle; it knows no
sentences beyond those. Closed classes stand in lists (`closed_classes.py`), open ones in a table made from
WordNet (`known_words.py`); a word that neither knows is a noun. How often it is right on phrases labelled by
hand stands in docs/guides/analyze.md, and is held by its test.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from milan.uses.language.closed_classes import (
    ADJECTIVE_ENDINGS,
    AUXILIARIES,
    BEFORE_NOUNS,
    COLOURS,
    JOINS,
    NOUN_PHRASE_BEGINS,
    OTHER_WORDS,
    PARTICLES,
    PREPOSITIONS,
    SIDES_OF,
    THINGS_TOO,
)
from milan.uses.language.known_words import is_ing, is_participle, is_plural, known, may_be_adjective

__all__ = ["PartOfSpeech", "tag", "words_of"]


class PartOfSpeech(StrEnum):
    """What a word does in a phrase."""

    NOUN = "noun"
    VERB = "verb"
    ADJECTIVE = "adjective"
    PREPOSITION = "preposition"
    OTHER = "other"
    """Articles, numerals, conjunctions, pronouns, auxiliaries and adverbs, as in `lying down`."""


NOUN, VERB, ADJECTIVE, PREPOSITION, OTHER = PartOfSpeech
_COMMON = 4
"""Nouns in -ing that tagged texts use less often than that are verbs behind a noun."""


def words_of(phrase: str) -> list[str]:
    """The words of a phrase in lower case, hyphens kept; stops and commas are none.

    >>> words_of("A close-up of the dog's ear.")
    ['a', 'close-up', 'of', 'the', "dog's", 'ear']
    """
    plain = phrase.lower().replace("\u2019", "'")
    return re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", plain)


def tag(phrase: str) -> list[tuple[str, PartOfSpeech]]:
    """Each word of a phrase with what it does there.

    >>> [str(part) for _, part in tag("a striped cat sitting on the roof of a car")]
    ['other', 'adjective', 'noun', 'verb', 'preposition', 'other', 'noun', 'preposition', 'other', 'noun']
    """
    words = words_of(phrase)
    found: list[PartOfSpeech] = []
    for at in range(len(words)):
        place = _Place(words, at, found)
        part = next((part for rule in _RULES if (part := rule(place)) is not None), NOUN)
        found.append(part)
    return list(zip(words, found, strict=True))


class _Place:
    """A word among others, with what was found of those before it."""

    def __init__(self, words: Sequence[str], at: int, before: Sequence[PartOfSpeech]) -> None:
        self.word = words[at]
        self.after = words[at + 1] if at + 1 < len(words) else ""
        self.previous = words[at - 1] if at else ""
        self.follows_noun = bool(before) and before[-1] is NOUN
        self.follows = before[-1] if before else None
        self.last = next((part for part in reversed(before) if part is not OTHER), None)
        """The last one that says something."""
        self.ends_noun = _ends_noun_phrase(words, at)
        self.opened = any(word in NOUN_PHRASE_BEGINS for word in words[:at])
        """Whether an article came before: then a noun must come."""
        self.known = known(self.word)


def _closed(place: _Place) -> PartOfSpeech | None:
    if place.word in OTHER_WORDS or place.word[0].isdigit():
        return OTHER
    if place.word in AUXILIARIES:
        return NOUN if not place.after or place.previous in NOUN_PHRASE_BEGINS else OTHER
    if place.word in PREPOSITIONS and place.previous not in NOUN_PHRASE_BEGINS:
        is_adverb = not place.after or (place.word in PARTICLES and place.after in PREPOSITIONS)
        return OTHER if is_adverb and place.previous else PREPOSITION  # seen from behind
    return NOUN if place.word.endswith("'s") else None


def _in_ing(place: _Place) -> PartOfSpeech | None:
    if not is_ing(place.word):
        return None
    can_name, n_named = "n" in place.known.uses, place.known.most("n")
    if place.follows_noun and (n_named < _COMMON or (place.ends_noun and not place.known.is_thing)):
        return VERB  # a person holding cake, a dog running
    if can_name and place.known.is_thing:
        return NOUN  # a building, an oil painting
    if not place.ends_noun:
        if place.known.most("a") >= max(n_named, 0):
            return ADJECTIVE  # a glowing light
        return NOUN if can_name else VERB if place.last is None and not place.opened else ADJECTIVE
    return VERB if place.last in (None, PREPOSITION) or not can_name else NOUN


def _in_ed(place: _Place) -> PartOfSpeech | None:
    if not is_participle(place.word):
        return None
    follows_what_is_done_to = place.follows in (NOUN, VERB, OTHER) and place.ends_noun and place.after
    return VERB if follows_what_is_done_to else ADJECTIVE  # a tower seen from below; a striped cat


def _hyphened(place: _Place) -> PartOfSpeech | None:
    """Star-shaped, off-white, red-breasted describe; a t-shirt is a noun."""
    if "-" not in place.word or place.known.uses:
        return None
    tail = place.word.rpartition("-")[2]
    describes = is_participle(tail) or tail.endswith("ing") or tail in COLOURS
    return ADJECTIVE if describes or not place.ends_noun else NOUN


def _adverb(place: _Place) -> PartOfSpeech | None:
    must_name = place.opened and place.ends_noun  # a person's back, a lily
    uses, word = place.known.uses, place.word
    if must_name and ("n" in uses or not uses):
        return None
    is_made_one = word.endswith("ly") and len(word) > 5 and not uses.keys() & {"n", "a", "v"}
    return OTHER if is_made_one or place.known.most("r") > place.known.most("n", "v", "a") else None


def _before_noun(place: _Place) -> PartOfSpeech | None:
    if place.ends_noun:
        return None
    takes = place.after in COLOURS or place.after in SIDES_OF
    if place.word in COLOURS or (place.word in BEFORE_NOUNS and takes):
        return ADJECTIVE
    if _is_finite(place) and place.after in NOUN_PHRASE_BEGINS:
        return VERB
    made = place.word.endswith(ADJECTIVE_ENDINGS)  # where texts use it as both: an egyptian cat
    weight = (1 + made) * place.known.most("a") + made
    is_adjective = "a" in place.known.uses and not is_plural(place.word) and weight > place.known.most("n")
    return ADJECTIVE if is_adjective else NOUN


def _without_noun(place: _Place) -> PartOfSpeech | None:
    """At the end of a noun phrase, where a noun should stand and need not: red; a leaf on white."""
    if _is_finite(place) and place.after in NOUN_PHRASE_BEGINS:
        return VERB  # a man holds a cup
    if place.word in COLOURS - THINGS_TOO and not place.opened:
        return ADJECTIVE
    uses = {mark for mark in place.known.uses if mark in "nva"}
    if (
        "a" in uses
        and not is_plural(place.word)
        and ("n" not in uses or (place.last is None and not place.opened))
    ):
        return NOUN if place.known.most("n") >= place.known.most("a") else ADJECTIVE
    return VERB if uses == {"v"} and place.follows_noun else NOUN


_RULES = (_closed, _in_ing, _in_ed, _hyphened, _adverb, _before_noun, _without_noun)


def _is_finite(place: _Place) -> bool:
    """Whether it can be what a noun does: holds, sits."""
    return place.word.endswith("s") and place.follows_noun and "v" in place.known.uses


def _ends_noun_phrase(words: Sequence[str], at: int) -> bool:
    """Whether no noun can follow in the same noun phrase."""
    after, beyond = (words[at + step] if at + step < len(words) else "" for step in (1, 2))
    if after in JOINS:  # a black and white dog goes on, a dog and a cat does not
        return not beyond or beyond in NOUN_PHRASE_BEGINS or not may_be_adjective(words[at])
    if not after or after in PREPOSITIONS or after in OTHER_WORDS:
        return True
    if is_ing(after) and "n" in known(after).uses and known(after).is_thing:
        return False  # an oil painting
    stands_alone = not beyond or beyond in PREPOSITIONS or beyond in OTHER_WORDS
    return (is_ing(after) or is_participle(after)) and stands_alone
