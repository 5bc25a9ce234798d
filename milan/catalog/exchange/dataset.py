"""A dataset folder for the Hugging Face Hub: Parquet tables and a card that tells its viewer what they are.

```
README.md                 the card
data/units.parquet        a row an exemplar of a unit: the table of `milan export --format parquet`
data/pictures.parquet     small pictures of the images, once each; none of a text, or where none are kept
```
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from milan.catalog.layers import KeptLayer
from milan.catalog.parquet import write_parquet
from milan.catalog.record import unit_record
from milan.catalog.store import Catalog
from milan.catalog.unit import Unit
from milan.catalog.whole_folder import whole_folder
from milan.records import UnitStatus

__all__ = ["export_dataset"]

_ROWS = 500
_FEATURES = (
    '{"info": {"features": {"path": {"dtype": "string", "_type": "Value"}, "image": {"_type": "Image"}}}}'
)
"""How the Hub's viewer knows a column of pictures."""


def export_dataset(catalog: Catalog, path: Path) -> int:
    """Write the folder, whole or not at all; how many units it holds.

    DataError for a folder of another kind.
    """
    with whole_folder(path, "data/units.parquet", "a dataset of a catalog") as aside:
        (aside / "data").mkdir()
        statuses: Counter[UnitStatus] = Counter()
        counted = _counted(catalog.units(), statuses)
        write_parquet((unit_record(unit) for unit in counted), aside / "data" / "units.parquet")
        n_pictures = _write_pictures(catalog.units(), aside / "data" / "pictures.parquet")
        card = _card(catalog.layers(), statuses, n_pictures)
        (aside / "README.md").write_text(card, "utf-8", newline="\n")
    return statuses.total()


def _counted(units: Iterable[Unit], statuses: "Counter[UnitStatus]") -> Iterator[Unit]:
    for unit in units:
        statuses[unit.status] += 1
        yield unit


def _write_pictures(units: Iterable[Unit], path: Path) -> int:
    """Write each picture that some exemplar shows, once; how many. Without any, no file is left."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    schema = pa.schema([("path", pa.string()), ("image", image)], metadata={"huggingface": _FEATURES})
    known: set[str] = set()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        for unit in units:
            for exemplar in unit.exemplars:
                content = None if exemplar.source in known else unit.thumbnails.get(exemplar.source)
                if content is not None:
                    known.add(exemplar.source)
                    held = {"bytes": content, "path": exemplar.source}
                    rows.append({"path": exemplar.source, "image": held})
            if len(rows) >= _ROWS:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema))
    if not known:
        path.unlink()
    return len(known)


def _card(layers: list[KeptLayer], statuses: "Counter[UnitStatus]", n_pictures: int) -> str:
    pages = Environment(
        loader=PackageLoader("milan.catalog.exchange", "."),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown, in which names stand as code
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["code"] = _as_code
    total = statuses.total()
    size = next((name for most, name in _SIZES if total < most), "1M<n<10M")
    return pages.get_template("card.md").render(
        layers=layers, statuses=statuses, n_units=total, n_pictures=n_pictures, size=size
    )


def _as_code(text: object) -> str:
    """A name that holds whatever it likes, in a cell of a table."""
    plain = " ".join(str(text).split()).replace("`", "'").replace("|", r"\|")
    return f"`{plain}`"


_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
