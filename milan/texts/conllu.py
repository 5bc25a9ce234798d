"""The words of a CoNLL-U file, as rows of ten columns."""

from pathlib import Path

from milan.errors import DataError
from milan.records.files import read_lines

__all__ = ["COLUMNS", "features_of", "read_rows"]

COLUMNS = {"form": 1, "lemma": 2, "upos": 3, "xpos": 4, "feats": 5, "deprel": 7}


def read_rows(path: Path) -> list[list[list[str]]]:
    """Sentences of words of ten cells; DataError with the line for anything else.

    Ranges of joined words and empty nodes are left out, as their parts stand beside them.
    """
    sentences: list[list[list[str]]] = [[]]
    for number, line in enumerate(read_lines(path), 1):
        if line.startswith("#"):
            continue
        if not line.strip():
            if sentences[-1]:
                sentences.append([])
            continue
        cells = line.split("\t")
        if len(cells) != 10:
            raise DataError(f"{path} line {number}: a word has 10 columns between tabs, got {len(cells)}")
        if cells[0].isdigit():
            sentences[-1].append(cells)
    found = sentences if sentences[-1] else sentences[:-1]
    if not found:
        raise DataError(f"{path} has no words")
    return found


def features_of(cells: list[str]) -> dict[str, str]:
    """Morphological features of a word, by name."""
    told = cells[COLUMNS["feats"]]
    return {} if told == "_" else dict(part.partition("=")[::2] for part in told.split("|"))
