"""`milan merge`: shards found anywhere, put together as if one pass had found them."""

from pathlib import Path
from typing import Annotated

import typer

from milan.surfaces.cli.console import answers_errors, print_json, stdout
from milan.surfaces.cli.options import AsJson, CatalogToFill, NetworkName

__all__ = ["merge"]


@answers_errors
def merge(
    files: Annotated[list[Path], typer.Argument(help="States that `milan exemplars` wrote, in any order.")],
    catalog: CatalogToFill,
    name: NetworkName = None,
    as_json: AsJson = False,
) -> None:
    """Merge shards into a catalog; the result is that of one pass, bit for bit.

    milan merge shard-*.safetensors --catalog units.db

    `milan describe` with the same options then goes on from there.
    """
    from milan.uses import merge_shards

    state = merge_shards(files, catalog, name=name)
    if as_json:
        print_json({"catalog": str(catalog), "network": name or state.network, "layers": list(state.layers)})
    else:
        stdout.print(f"{len(files)} shards, {len(state.layers)} layers: {catalog}", markup=False)
