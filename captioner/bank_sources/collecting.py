"""All sources as one list."""

from collections.abc import Iterable
from pathlib import Path

from captioner.bank_sources.combined import combined_entries
from captioner.bank_sources.decency import is_decent
from captioner.bank_sources.emoji_names import emoji_entries
from captioner.bank_sources.entry import Entry
from captioner.bank_sources.everyday import everyday_entries
from captioner.bank_sources.nouns import open_nouns

__all__ = ["collect_entries", "merge"]


def collect_entries(wordnet: Path) -> list[Entry]:
    """Every phrase of the bank in its order; `wordnet` is the folder with data.noun and cntlist.rev."""
    return merge([*everyday_entries(), *open_nouns(wordnet).entries(), *emoji_entries(), *combined_entries()])


def merge(entries: Iterable[Entry]) -> list[Entry]:
    """Each decent phrase once, with its first kind.

    >>> merge([Entry("a dog", "animal"), Entry("a dog", "emoji")])
    [Entry(phrase='a dog', kind='animal')]
    """
    first: dict[str, Entry] = {}
    for entry in entries:
        if is_decent(entry.phrase):
            first.setdefault(entry.phrase, entry)
    return list(first.values())
