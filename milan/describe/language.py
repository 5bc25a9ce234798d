"""Descriptions in another language, for what has a name there."""

from captioner.translations import Translations

__all__ = ["Translator", "open_translator"]


class Translator:
    """Names in one language; it counts what it is asked, so that one can say how far it reached."""

    def __init__(self, names: Translations) -> None:
        self._names = names
        self.n_asked = self.n_named = 0

    @property
    def code(self) -> str:
        """Of the language, such as "de"."""
        return self._names.language

    def translate(self, phrase: str) -> str | None:
        """An English phrase's name in the language, or None where there is none."""
        found = self._names.translate(phrase)
        self.n_asked += 1
        self.n_named += found is not None
        return found


def open_translator(language: str) -> Translator:
    """Open the names of a language: `de`, `fr`, `es`, `hy`, `zh` and some fifty more.

    CaptionerError names the nearest for one that there is not.
    """
    return Translator(Translations.open(language))
