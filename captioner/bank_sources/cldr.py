"""Names of things in other languages, from Unicode's CLDR, as tables that ship.

    npm pack cldr-annotations-full && tar xzf cldr-annotations-full-*.tgz
    python -m captioner.bank_sources.cldr --annotations package/annotations --wordnet /usr/share/wordnet

A table `data/translations/LANGUAGE.tsv` has a row a symbol: its code points, its English name, its name in
the language. `synonyms.tsv` has, for all languages, code points and other English words for the same thing:
WordNet's words of the same meaning and a few of our own. The short names of the package emoji (:corn:,
:back:) are no help: they are names of pictures, not of things.
"""

import argparse
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from captioner.bank_sources.english import plain
from captioner.bank_sources.everyday import split_list, word_list
from captioner.bank_sources.nouns import open_nouns

__all__ = ["english_synonyms", "read_annotations"]

_LANGUAGES = split_list("""
    af Afrikaans, ar Arabic, az Azerbaijani, bg Bulgarian, bn Bengali, ca Catalan, cs Czech, cy Welsh, da
    Danish, de German, el Greek, es Spanish, et Estonian, eu Basque, fa Persian, fi Finnish, fil Filipino,
    fr French, ga Irish, he Hebrew, hi Hindi, hr Croatian, hu Hungarian, hy Armenian, id Indonesian, is
    Icelandic, it Italian, ja Japanese, ka Georgian, kk Kazakh, ko Korean, lt Lithuanian, lv Latvian, mk
    Macedonian, ms Malay, nl Dutch, no Norwegian, pl Polish, pt Portuguese, ro Romanian, ru Russian, sk
    Slovak, sl Slovenian, sq Albanian, sr Serbian, sv Swedish, sw Swahili, ta Tamil, th Thai, tr Turkish,
    uk Ukrainian, ur Urdu, uz Uzbek, vi Vietnamese, zh Chinese, zh-Hant Traditional Chinese
""")


def read_annotations(folder: Path, language: str) -> dict[str, str]:
    """Each symbol's name as it is read aloud (CLDR's `tts`)."""
    text = (folder / language / "annotations.json").read_text(encoding="utf-8")
    rows = json.loads(text)["annotations"]["annotations"]
    return {symbol: " ".join(row["tts"][0].split()) for symbol, row in rows.items() if "tts" in row}


def english_synonyms(
    names: Mapping[str, str], synonyms: Mapping[str, tuple[str, ...]]
) -> dict[str, list[str]]:
    """Other words for each symbol that has some; a word goes to one symbol alone, and names come first.

    >>> english_synonyms({"🚗": "automobile", "🚌": "car"}, {"automobile": ("car", "auto")})
    {'🚗': ['auto']}
    """
    taken = {plain(name) for name in names.values()} | set(word_list("translations", "never"))
    own = {name: (word,) for name, word in (pair.split(": ") for pair in word_list("translations", "also"))}
    found: dict[str, list[str]] = {}
    for symbol, name in names.items():
        more = dict.fromkeys((*own.get(plain(name), ()), *synonyms.get(plain(name), ())))
        kept = [other for other in more if other not in taken]
        taken.update(kept)
        if kept:
            found[symbol] = kept
    return found


def main() -> None:
    """Read CLDR's folders, write a table a language."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--annotations", type=Path, required=True, help="the npm package's folder annotations"
    )
    parser.add_argument("--wordnet", type=Path, required=True, help="folder with data.noun and cntlist.rev")
    parser.add_argument("--out", type=Path, default=Path("data/translations"))
    options = parser.parse_args()
    signs = frozenset(word_list("translations", "signs"))
    named = read_annotations(options.annotations, "en")
    names = {symbol: f"{name} sign" if name in signs else name for symbol, name in named.items()}
    options.out.mkdir(parents=True, exist_ok=True)
    others = english_synonyms(names, open_nouns(options.wordnet).synonyms(map(plain, names.values())))
    _write(options.out / "synonyms.tsv", [(_code(symbol), *words) for symbol, words in others.items()])
    languages = dict(entry.split(" ", 1) for entry in _LANGUAGES)
    for language in languages:
        own = read_annotations(options.annotations, language)
        rows = [(_code(symbol), name, own[symbol]) for symbol, name in names.items() if symbol in own]
        _write(options.out / f"{language}.tsv", rows)
    package = json.loads((options.annotations.parent / "package.json").read_text(encoding="utf-8"))
    card = {
        "what": "Names of symbols: code points, English name, name in the language; synonyms: code points, "
        "other English words",
        "command": "python -m captioner.bank_sources.cldr --annotations package/annotations "
        "--wordnet /usr/share/wordnet",
        "from": f"npm package {package['name']} {package['version']}; synonyms of the English names from "
        "WordNet 3.0 (../captioner/bank.wordnet-license.txt)",
        "licence": f"{package['license']}, see unicode-license.txt",
        "languages": languages,
    }
    (options.out / "translations.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(options.annotations.parent / "LICENSE", options.out / "unicode-license.txt")


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def _code(symbol: str) -> str:
    return "-".join(f"{ord(sign):04X}" for sign in symbol)


if __name__ == "__main__":
    main()
