"""Activations to choose words by, all activations in half the room, and how far words can be trusted."""

import json
import zlib

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NO_NAMES = zlib.compress(b"[]", 1)
NOTHING = {"sqlite": "x''", "postgresql": "''"}
COUNTS = "SELECT s.id, (SELECT count(*) FROM unit u WHERE u.set_id = s.id) FROM exemplar_set s"
MEASURED = "SELECT measured_images, measured_mean, measured_peak FROM exemplar_set WHERE id = :id"
REWRITTEN = (
    "UPDATE exemplar_set SET measured_mean = :mean, measured_peak = :peak,"
    " selected_images = :no_names, selected_mean = :nothing, selected_peak = :nothing WHERE id = :id"
)


def upgrade() -> None:
    """Add columns; write old activations as parts of each unit's largest."""
    empty = sa.text(NOTHING[op.get_bind().dialect.name])  # asked for where rows may be there
    for name in ("selected_images", "selected_mean", "selected_peak"):
        op.add_column("exemplar_set", sa.Column(name, sa.LargeBinary, nullable=False, server_default=empty))
    connection = op.get_bind()
    for set_id, n_units in connection.execute(sa.text(COUNTS)).all():
        images, *activations = connection.execute(sa.text(MEASURED), {"id": set_id}).one()
        n_images = len(json.loads(zlib.decompress(images)))
        mean, peak = (_packed(_of_first(blob, n_images, n_units)) for blob in activations)
        nothing = _packed(np.zeros((0, n_units), np.float32))
        row = {"id": set_id, "mean": mean, "peak": peak, "no_names": NO_NAMES, "nothing": nothing}
        connection.execute(sa.text(REWRITTEN), row)
    op.add_column("description", sa.Column("faithfulness", sa.Double))
    op.add_column("description", sa.Column("trust", sa.JSON))
    op.create_index("ix_picture_collection_id", "picture", ["collection_id", "path"])


def _of_first(blob: bytes, n_images: int, n_units: int) -> np.ndarray:
    """Activations as the first tables kept them: float32."""
    return np.frombuffer(zlib.decompress(blob), "<f4").reshape(n_images, n_units)


def _packed(array: np.ndarray) -> bytes:
    """As `milan.catalog.packing.pack_columns` packs at this revision."""
    scales = np.max(np.abs(array), axis=0, initial=0, where=np.isfinite(array)).astype("<f4")
    parts = array / np.where(scales > 0, scales, np.float32(1))
    return zlib.compress(scales.tobytes() + parts.astype("<f2").tobytes(), 1)
