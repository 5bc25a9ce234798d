"""A text with all that is known of its words: lemmas, parts of speech, features and relations, or nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from milan.errors import DataError
from milan.texts.conllu import COLUMNS, features_of, read_rows
from milan.texts.sentences import Sentences, read_sentences

__all__ = ["Annotated", "read_annotated"]


@dataclass(frozen=True, slots=True, eq=False)
class Annotated:
    """Words, and what each is tagged as; the columns are empty where the text has no tags."""

    sentences: Sentences
    lemmas: tuple[str | None, ...] = ()
    parts: tuple[str | None, ...] = ()
    """Universal part of speech, such as VERB."""
    features: tuple[tuple[str, ...], ...] = ()
    """Such as ("Number=Plur", "Tense=Past")."""
    relations: tuple[str | None, ...] = ()
    """To the head of the phrase, such as nsubj, without its subtype."""

    def head(self, n_sentences: int) -> Self:
        """The first sentences with what is known of their words; DataError when they have no word."""
        text = self.sentences.head(n_sentences)
        if not len(text):
            raise DataError(f"the first {n_sentences} sentences have no words: take more")
        n = len(text)
        return type(self)(text, self.lemmas[:n], self.parts[:n], self.features[:n], self.relations[:n])

    @classmethod
    def of_rows(cls, rows: list[list[list[str]]]) -> Self:
        """From the rows of a CoNLL-U file."""
        words = [cells for sentence in rows for cells in sentence]

        def column(name: str) -> tuple[str | None, ...]:
            return tuple(None if cells[COLUMNS[name]] == "_" else cells[COLUMNS[name]] for cells in words)

        return cls(
            Sentences.of([cells[COLUMNS["form"]] for cells in sentence] for sentence in rows),
            column("lemma"),
            column("upos"),
            tuple(tuple(f"{name}={value}" for name, value in features_of(cells).items()) for cells in words),
            tuple(told and told.partition(":")[0] for told in column("deprel")),
        )


def read_annotated(path: Path) -> Annotated:
    """A `.conllu` file with its tags, or any other as plain text, a sentence a line.

    DataError as `read_conllu` and `read_sentences` raise it.
    """
    if path.suffix == ".conllu":
        return Annotated.of_rows(read_rows(path))
    return Annotated(read_sentences(path))
