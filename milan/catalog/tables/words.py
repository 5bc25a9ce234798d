"""Tables of what is said: versions, descriptions, candidates, what they are worth, what people say."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from milan.catalog.tables.base import Base

__all__ = [
    "CandidateRow",
    "DescriptionRow",
    "DescriptionWordRow",
    "EvaluationRow",
    "FindingRow",
    "FreeTextRow",
    "OpinionRow",
    "PhraseVectorRow",
    "StudyRow",
    "VersionRow",
]


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
