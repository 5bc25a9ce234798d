"""Small pictures of images, each kept once for a collection."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, insert, select

from milan.catalog.packing import unpack_names
from milan.catalog.tables import VARIABLES_A_STATEMENT, CollectionRow, PictureRow
from milan.errors import CatalogError

__all__ = ["paths_of", "picture_numbers", "store_named_pictures", "store_pictures"]


def store_pictures(
    connection: Connection, collection_id: int, paths: Mapping[int, str], thumbnails: Mapping[str, bytes]
) -> None:
    """Store the images at these positions of the manifest, with thumbnails for those that have none."""
    with_thumbnail = (PictureRow.collection_id == collection_id) & PictureRow.thumbnail.is_not(None)
    known = set(connection.scalars(select(PictureRow.number).where(with_thumbnail)))
    rows = [
        {
            "collection_id": collection_id,
            "number": number,
            "path": paths[number],
            "thumbnail": thumbnails.get(paths[number]),
        }
        for number in sorted(paths.keys() - known)
    ]
    if rows:
        connection.execute(insert(PictureRow).prefix_with("OR REPLACE"), rows)


def store_named_pictures(connection: Connection, collection_id: int, thumbnails: Mapping[str, bytes]) -> None:
    """Store thumbnails of images of a collection by their paths; CatalogError for a path it does not hold."""
    if not thumbnails:
        return
    numbers = {path: number for number, path in enumerate(paths_of(connection, collection_id))}
    strangers = sorted(thumbnails.keys() - numbers.keys())
    if strangers:
        raise CatalogError(f"the layer was not shown {strangers[0]!r}, so its picture cannot be stored.")
    store_pictures(connection, collection_id, {numbers[path]: path for path in thumbnails}, thumbnails)


def picture_numbers(connection: Connection, collection_id: int, paths: Iterable[str]) -> dict[str, int]:
    """Positions in the manifest of those images whose pictures were stored, by path."""
    named, found = sorted(paths), {}
    for start in range(0, len(named), VARIABLES_A_STATEMENT):
        some = named[start : start + VARIABLES_A_STATEMENT]
        of_collection = (PictureRow.collection_id == collection_id) & PictureRow.path.in_(some)
        rows = connection.execute(select(PictureRow.path, PictureRow.number).where(of_collection))
        found.update({row.path: row.number for row in rows})
    return found


def paths_of(connection: Connection, collection_id: int) -> Sequence[str]:
    """Paths of a collection's images, in the order of the manifest."""
    packed = connection.scalars(select(CollectionRow.paths).where(CollectionRow.id == collection_id)).one()
    return unpack_names(packed)
