"""Question files: concepts that catalogs are asked about, shipped ones and a user's own.

title: Wheels and roads
concepts:
  - name: wheels
    words: [wheel, tyre, "hub cap"]     # singular and plural both count
    phrases: ["something that rolls"]   # by meaning; `sentences` is the same
    but_not: ["ferris wheel"]
    likeness: 0.6                       # cosine from which a phrase is meant
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from milan.errors import BadSetting, DataError, UnknownName, UsageError
from milan.records import Concept
from milan.records.concepts import LIKENESS
from milan.records.files import shipped_file
from milan.uses.audit.yaml_file import Field, Fields, read_fields

__all__ = [
    "CONCEPT_KEYS",
    "OF_IMAGES",
    "OF_TEXTS",
    "SHIPPED",
    "Questions",
    "concept_of",
    "join_questions",
    "open_questions",
    "questions_of",
]

OF_IMAGES = ("people-and-faces", "text-and-watermarks", "demographic-words", "colours-and-backgrounds")
"""Question files about what is seen in pictures."""
OF_TEXTS = ("words-and-grammar",)
"""Question files about words of a text."""
SHIPPED = (*OF_IMAGES, *OF_TEXTS)
"""Question files that are installed with milan."""

CONCEPT_KEYS = ("name", "words", "phrases", "sentences", "but_not", "likeness")
_EXAMPLE = "concepts: [{name: wheels, words: [wheel, tyre]}]"


@dataclass(frozen=True, slots=True)
class Questions:
    """Concepts that are asked about together."""

    title: str
    concepts: tuple[Concept, ...]
    """In the order of the file; no two share a name."""


def open_questions(name: str | Path, folder: Path | None = None) -> Questions:
    """Read a question file by the name of a shipped one or by its path, which may be relative to `folder`.

    Raises UnknownName with the nearest shipped name, DataError for a file that is not there, and UsageError
    with line and key for one that holds a mistake.
    """
    if str(name) in SHIPPED:
        return _read(shipped_file(f"questions/{name}.yaml"))
    path = (folder or Path()) / name
    if path.is_file():
        return _read(path)
    if path.suffix in (".yaml", ".yml") or len(Path(name).parts) > 1:
        raise DataError(f"{path}: no such question file; shipped ones are {', '.join(SHIPPED)}")
    raise UnknownName("question file", str(name), SHIPPED, f"Shipped are: {', '.join(SHIPPED)}.")


def join_questions(several: Sequence[Questions]) -> Questions:
    """All concepts of several files; BadSetting where two of them share a name."""
    found: dict[str, str] = {}
    for questions in several:
        for concept in questions.concepts:
            if concept.name in found:
                raise BadSetting(
                    f"two concepts are called {concept.name!r}: in {found[concept.name]!r} and in "
                    f"{questions.title!r}; rename one of them"
                )
            found[concept.name] = questions.title
    titles = ", ".join(dict.fromkeys(questions.title for questions in several))
    return Questions(titles, tuple(concept for questions in several for concept in questions.concepts))


def questions_of(
    files: Sequence[str], queries: Sequence[str] = (), default: Sequence[str] = OF_IMAGES
) -> Questions:
    """Question files and short texts as one: of neither, the default files. UsageError for an empty query."""
    for query in queries:
        if not query.strip():
            raise UsageError("a query is empty: give words, such as 'text' or 'a ruler'")
    asked = [Questions("Queries", tuple(Concept.of_query(text) for text in dict.fromkeys(queries)))]
    names = files or ([] if queries else default)
    return join_questions(
        [open_questions(name) for name in dict.fromkeys(names)] + (asked if queries else [])
    )


def concept_of(fields: Fields, name: str) -> Concept:
    """The concept that some keys of a file describe; UsageError with the line when it matches nothing."""
    likeness = fields.get("likeness")
    try:
        return Concept(
            name=name,
            words=fields.texts("words"),
            phrases=(*fields.texts("phrases"), *fields.texts("sentences")),
            likeness=LIKENESS if likeness is None else likeness.number(0.05, 1),
            but_not=fields.texts("but_not"),
        )
    except BadSetting as problem:
        fields.whole.refuse(str(problem))


def _read(path: Path) -> Questions:
    fields = read_fields(path, ("title", "concepts"), _EXAMPLE)
    listed, title = fields.get("concepts"), fields.get("title")
    if listed is None or not listed.items():
        raise UsageError(f"{path}: there is no concept in it; write {_EXAMPLE}")
    found: dict[str, Concept] = {}
    for item in listed.items():
        concept = _concept(item)
        if concept.name in found:
            item.refuse(f"another concept is called {concept.name!r} too")
        found[concept.name] = concept
    return Questions(path.stem if title is None else title.text(), tuple(found.values()))


def _concept(item: Field) -> Concept:
    fields = item.fields(CONCEPT_KEYS, "{name: wheels, words: [wheel, tyre]}")
    name = fields.get("name")
    if name is None:
        item.refuse("a concept has no name; write name: wheels")
    return concept_of(fields, name.text())
