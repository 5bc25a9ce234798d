"""What a person says of a unit, beside what the machine says."""

from dataclasses import dataclass

from milan.errors import BadSetting
from milan.records.units import UnitId

__all__ = ["Opinion"]

LONGEST = {"author": 80, "words": 300, "about": 300}


@dataclass(frozen=True, slots=True)
class Opinion:
    """A vote on the machine's words, words of one's own, or both.

    Raises BadSetting for neither, for an unnamed author, and for texts longer than `LONGEST` characters.
    """

    unit: UnitId
    author: str
    """A name as the person gave it; nobody checks it."""
    written: str
    """When, in ISO 8601, UTC."""
    fits: bool | None = None
    """Whether the machine's words fit the unit; None without a vote."""
    about: str | None = None
    """The machine's words that the vote is about: it stays theirs when the unit is described anew."""
    words: str | None = None
    """What the person says the unit responds to; None when they only voted."""

    def __post_init__(self) -> None:
        if not self.author.strip():
            raise BadSetting("an opinion needs a name: say who you are")
        if self.fits is None and not (self.words or "").strip():
            raise BadSetting("an opinion is a vote, words, or both: give one of them")
        if self.fits is not None and not self.about:
            raise BadSetting("a vote is about words, and this unit has none to vote on")
        for name, most in LONGEST.items():
            text = getattr(self, name) or ""
            if len(text) > most:
                raise BadSetting(f"{name} can have {most} characters, got {len(text)}")
