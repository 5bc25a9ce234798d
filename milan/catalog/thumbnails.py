"""Pictures of a unit's images, read when asked for: those that the catalog holds, and those it refers to."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, select

from milan.catalog.tables import CollectionRow, PictureRow
from milan.errors import DataError

__all__ = ["Reads", "StoredPictures", "VisiblePictures"]

Places = Mapping[str, tuple[int, int]]
"""Collection and position in the manifest, by path."""


class Reads(Protocol):
    """Opens one consistent view of the catalog."""

    def __call__(self) -> AbstractContextManager[Connection]:
        """Open it."""
        ...


class StoredPictures(Mapping[str, bytes]):
    """Small pictures in the catalog itself, by path; none where it keeps references."""

    def __init__(self, reads: Reads, places: Places) -> None:
        self._reads, self._places = reads, places

    def __getitem__(self, image: str) -> bytes:
        collection, number = self._places[image]
        at = (PictureRow.collection_id == collection) & (PictureRow.number == number)
        with self._reads() as connection:
            found = connection.scalar(select(PictureRow.thumbnail).where(at))
        if found is None:
            raise KeyError(image)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class VisiblePictures(StoredPictures):
    """The same, and of references what their files show today; none where a file is gone or has changed."""

    def __init__(self, reads: Reads, places: Places, preprocessing: Mapping[str, Any]) -> None:
        super().__init__(reads, places)
        self._preprocessing = preprocessing

    def __getitem__(self, image: str) -> bytes:
        collection, number = self._places[image]
        asked = (
            select(PictureRow.thumbnail, PictureRow.content, CollectionRow.folder)
            .join(CollectionRow, CollectionRow.id == PictureRow.collection_id)
            .where(PictureRow.collection_id == collection, PictureRow.number == number)
        )
        with self._reads() as connection:
            found = connection.execute(asked).one_or_none()
        shown: bytes | None = None if found is None else found.thumbnail
        if shown is None and found is not None and found.content is not None and found.folder is not None:
            shown = _draw(Path(found.folder) / image, found.content, self._preprocessing)
        if shown is None:
            raise KeyError(image)
        return shown


def _draw(file: Path, content: str, preprocessing: Mapping[str, Any]) -> bytes | None:
    """A small picture of a file, if it is still the one that was described.

    A catalog may come from anybody: nothing is decoded but a plain file of the very content that it names.
    """
    from milan.datasets import open_picture
    from milan.exemplars import thumbnail
    from milan.networks import Preprocessing  # loads torch: only where references are shown

    try:
        if not file.is_file():
            return None
        with file.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != content:
                return None
        prepared = Preprocessing.from_dict(preprocessing)
        return thumbnail(prepared.view(open_picture(file, prepared.channels)))
    except (OSError, DataError):
        return None
