"""Signs that would command a terminal instead of being read: words of a text or a file's name may hold them.

An escape moves the cursor or paints over what was said; an override such as U+202E turns the letters behind
it round. On a terminal each is shown as one sign, in JSON as the escape that JSON has for it.
"""

import re
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

__all__ = ["VisibleConsole", "escaped", "visible"]

_COMMANDS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""All but the tab and the end of a line, and what orders letters or ends lines. Joiners belong to words."""
_PICTURES = 0x2400
"""Where Unicode draws the first 32 signs, each as its name."""


def visible(text: str) -> str:
    r"""The text with a picture of each sign that commands; what has none is the replacement character.

    >>> visible("a\x1b[31mb\tc"), visible("\u202eevil") == "\N{REPLACEMENT CHARACTER}evil"
    ('a␛[31mb\tc', True)
    """
    return _COMMANDS.sub(lambda found: _drawn(ord(found[0])), text)


def escaped(document: str) -> str:
    r"""A JSON document with signs that command written as its own escapes: it says the same.

    >>> print(escaped('"\u202eevil"'))
    "\u202eevil"
    """
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def _drawn(code: int) -> str:
    return chr(_PICTURES + code) if code < 32 else "\N{REPLACEMENT CHARACTER}"


class VisibleConsole(Console):
    """A console on which nothing that is printed commands the terminal, however it is laid out.

    Such signs have no width where tables are measured: a cell that holds one may lose as many at its end.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As any console; styles are not part of the text, and stay."""
        for segment in super().render(renderable, options):
            yield segment if segment.is_control else segment._replace(text=visible(segment.text))
