"""Units and their exemplars as a Parquet table."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from milan.catalog.columns import FIGURES, NUMBERS, OF_UNIT, TRUST
from milan.catalog.record import Record

__all__ = ["SCHEMA_VERSION", "write_parquet"]

SCHEMA_VERSION = "1"
ROWS_A_GROUP = 20_000


def write_parquet(records: Iterable[Record], path: Path) -> None:
    """One row per (unit, rank), and one with rank null for a unit without exemplars."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema(
        [
            ("unit", pa.string()),
            ("network", name),
            ("layer", name),
            ("index", pa.int32()),
            ("status", name),
            ("description", name),
            *((column, pa.float64()) for column in NUMBERS),
            ("candidates", pa.list_(pa.string())),
            ("rank", pa.int16()),
            ("image", pa.string()),
            ("activation", pa.float32()),
            *((column, pa.float64()) for column in FIGURES),
            ("n_measured", pa.int32()),
            ("explanation_text", pa.string()),
            ("explanation_faithfulness", pa.float64()),
            ("language", name),
        ],
        metadata={"milan_schema": SCHEMA_VERSION},
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        for record in records:
            rows += _rows(record)
            if len(rows) >= ROWS_A_GROUP:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema))


def _rows(record: Record) -> Iterator[dict[str, Any]]:
    of_unit = {column: record[column] for column in OF_UNIT + NUMBERS + TRUST}
    of_unit["candidates"] = [candidate["phrase"] for candidate in record["candidates"]]
    for exemplar in record["exemplars"] or [{}]:
        yield of_unit | exemplar
