"""Phrases made of lists (`combined.toml`): animals that do something, things on a ground."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files

from captioner.bank_sources.english import indefinite
from captioner.bank_sources.entry import Entry
from captioner.bank_sources.everyday import split_list
from captioner.bank_sources.inflection import plural, says_twice

__all__ = ["combined_entries", "fill"]

_NEEDS_ARTICLE = re.compile(r"<([^>]*)>")


def combined_entries() -> Iterator[Entry]:
    """All combinations, group by group; a phrase may come twice.

    >>> {"a dog running", "two cats", "the fur of a pug"} <= {entry.phrase for entry in combined_entries()}
    True
    """
    table = tomllib.loads(files(__package__).joinpath("combined.toml").read_text(encoding="utf-8"))
    lists: Mapping[str, str] = table["lists"]
    for group in table["phrases"]:
        for thing in _members(group["thing"], lists):
            for how in _members(group.get("how", "-"), lists):
                phrase = fill(group["form"], thing, how)
                if not says_twice(phrase):
                    yield Entry(phrase, group["kind"])


def fill(form: str, thing: str, how: str) -> str:
    """Put words into a form.

    >>> fill("<{how} {thing}>", "apple", "old"), fill("two {many}", "fox", "-")
    ('an old apple', 'two foxes')
    """
    filled = form.format(thing=thing, how=how, many=plural(thing))
    return _NEEDS_ARTICLE.sub(lambda found: indefinite(found[1]), filled)


def _members(text: str, lists: Mapping[str, str]) -> Iterator[str]:
    for entry in split_list(text):
        if entry.startswith("@"):
            yield from _members(lists[entry[1:]], lists)
        else:
            yield entry
