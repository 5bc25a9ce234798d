"""Parallel text: two files whose lines are translations of each other."""

from pathlib import Path
from typing import NamedTuple

from milan.errors import DataError
from milan.records.files import read_lines

__all__ = ["Parallel", "read_parallel"]


class Parallel(NamedTuple):
    """Sentences and their translations, in the same order."""

    source: list[str]
    target: list[str]


def read_parallel(source: Path, target: Path) -> Parallel:
    """Two files of a sentence a line; DataError for unlike numbers of lines, none, or an empty one."""
    text = Parallel(*([line.strip() for line in read_lines(path)] for path in (source, target)))
    for path, lines in zip((source, target), text, strict=True):
        if "" in lines:
            raise DataError(f"{path} line {lines.index('') + 1} is empty: each line is a sentence")
    if len(text.source) != len(text.target) or not text.source:
        raise DataError(
            f"{source} has {len(text.source)} lines, {target} {len(text.target)}: give two texts that are "
            "translations of each other line by line"
        )
    return text
