"""A catalog for other programs: JSON lines, CSV, Parquet, or a gallery.

Equal catalogs give equal bytes, in whatever order they were filled.
"""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from milan.catalog.disk import storage_errors
from milan.catalog.gallery import export_gallery
from milan.catalog.record import Language, Record, unit_record
from milan.catalog.store import Catalog
from milan.catalog.unit import Unit
from milan.errors import UnknownName

__all__ = ["COLUMNS", "export"]

SCHEMA_VERSION = "1"
OF_UNIT = ("unit", "network", "layer", "index", "status", "description")
NUMBERS = ("score", "log_p_given", "log_p_prior", "lambda", "threshold")
FIGURES = ("faithfulness", "faithfulness_low", "faithfulness_high", "faithfulness_peak", "auprc", "f1")
TRUST = (*FIGURES, "n_measured", "explanation_text", "explanation_faithfulness", "language")
COLUMNS = (*OF_UNIT, *NUMBERS, "candidates", "images", *TRUST)
"""Of a table with a row a unit."""
ROWS_A_GROUP = 20_000


def export(
    catalog: Catalog,
    format: str,  # noqa: A002 - what users call it
    path: str | Path,
    language: Language | None = None,
) -> int:
    """Write all units as `jsonl`, `csv`, `parquet` or `html`; how many there are.

    `language` changes the descriptions of all but `html`, which is English.

    The file (for html: the folder) appears whole or not at all. Raises UnknownName for another format,
    StorageFull, DataError when the path cannot be written.
    """
    target = Path(path)
    if format == "html":
        with storage_errors(target):
            return export_gallery(catalog, target)
    writers: dict[str, Callable[[Iterable[Record], Path], None]] = {
        "csv": _write_csv,
        "jsonl": _write_jsonl,
        "parquet": _write_parquet,
    }
    if format not in writers:
        raise UnknownName(
            "export format", format, [*writers, "html"], "There are: jsonl, csv, parquet, html."
        )
    units = _Counted(catalog.units())
    aside = target.with_name(f".{target.name}.partial")
    with storage_errors(target):
        try:
            writers[format]((unit_record(unit, language) for unit in units), aside)
            os.replace(aside, target)
        finally:
            aside.unlink(missing_ok=True)
    return units.n


class _Counted:
    """Units on their way out, counted."""

    def __init__(self, units: Iterator[Unit]) -> None:
        self.n = 0
        self._units = units

    def __iter__(self) -> Iterator[Unit]:
        for unit in self._units:
            self.n += 1
            yield unit


def _write_jsonl(records: Iterable[Record], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            json.dump(record, file, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
            file.write("\n")


def _write_csv(records: Iterable[Record], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        _fill_csv(records, file)


def _fill_csv(records: Iterable[Record], file: IO[str]) -> None:
    """One row a unit; phrases of candidates and images of exemplars as JSON lists."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        candidates = json.dumps([c["phrase"] for c in record["candidates"]], ensure_ascii=False)
        images = json.dumps([e["image"] for e in record["exemplars"]], ensure_ascii=False)
        first, last = ([record[column] for column in columns] for columns in (OF_UNIT + NUMBERS, TRUST))
        writer.writerow([*first, candidates, images, *last])


def _write_parquet(records: Iterable[Record], path: Path) -> None:
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
            rows += _parquet_rows(record)
            if len(rows) >= ROWS_A_GROUP:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema))


def _parquet_rows(record: Record) -> Iterator[dict[str, Any]]:
    of_unit = {column: record[column] for column in OF_UNIT + NUMBERS + TRUST}
    of_unit["candidates"] = [candidate["phrase"] for candidate in record["candidates"]]
    for exemplar in record["exemplars"] or [{}]:
        yield of_unit | exemplar
