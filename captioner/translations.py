"""Phrases in other languages: names of things from Unicode's CLDR, for what has a name there.

    german = Translations.open("de")
    german.translate("a red apple")             # 'roter Apfel'
    german.translate("the wheel of a car")      # None: stay with English, and say so

Only whole names are looked up: a phrase is never put together word by word, since colours and articles take
other forms. `python -m captioner.translations` prints how far each language reaches.
"""

import difflib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

from captioner.bank import PHRASE_TABLE, read_table
from captioner.bank_sources.english import plain, without_article
from captioner.bank_sources.inflection import singular
from captioner.errors import UnknownLanguage
from captioner.files import data_file

__all__ = ["Translations", "languages"]


@dataclass(frozen=True)
class Translations:
    """Names in one language by their English ones."""

    language: str
    """Its code: "de"."""
    english_name: str
    """What it is called in English: "German"."""
    n_entries: int
    """Things that have a name in the language's table."""
    names: Mapping[str, str] = field(repr=False)
    """By English name or synonym, lower case without article."""

    @classmethod
    def open(cls, language: str) -> Self:
        """Read a language's table: "de", and for want of a table of its own "de-AT" is "de".

        Raises UnknownLanguage, which names the nearest one.
        """
        code = _known_code(language)
        rows = _rows(data_file(f"translations/{code}.tsv"))
        by_symbol = {symbol: name for symbol, _, name in rows}
        names = {plain(english): name for _, english, name in reversed(rows)}
        for symbol, *synonyms in _rows(data_file("translations/synonyms.tsv")):
            if symbol in by_symbol:
                names |= dict.fromkeys(synonyms, by_symbol[symbol])
        return cls(code, languages()[code], len(rows), names)

    def translate(self, phrase: str) -> str | None:
        """The name of what the phrase says, or None if it has none in the table.

        An article makes no difference, and a plural without a name of its own has its singular's.
        """
        bare = without_article(plain(phrase))
        return self.names.get(bare) or self.names.get(singular(bare))

    def n_translated(self, phrases: Iterable[str]) -> int:
        """How many of the phrases have a translation."""
        return sum(self.translate(phrase) is not None for phrase in phrases)


@cache
def languages() -> Mapping[str, str]:
    """Languages with a table, by code: what each is called in English.

    >>> languages()["hy"]
    'Armenian'
    """
    card = json.loads(data_file("translations/translations.json").read_text(encoding="utf-8"))
    found: dict[str, str] = card["languages"]
    return found


def _known_code(language: str) -> str:
    known = {code.lower(): code for code in languages()}
    wanted = language.strip().lower().replace("_", "-")
    for code in (wanted, wanted.split("-", maxsplit=1)[0]):
        if code in known:
            return known[code]
    by_name = known | {name.lower(): code for code, name in languages().items()}
    near = difflib.get_close_matches(wanted, list(by_name), n=1, cutoff=0.5)
    hint = f" Did you mean {by_name[near[0]]!r} ({languages()[by_name[near[0]]]})?" if near else ""
    raise UnknownLanguage(f"no translations into {language!r}.{hint} There are: {', '.join(languages())}")


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Print each language's entries, and its share of the phrase bank."""
    phrases = [phrase for phrase, _ in read_table(data_file(PHRASE_TABLE))]
    lines = [f"{'language':<28}{'entries':>7}{'of the bank':>16}"]
    for code, name in languages().items():
        opened = Translations.open(code)
        n_translated = opened.n_translated(phrases)
        share = f"{n_translated:,} ({n_translated / len(phrases):.1%})"
        lines.append(f"{f'{code} {name}':<28}{opened.n_entries:>7,}{share:>16}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
