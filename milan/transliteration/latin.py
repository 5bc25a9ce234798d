"""Latin words and addresses among the text, which a transliterator has to leave as they are."""

from functools import cache

import numpy as np

from milan.records.files import shipped_file
from milan.transliteration.corpus import Parts, split_lines

__all__ = ["latin_words", "with_latin"]

_SHARE = 1 / 3
"""Of the lines get a Latin item."""
_ENDINGS = ("am", "com", "net", "org", "ru", "info")


@cache
def latin_words() -> Parts:
    """English words of `data/words`, split like a corpus: those of the test are never learnt from."""
    told = shipped_file("words/parts_of_speech.tsv").read_text(encoding="utf-8").splitlines()
    words = (line.split("\t")[0] for line in told)
    return split_lines([word for word in words if word.isascii() and word.isalpha() and len(word) > 2])


def with_latin(line: str, words: list[str], rng: np.random.Generator, share: float = _SHARE) -> str:
    """The line, a share of the time with a word, two words or an address at one of its blanks.

    >>> with_latin("մի տող", ["cat"], np.random.default_rng(3), share=1)
    'մի CAT տող'
    """
    blanks = [place for place, sign in enumerate(line) if sign == " "]
    if not blanks or rng.random() >= share:
        return line
    place = int(rng.choice(blanks))
    first, second = (words[number] for number in rng.integers(len(words), size=2).tolist())
    return f"{line[:place]} {_item(first, second, rng)}{line[place:]}"


def _item(first: str, second: str, rng: np.random.Generator) -> str:
    ending = _ENDINGS[int(rng.integers(len(_ENDINGS)))]
    forms = (
        first,
        first.capitalize(),
        first.upper(),
        f"{first} {second}",
        f"{first.capitalize()} {second.capitalize()}",
        f"www.{first}.{ending}",
        f"http://www.{first}.{ending}/{second}.html",
        f"https://{first}{second}.{ending}/",
        f"{first}@{second}.{ending}",
    )
    return forms[int(rng.integers(len(forms)))]
