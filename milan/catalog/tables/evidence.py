"""Tables of what was seen: networks, layers, pictures, exemplars."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from milan.catalog.tables.base import Base

__all__ = [
    "CollectionRow",
    "ExemplarRow",
    "ExemplarSetRow",
    "LayerRow",
    "NetworkRow",
    "PictureRow",
    "UnitRow",
]


class NetworkRow(Base):
    """A network, known by its name and recognised by its weights."""

    __tablename__ = "network"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    spec: Mapped[str]
    weights_hash: Mapped[str]


class LayerRow(Base):
    """A layer of a network; `position` orders layers as the network runs them."""

    __tablename__ = "layer"
    __table_args__ = (UniqueConstraint("network_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id", ondelete="CASCADE"))
    name: Mapped[str]
    position: Mapped[int]


class CollectionRow(Base):
    """A folder of images as one preprocessing shows it: what pictures and image numbers belong to."""

    __tablename__ = "collection"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    paths: Mapped[bytes]
    """All paths of the manifest, packed."""
    pictures: Mapped[str | None]
    """How much of the images is kept, a `PicturePolicy`; None for a text."""
    folder: Mapped[str | None]
    """Where the paths begin, if references are kept."""


class PictureRow(Base):
    """One image that some unit holds, with a thumbnail of its view; or one passage of a text."""

    __tablename__ = "picture"
    __table_args__ = (Index(None, "collection_id", "path"),)

    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    """Position in the manifest."""
    path: Mapped[str]
    thumbnail: Mapped[bytes | None]
    words: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Of a passage; None for an image."""
    content: Mapped[str | None]
    """sha256 of the image's file, where it is kept by reference."""


class ExemplarSetRow(Base):
    """The exemplars of one layer under one setting."""

    __tablename__ = "exemplar_set"
    __table_args__ = (UniqueConstraint("layer_id", "key", "downward_of"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    layer_id: Mapped[int] = mapped_column(ForeignKey("layer.id", ondelete="CASCADE"))
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"))
    downward_of: Mapped[int | None] = mapped_column(ForeignKey("exemplar_set.id", ondelete="CASCADE"))
    key: Mapped[str]
    turn: Mapped[int]
    provenance: Mapped[dict[str, Any]]
    n_ranks: Mapped[int]
    map_height: Mapped[int]
    map_width: Mapped[int]
    measured_images: Mapped[bytes]
    """Paths of the sample, packed."""
    measured_mean: Mapped[bytes]
    """Activations [image, unit], packed as `pack_columns` says."""
    measured_peak: Mapped[bytes]
    selected_images: Mapped[bytes]
    selected_mean: Mapped[bytes]
    selected_peak: Mapped[bytes]


class UnitRow(Base):
    """A unit as one exemplar set measured it."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("set_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("exemplar_set.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Position on the layer's unit axis."""
    status: Mapped[str]
    threshold: Mapped[float | None]
    """None for not-a-number, which SQLite does not keep."""
    histogram: Mapped[bytes | None]
    """Of all activations, as `milan.catalog.packing.pack_histogram` says; None where it was not counted."""


class ExemplarRow(Base):
    """One rank of a unit: which image, how strongly, where."""

    __tablename__ = "exemplar"
    __table_args__ = (
        Index(None, "picture", "unit_id"),  # who else holds a picture
        {"sqlite_with_rowid": False},
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    picture: Mapped[int]
    """Number of the picture in the set's collection."""
    peak: Mapped[float]
    scale: Mapped[float]
    map: Mapped[bytes]
