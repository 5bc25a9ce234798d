"""The tables of a catalog. Change them only together with a new step in `migrations/versions`.

```
network ─< layer ─< exemplar_set ─< unit ─< exemplar >─ picture >─ collection
                         └─< description_version ─< description ─< candidate, description_word
                                      └─ evaluation
                         unit ─ free_text
              layer ─< opinion
              layer ─< study ─< finding
```

A layer has one exemplar set per setting and an exemplar set one description version per setting; the one
with the highest `turn` is shown. Downward exemplars (`--signed`) are a set of their own, which names the set
it belongs to; their descriptions are versions of that set.
"""

from typing import Any

from sqlalchemy import JSON, Connection, ForeignKey, Index, MetaData, UniqueConstraint, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = [
    "VARIABLES_A_STATEMENT",
    "Base",
    "CandidateRow",
    "CollectionRow",
    "DescriptionRow",
    "DescriptionWordRow",
    "EvaluationRow",
    "ExemplarRow",
    "ExemplarSetRow",
    "FindingRow",
    "FreeTextRow",
    "LayerRow",
    "NetworkRow",
    "OpinionRow",
    "PhraseVectorRow",
    "PictureRow",
    "StudyRow",
    "UnitRow",
    "VersionRow",
    "add_row",
]

VARIABLES_A_STATEMENT = 500
"""Values that one statement lists: far below what any SQLite takes."""


class Base(DeclarativeBase):
    """What all tables share: names of constraints, and dictionaries kept as JSON."""

    metadata = MetaData(
        naming_convention={
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: JSON}  # noqa: RUF012 - SQLAlchemy reads it off the class


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


class VersionRow(Base):
    """One way of describing an exemplar set."""

    __tablename__ = "description_version"
    __table_args__ = (UniqueConstraint("set_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("exemplar_set.id", ondelete="CASCADE"))
    key: Mapped[str]
    turn: Mapped[int]
    """0 until finished; then the highest is shown."""
    settings: Mapped[dict[str, Any]]
    versions: Mapped[dict[str, Any]]
    shuffled: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """How faithful the phrases are to other units, as counts; None where nothing was measured."""


class DescriptionRow(Base):
    """The words of one version for one unit."""

    __tablename__ = "description"
    __table_args__ = (
        UniqueConstraint("version_id", "unit_id"),
        Index(None, "version_id", "unit_id", "status", "faithfulness"),  # lists are counted from it alone
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("description_version.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    status: Mapped[str]
    prior_weight: Mapped[float]
    """Lambda of the score."""
    phrase: Mapped[str | None] = mapped_column(index=True)
    """The best candidate's phrase when the unit is described."""
    faithfulness: Mapped[float | None] = mapped_column(index=True)
    """Correlation of the best candidate with the mean activation."""
    trust: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Figures, explanation, counter-exemplars, meanings and bands, as `milan.catalog.trust` writes them."""


class DescriptionWordRow(Base):
    """A word of what is said of a unit, by version: what a layer is about is counted from here."""

    __tablename__ = "description_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    version_id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    """As `milan.catalog.inflection.said_words` writes it."""
    description_id: Mapped[int] = mapped_column(
        ForeignKey("description.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CandidateRow(Base):
    """A phrase considered, with the parts of its score."""

    __tablename__ = "candidate"
    __table_args__ = ({"sqlite_with_rowid": False},)

    description_id: Mapped[int] = mapped_column(
        ForeignKey("description.id", ondelete="CASCADE"), primary_key=True
    )
    rank: Mapped[int] = mapped_column(primary_key=True)
    phrase: Mapped[str]
    score: Mapped[float]
    log_p_given: Mapped[float]
    log_p_prior: Mapped[float]
    source: Mapped[str]


class EvaluationRow(Base):
    """How good a version's descriptions are, until they change."""

    __tablename__ = "evaluation"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("description_version.id", ondelete="CASCADE"), primary_key=True
    )
    figures: Mapped[dict[str, Any]]


class FreeTextRow(Base):
    """What a language model writes of a unit, one model's words at a time, whatever version is shown."""

    __tablename__ = "free_text"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str]
    """Of the model's weights and all settings."""
    content: Mapped[dict[str, Any]]


class PhraseVectorRow(Base):
    """Where a sentence encoder puts a phrase; kept because encoding is slow."""

    __tablename__ = "phrase_vector"
    __table_args__ = ({"sqlite_with_rowid": False},)

    encoder: Mapped[str] = mapped_column(primary_key=True)
    phrase: Mapped[str] = mapped_column(primary_key=True)
    vector: Mapped[bytes]
    """float16, unit length."""


class OpinionRow(Base):
    """What a person says of a unit, by its address: exemplars and descriptions come and go."""

    __tablename__ = "opinion"
    __table_args__ = (Index(None, "layer_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    layer_id: Mapped[int] = mapped_column(ForeignKey("layer.id", ondelete="CASCADE"))
    number: Mapped[int]
    author: Mapped[str]
    written: Mapped[str]
    about: Mapped[str | None]
    fits: Mapped[bool | None]
    words: Mapped[str | None]


class StudyRow(Base):
    """One run over a layer's units, by its kind and subject: doing it again replaces it."""

    __tablename__ = "study"
    __table_args__ = (UniqueConstraint("layer_id", "kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    layer_id: Mapped[int] = mapped_column(ForeignKey("layer.id", ondelete="CASCADE"))
    kind: Mapped[str]
    subject: Mapped[str]
    settings: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    """Name -> value, low, high: of all units together."""


class FindingRow(Base):
    """A figure that a study found of one unit, by the unit's address: exemplars come and go."""

    __tablename__ = "finding"
    __table_args__ = ({"sqlite_with_rowid": False},)

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    """Among the study's findings of the unit, most telling first."""
    about: Mapped[str]
    measure: Mapped[str]
    value: Mapped[float]
    n: Mapped[int]
    low: Mapped[float | None]
    high: Mapped[float | None]
    by_chance: Mapped[float | None]


def add_row(connection: Connection, table: type[Base], row: dict[str, Any]) -> int:
    """Insert one row; its id."""
    key = connection.execute(insert(table), row).inserted_primary_key
    assert key is not None  # SQLAlchemy has one for every single-row insert
    return int(key[0])
