"""A catalog as a pandas table, a row a unit, its columns named as in the export."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from milan.catalog.columns import COLUMNS
from milan.catalog.record import unit_record
from milan.catalog.unit import Unit
from milan.errors import MilanError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_frame"]

_TYPES = {
    "unit": "string",
    "network": "category",
    "layer": "category",
    "index": "int32",
    "status": "category",
    "description": "string",
    "candidates": "object",
    "images": "object",
    "n_measured": "Int32",
    "explanation_text": "string",
    "language": "category",
}
"""Of columns that are no float64. Lists are lists; what is not known is missing, never a number."""


def as_frame(units: Iterable[Unit]) -> "pd.DataFrame":
    """One row a unit, indexed from 0; `candidates` and `images` are lists, best and strongest first.

    MilanError says what to install where pandas is missing.
    """
    try:
        import pandas as pd
    except ImportError:
        raise MilanError("to_pandas needs pandas: pip install 'milan-neurons[notebook]'") from None
    rows = [_row(unit) for unit in units]
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    return pd.DataFrame(
        {name: pd.Series(values, dtype=_TYPES.get(name, "float64")) for name, values in columns.items()}
    )


def _row(unit: Unit) -> dict[str, Any]:
    record = unit_record(unit)
    candidates = [candidate["phrase"] for candidate in record["candidates"]]
    return record | {"candidates": candidates, "images": [one["image"] for one in record["exemplars"]]}
