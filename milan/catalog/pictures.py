"""Small pictures of images, references to them, and words of passages, each kept once for a collection."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from milan.catalog.backends import put_rows
from milan.catalog.packing import unpack_names
from milan.catalog.tables import VARIABLES_A_STATEMENT, CollectionRow, PictureRow
from milan.errors import CatalogError
from milan.records import PicturePolicy, PictureReference

__all__ = [
    "Seen",
    "passage_words",
    "paths_of",
    "picture_numbers",
    "policy_for",
    "store_named_pictures",
    "store_pictures",
]

Seen = bytes | PictureReference | tuple[str, ...]
"""What a unit was shown: a small picture of an image, a reference to one, or the words of a passage."""


def store_pictures(
    connection: Connection, collection_id: int, paths: Mapping[int, str], seen: Mapping[str, Seen]
) -> None:
    """Store what is at these positions of the manifest, with its picture or words where there are none.

    CatalogError for a picture in a collection that keeps none, whoever hands it over.
    """
    if any(isinstance(found, bytes) for found in seen.values()):
        asked = select(CollectionRow.pictures).where(CollectionRow.id == collection_id)
        if connection.scalar(asked) == PicturePolicy.REFER:
            raise CatalogError("the catalog keeps references to images only, so no picture can be stored.")
    is_seen = (
        PictureRow.thumbnail.is_not(None) | PictureRow.words.is_not(None) | PictureRow.content.is_not(None)
    )
    known = set(
        connection.scalars(
            select(PictureRow.number).where((PictureRow.collection_id == collection_id) & is_seen)
        )
    )
    rows = [
        {
            "collection_id": collection_id,
            "number": number,
            "path": paths[number],
            "thumbnail": found if isinstance(found, bytes) else None,
            "words": list(found) if isinstance(found, tuple) else None,
            "content": found.content if isinstance(found, PictureReference) else None,
        }
        for number in sorted(paths.keys() - known)
        for found in [seen.get(paths[number])]
    ]
    if rows:
        put_rows(connection, PictureRow, rows)


def store_named_pictures(connection: Connection, collection_id: int, seen: Mapping[str, Seen]) -> None:
    """Store what a collection's images look like by their paths; CatalogError for a path it does not hold."""
    if not seen:
        return
    numbers = {path: number for number, path in enumerate(paths_of(connection, collection_id))}
    strangers = sorted(seen.keys() - numbers.keys())
    if strangers:
        raise CatalogError(f"the layer was not shown {strangers[0]!r}, so its picture cannot be stored.")
    store_pictures(connection, collection_id, {numbers[path]: path for path in seen}, seen)


def picture_numbers(connection: Connection, collection_id: int, paths: Iterable[str]) -> dict[str, int]:
    """Positions in the manifest of those images whose pictures were stored, by path."""
    named, found = sorted(paths), {}
    for start in range(0, len(named), VARIABLES_A_STATEMENT):
        some = named[start : start + VARIABLES_A_STATEMENT]
        of_collection = (PictureRow.collection_id == collection_id) & PictureRow.path.in_(some)
        rows = connection.execute(select(PictureRow.path, PictureRow.number).where(of_collection))
        found.update({row.path: row.number for row in rows})
    return found


def passage_words(
    connection: Connection, collection_id: int, paths: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Words of those paths that are passages of a text, by path."""
    named, found = sorted(paths), {}
    for start in range(0, len(named), VARIABLES_A_STATEMENT):
        some = named[start : start + VARIABLES_A_STATEMENT]
        of_text = PictureRow.path.in_(some) & PictureRow.words.is_not(None)
        asked = select(PictureRow.path, PictureRow.words)
        rows = connection.execute(asked.where(PictureRow.collection_id == collection_id, of_text))
        found.update({row.path: tuple(row.words) for row in rows})
    return found


def paths_of(connection: Connection, collection_id: int) -> Sequence[str]:
    """Paths of a collection's images, in the order of the manifest."""
    packed = connection.scalars(select(CollectionRow.paths).where(CollectionRow.id == collection_id)).one()
    return unpack_names(packed)


def policy_for(connection: Connection, asked: PicturePolicy | None) -> PicturePolicy:
    """How images are kept here: as asked, or as it is done already; CatalogError where they disagree."""
    found = connection.scalars(select(CollectionRow.pictures).where(CollectionRow.pictures.is_not(None)))
    done = next((PicturePolicy(policy) for policy in found if policy), None)
    if asked is not None and done is not None and asked is not done:
        raise CatalogError(
            f"the catalog was made with --pictures {done}, so images cannot be kept as {asked!s} now. "
            "Give another --catalog, or start over with --fresh."
        )
    return asked or done or PicturePolicy.KEEP
