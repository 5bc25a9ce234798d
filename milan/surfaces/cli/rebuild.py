"""`milan rebuild`: a description made again from what made it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from milan.errors import MilanError, NetworkError
from milan.surfaces.cli.completing import complete_unit
from milan.surfaces.cli.console import (
    ExitCode,
    note,
    print_json,
    progress_bars,
    resumable,
    stdout,
)
from milan.surfaces.cli.network import along_asked
from milan.surfaces.cli.options import (
    AsJson,
    Device,
    DirectionFiles,
    ExistingCatalog,
    UnitGroups,
    Weights,
    Workers,
)

if TYPE_CHECKING:
    from milan.catalog import KeptLayer
    from milan.networks import Network

__all__ = ["rebuild"]


@resumable("the pass over the images is in the cache")
def rebuild(
    catalog: ExistingCatalog,
    unit: Annotated[
        str,
        typer.Argument(help="network/layer/index, such as resnet18/layer3/41.", autocompletion=complete_unit),
    ],
    images: Annotated[Path, typer.Option(help="The folder of images that it was described from.")],
    network: Annotated[
        str | None, typer.Option(help="The network, if it opens no more as it did: see milan describe.")
    ] = None,
    weights: Weights = None,
    directions: DirectionFiles = None,
    groups: UnitGroups = None,
    captioner: Annotated[
        str | None, typer.Option(help="Who spoke, if the name that the catalog holds is not enough.")
    ] = None,
    encoder: Annotated[str | None, typer.Option(help="Likewise, who found phrases.")] = None,
    simulator: Annotated[str | None, typer.Option(help="Likewise, who measured.")] = None,
    phrases: Annotated[Path | None, typer.Option(help="Your own vocabulary, if one was given.")] = None,
    workers: Workers = 2,
    device: Device = "cpu",
    as_json: AsJson = False,
) -> None:
    """Make a unit's description again from its provenance: same, or different with exit code 4.

    milan rebuild units.db resnet18/layer3/41 --images photos/
    """
    from milan.datasets import Manifest
    from milan.records import UnitId
    from milan.uses.rebuild import RebuildOptions, rebuild_unit

    address = UnitId.parse(unit)
    Manifest.check(images)

    def opened(layer: "KeptLayer") -> "Network":
        found = _opened(layer, network, weights, device)
        return along_asked(found, directions, groups, [layer.name.partition("@")[0]])

    options = RebuildOptions(images, captioner, encoder, simulator, phrases, workers)
    with progress_bars(quiet=as_json) as progress:
        rebuilt = rebuild_unit(catalog, address, opened, options, progress=progress)
    if as_json:
        print_json(rebuilt.as_dict())
    else:
        stdout.print("\n".join(rebuilt.lines()), markup=False)
    if not rebuilt.is_same:
        raise typer.Exit(ExitCode.VIOLATED)


def _opened(layer: "KeptLayer", spec: str | None, weights: Path | None, device: str) -> "Network":
    """The layer's network, with the preprocessing that the catalog holds."""
    from dataclasses import replace

    from milan.networks import Preprocessing, open_network

    made = layer.provenance
    seen = Preprocessing.from_dict(made.preprocessing)
    try:
        found = open_network(
            spec or made.network_spec, weights=weights, name=layer.network, size=seen.size, device=device
        )
    except MilanError as problem:
        if spec is not None:
            raise
        raise NetworkError(
            f"{made.network_spec}, which {layer} was described from, opens no more ({problem}): "
            "give the network with --network"
        ) from problem
    if found.weights_hash != made.weights_hash:
        note(
            f"{found.spec} opens with other weights ({found.weights_hash[:8]}) than were described "
            f"({made.weights_hash[:8]}): for those give --weights or --network"
        )
    return replace(found, preprocessing=seen)
