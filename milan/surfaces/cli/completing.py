"""What a shell completes from a catalog: names of layers and addresses of units.

A shell waits for it: the file is asked directly, without the rooms that know the catalog, and whatever is
wrong with it completes nothing.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import typer

__all__ = ["complete_layer", "complete_unit"]

MOST = 100
LAYERS = """
SELECT DISTINCT network.name, layer.name FROM layer JOIN network ON network.id = layer.network_id
JOIN exemplar_set ON exemplar_set.layer_id = layer.id ORDER BY network.name, layer.position
"""
UNITS = """
SELECT DISTINCT unit.number FROM unit JOIN exemplar_set ON exemplar_set.id = unit.set_id
JOIN layer ON layer.id = exemplar_set.layer_id JOIN network ON network.id = layer.network_id
WHERE network.name = ? AND layer.name = ? AND CAST(unit.number AS TEXT) LIKE ? || '%'
ORDER BY unit.number LIMIT ?
"""


def complete_unit(ctx: typer.Context, incomplete: str) -> list[str]:
    """Addresses of units: `network/layer/` until one is whole, then its units' numbers."""
    before, slash, number = incomplete.rpartition("/")
    network, _, layer = before.partition("/")
    layers = [tuple(row) for row in _asked(ctx, LAYERS)]
    if slash and (network, layer) in layers:
        digits = number if number.isdecimal() or not number else "-"
        return [f"{before}/{index}" for (index,) in _asked(ctx, UNITS, network, layer, digits, MOST)]
    return [name for name in (f"{n}/{part}/" for n, part in layers) if name.startswith(incomplete)][:MOST]


def complete_layer(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of the layers that a catalog has exemplars of, of whichever network."""
    names = dict.fromkeys(str(layer) for _, layer in _asked(ctx, LAYERS))
    return [name for name in names if name.startswith(incomplete)][:MOST]


def _asked(ctx: typer.Context, query: str, *values: object) -> list[tuple[object, ...]]:
    """Rows of the catalog that the command line names; none where it is no file that can be read."""
    catalog = ctx.params.get("catalog")
    path = Path(str(catalog)) if catalog else None
    if path is None or not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            return file.execute(query, values).fetchall()
    except sqlite3.Error:
        return []
