"""Properties of words by themselves: the token, what it begins and ends with, how it is written, its list."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from jaxtyping import Int64

from milan.describe.text.properties import Gathering, groups_of
from milan.records.files import shipped_file
from milan.texts import Sentences

__all__ = ["add_affixes", "add_lists", "add_shapes", "add_tokens", "beside", "quoted", "word_lists"]

_AFFIX_LETTERS = (1, 2, 3, 4)
_FEWEST_FORMS = 3
"""Different words that must share an affix: fewer are better called by name."""
_URL = re.compile(r"(https?://|www\.)\S+|\S+@\S+\.\S+|\S+\.(com|org|net|edu|gov)(/\S*)?", re.IGNORECASE)

_SIGNS = {
    ",": "comma", ".": "full stop", "?": "question mark", "!": "mark of exclamation", ":": "colon",
    ";": "semicolon", "-": "hyphen", "(": "bracket that opens", ")": "bracket that closes",
    '"': "quotation mark",
}  # fmt: skip

_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"


def _has_letters(word: str) -> bool:
    return any(map(str.isalpha, word))


_SHAPES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("capitalised words", lambda word: word[:1].isupper() and not (word.isupper() and len(word) > 1)),
    ("words in all capitals", lambda word: len(word) > 1 and word.isupper()),
    ("words in lower case", str.islower),
    ("numbers written in digits", lambda word: bool(re.fullmatch(r"[\d.,:/-]*\d[\d.,:/-]*", word))),
    ("words with a digit among letters", lambda word: any(map(str.isdigit, word)) and _has_letters(word)),
    ("punctuation", lambda word: not any(map(str.isalnum, word))),
    ("internet and mail addresses", lambda word: bool(_URL.fullmatch(word))),
    ("words with a hyphen", lambda word: "-" in word.strip("-") and _has_letters(word)),
    ("words with an apostrophe", lambda word: not set(_APOSTROPHES).isdisjoint(word) and _has_letters(word)),
    ("single letters", lambda word: len(word) == 1 and word.isalpha()),
    ("emoji", lambda word: any(unicodedata.category(sign) == "So" for sign in word)),
)  # fmt: skip


def add_tokens(gathering: Gathering, text: Sentences) -> None:
    """The word itself, whatever its case."""
    for token, rows in groups_of([word.casefold() for word in text.words]).items():
        gathering.add(quoted(token), "token", rows)


def quoted(token: str) -> str:
    """A token as a phrase.

    >>> quoted("of"), quoted(","), quoted("2010"), quoted("~")
    ("the word 'of'", 'the comma', "the number '2010'", "the sign '~'")
    """
    if token in _SIGNS:
        return f"the {_SIGNS[token]}"
    if not any(map(str.isalnum, token)):
        return f"the sign '{token}'"
    return f"the number '{token}'" if token.isdigit() else f"the word '{token}'"


def beside(token: str) -> str:
    """A token as the neighbour of others.

    >>> beside("of"), beside(",")
    ("'of'", 'a comma')
    """
    return f"a {_SIGNS[token]}" if token in _SIGNS else f"'{token}'"


@cache
def word_lists() -> Mapping[str, frozenset[str]]:
    """Words of one kind by their phrase, as `data/words/lists.tsv` has them."""
    lines = shipped_file("words/lists.tsv").read_text(encoding="utf-8").splitlines()
    named = (line.split("\t") for line in lines if not line.startswith("#"))
    return {phrase: frozenset(words.split()) for phrase, words in named}


def add_lists(gathering: Gathering, text: Sentences) -> None:
    """Months, colours, negation, ...: case counts for words that the list writes with a capital."""
    kinds = groups_of(text.words)
    folded: dict[str, list[str]] = defaultdict(list)
    for word in kinds:
        folded[word.casefold()].append(word)
    for phrase, words in word_lists().items():
        lower = (form for word in words if word == word.lower() for form in folded.get(word, ()))
        upper = (form for word in words for form in (word, word.upper()) if word != word.lower())
        held = [kinds[form] for form in dict.fromkeys([*lower, *upper]) if form in kinds]
        if len(held) > 1:
            gathering.add(phrase, "list", np.concatenate(held))


def add_shapes(gathering: Gathering, text: Sentences) -> None:
    """How words are written: capitals, digits, punctuation, addresses, and the script they are in."""
    kinds = groups_of(text.words)
    for phrase, has in _SHAPES:
        _add_kinds(gathering, phrase, "shape", [rows for word, rows in kinds.items() if has(word)])
    scripts: dict[str, list[Int64[np.ndarray, " some"]]] = defaultdict(list)
    for word, rows in kinds.items():
        letter = next((sign for sign in word if sign.isalpha()), None)
        if letter is not None:
            scripts[unicodedata.name(letter, "unknown").split()[0].title()].append(rows)
    for script, held in scripts.items():
        _add_kinds(gathering, f"words in {script} letters", "shape", held)


def add_affixes(gathering: Gathering, text: Sentences) -> None:
    """First and last letters that several words share, the longer ones first."""
    kinds = groups_of([word.casefold() for word in text.words])
    for n in reversed(_AFFIX_LETTERS):
        for ending in (True, False):
            held: dict[str, list[Int64[np.ndarray, " some"]]] = defaultdict(list)
            for word, rows in kinds.items():
                affix = word[-n:] if ending else word[:n]
                if len(word) > n + 1 and affix.isalpha():
                    held[affix].append(rows)
            for affix, found in held.items():
                if len(found) >= _FEWEST_FORMS:
                    said = f"words that end in -{affix}" if ending else f"words that begin with {affix}-"
                    gathering.add(said, "affix", np.concatenate(found))


def _add_kinds(
    gathering: Gathering, phrase: str, source: str, held: list[Int64[np.ndarray, " some"]]
) -> None:
    if held:
        gathering.add(phrase, source, np.concatenate(held))
