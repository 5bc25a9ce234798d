"""Options that the text commands share, and the files that they name."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from milan.errors import BadSetting, DataError
from milan.places import CatalogPlace
from milan.surfaces.cli.console import note

if TYPE_CHECKING:
    from milan.texts import Activations, Tagged
    from milan.translation import Translator
    from milan.uses.text import Studied, StudiedNetwork

__all__ = [
    "ActivationFile",
    "KeepIn",
    "Listed",
    "Pattern",
    "Picture",
    "Property",
    "TagFile",
    "TextFile",
    "TextLayers",
    "TextModel",
    "TranslatorFolder",
    "WordFile",
    "check_catalog",
    "keep_in",
    "open_translator",
    "read_tags",
    "subject_of",
]

ActivationFile = Annotated[
    Path,
    typer.Argument(
        help="A .npy or .safetensors of [word, unit], or a folder of such (docs/guides/text.md).",
        show_default=False,
    ),
]
TextModel = Annotated[
    str,
    typer.Argument(
        help="A network that reads text: hf:DIR_OR_ID, or package.module:factory.", show_default=False
    ),
]
TextFile = Annotated[
    Path, typer.Option("--texts", help="A sentence a line, or a .conllu file.", show_default=False)
]
TranslatorFolder = Annotated[
    Path | None,
    typer.Option(
        "--translator", help="Folder of python -m milan.translation.train. Default: the one that ships."
    ),
]
WordFile = Annotated[
    Path | None, typer.Option("--words", help="The words of a matrix that is a file: a sentence a line.")
]
TagFile = Annotated[
    Path | None,
    typer.Option(
        "--tags",
        help="A .conllu file; lines of word<tab>tag; or .labels, a line of tags for each sentence.",
    ),
]
Property = Annotated[
    str, typer.Option("--property", help="Of CoNLL-U: upos, xpos, deprel, lemma or a feature like Number.")
]
Pattern = Annotated[
    str | None, typer.Option(help="Instead of --tags: words that match this regular expression, or not.")
]
Listed = Annotated[
    Path | None, typer.Option("--list", help="Instead of --tags: words of this file (a word a line), or not.")
]
TextLayers = Annotated[
    list[str] | None, typer.Option("--layer", help="Only this layer; again for more. Default: all, joined.")
]

Picture = Annotated[
    Path | None,
    typer.Option("--plot", help="Also draw it into this file, .svg or .png.", show_default=False),
]
KeepIn = Annotated[
    CatalogPlace | None,
    typer.Option(
        "--catalog",
        parser=CatalogPlace.parse,
        metavar="CATALOG",
        help="Also keep each unit's figures in this catalog (made when missing), for milan show.",
        show_default=False,
    ),
]


def keep_in(catalog: CatalogPlace, network: "StudiedNetwork", studied: "Studied") -> None:
    """Keep a study in a catalog, and say so."""
    from milan.uses.text import keep_study

    n_figures = keep_study(catalog, network, studied)
    note(f"{n_figures} figures of units of {network.name} kept in {catalog}")


def subject_of(tags: Path | None, field: str, pattern: str | None, listed: Path | None) -> str:
    """What a task is about, in a few words: what a catalog calls it."""
    if tags is None:
        return f"pattern {pattern}" if listed is None else f"list {listed.stem}"
    return field if tags.suffix == ".conllu" else tags.stem


def check_catalog(catalog: CatalogPlace | None) -> None:
    """Raise what writing to --catalog would raise, before long work begins."""
    if catalog is not None:
        from milan.catalog import Catalog

        Catalog.check(catalog)


def read_tags(
    activations: "Activations", tags: Path | None, field: str, pattern: str | None, listed: Path | None
) -> "Tagged":
    """The task that the options name, from a file or made of the words; BadSetting unless one does."""
    from milan.texts import read_conllu, read_tag_lines, read_tagged, tag_words

    if sum(one is not None for one in (tags, pattern, listed)) != 1:
        raise BadSetting("a task is one of --tags FILE, --pattern REGEX and --list FILE")
    if tags is None:
        return tag_words(activations.words, pattern=pattern, listed=listed)
    if tags.suffix == ".conllu":
        return read_conllu(tags, field)
    return read_tag_lines(activations.words, tags) if tags.suffix == ".labels" else read_tagged(tags)


def open_translator(folder: Path | None) -> "Translator":
    """The translator of a folder, or the one that ships; DataError for a folder that is none."""
    from milan.translation import Translator, shipped_translator

    if folder is None:
        return shipped_translator()
    if not (folder / "card.json").is_file():
        raise DataError(f"{folder} holds no translator: make one by python -m milan.translation.train")
    return Translator.open(folder)
