"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")

# rowid is description.id; `others` holds the candidates after the first, or all of them when abstaining.
# On PostgreSQL words are found by the stems of FTS5's porter, and `written` counts transactions that wrote.
_OF_POSTGRESQL = (
    "CREATE TEXT SEARCH DICTIONARY milan_stems (TEMPLATE = pg_catalog.snowball, LANGUAGE = porter)",
    "CREATE TEXT SEARCH CONFIGURATION milan_words (PARSER = pg_catalog.default)",
    "ALTER TEXT SEARCH CONFIGURATION milan_words ADD MAPPING FOR"
    " asciiword, word, numword, int, uint, float, sfloat, version WITH milan_stems",
    "CREATE TABLE description_text ("
    "rowid integer PRIMARY KEY, phrase text NOT NULL, others text NOT NULL, words tsvector NOT NULL)",
    "CREATE INDEX ix_description_text_words ON description_text USING gin (words)",
    "CREATE TABLE written (times bigint NOT NULL)",
    "INSERT INTO written VALUES (0)",
)
BACK_ENDS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE description_text USING fts5("
        "phrase, others, tokenize = 'porter unicode61 remove_diacritics 2')",
    ),
    "postgresql": _OF_POSTGRESQL,
}


def _belongs_to(column: str, table: str, *, cascade: bool = True, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE" if cascade else None)
    return sa.Column(column, sa.Integer, key, nullable=nullable)


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "network",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("spec", TEXT, nullable=False),
        sa.Column("weights_hash", TEXT, nullable=False),
        sa.UniqueConstraint("name", name="uq_network_name"),
    )
    op.create_table(
        "layer",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("network_id", "network"),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.UniqueConstraint("network_id", "name", name="uq_layer_network_id"),
    )
    op.create_table(
        "collection",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("paths", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("key", name="uq_collection_key"),
    )
    op.create_table(
        "picture",
        sa.Column(
            "collection_id", sa.Integer, sa.ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("thumbnail", sa.LargeBinary),
    )
    op.create_table(
        "exemplar_set",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("layer_id", "layer"),
        _belongs_to("collection_id", "collection", cascade=False),
        _belongs_to("downward_of", "exemplar_set", nullable=True),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("provenance", sa.JSON, nullable=False),
        sa.Column("n_ranks", sa.Integer, nullable=False),
        sa.Column("map_height", sa.Integer, nullable=False),
        sa.Column("map_width", sa.Integer, nullable=False),
        sa.Column("measured_images", sa.LargeBinary, nullable=False),
        sa.Column("measured_mean", sa.LargeBinary, nullable=False),
        sa.Column("measured_peak", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("layer_id", "key", "downward_of", name="uq_exemplar_set_layer_id"),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("set_id", "exemplar_set"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("threshold", sa.Double),
        sa.UniqueConstraint("set_id", "number", name="uq_unit_set_id"),
    )
    op.create_table(
        "exemplar",
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("rank", sa.Integer, primary_key=True),
        sa.Column("picture", sa.Integer, nullable=False),
        sa.Column("peak", sa.Double, nullable=False),
        sa.Column("scale", sa.Double, nullable=False),
        sa.Column("map", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    _upgrade_words()


def _upgrade_words() -> None:
    op.create_table(
        "description_version",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("set_id", "exemplar_set"),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.UniqueConstraint("set_id", "key", name="uq_description_version_set_id"),
    )
    op.create_table(
        "description",
        sa.Column("id", sa.Integer, primary_key=True),
        _belongs_to("version_id", "description_version"),
        _belongs_to("unit_id", "unit"),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("prior_weight", sa.Double, nullable=False),
        sa.Column("phrase", TEXT),
        sa.UniqueConstraint("version_id", "unit_id", name="uq_description_version_id"),
    )
    op.create_index("ix_description_phrase", "description", ["phrase"])
    op.create_table(
        "candidate",
        sa.Column(
            "description_id",
            sa.Integer,
            sa.ForeignKey("description.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("rank", sa.Integer, primary_key=True),
        sa.Column("phrase", TEXT, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("log_p_given", sa.Double, nullable=False),
        sa.Column("log_p_prior", sa.Double, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "phrase_vector",
        sa.Column("encoder", TEXT, primary_key=True),
        sa.Column("phrase", TEXT, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    for statement in BACK_ENDS[op.get_bind().dialect.name]:
        op.execute(statement)
