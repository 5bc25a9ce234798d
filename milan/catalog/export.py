"""A catalog for other programs: JSON lines, CSV, Parquet, a gallery, or a folder that others' tools read.

Equal catalogs give equal bytes, in whatever order they were filled.
"""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from milan.catalog.columns import COLUMNS, NUMBERS, OF_UNIT, TRUST
from milan.catalog.disk import storage_errors
from milan.catalog.exchange import export_dataset, export_neuronpedia
from milan.catalog.gallery import export_gallery
from milan.catalog.parquet import write_parquet
from milan.catalog.record import Language, Record, unit_record
from milan.catalog.store import Catalog
from milan.catalog.unit import Unit
from milan.errors import UnknownName

__all__ = ["export"]


def export(
    catalog: Catalog,
    format: str,  # noqa: A002 - what users call it
    path: str | Path,
    language: Language | None = None,
) -> int:
    """Write all units as `jsonl`, `csv`, `parquet`, or as a folder; how many there are.

    Folders are a gallery (`html`), a dataset with a card (`huggingface`) and what Neuronpedia imports
    (`neuronpedia`). They are English; `language` changes the descriptions of the others.

    The file or folder appears whole or not at all. Raises UnknownName for another format,
    StorageFull, DataError when the path cannot be written.
    """
    target = Path(path)
    folders = {"html": export_gallery, "huggingface": export_dataset, "neuronpedia": export_neuronpedia}
    if format in folders:
        with storage_errors(target):
            return folders[format](catalog, target)
    writers: dict[str, Callable[[Iterable[Record], Path], None]] = {
        "jsonl": _write_jsonl,
        "csv": _write_csv,
        "parquet": write_parquet,
    }
    if format not in writers:
        raise UnknownName(
            "export format", format, [*writers, *folders], f"There are: {', '.join([*writers, *folders])}."
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
