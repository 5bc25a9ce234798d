"""Run what made a unit's description once more, and compare."""

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from milan.catalog import Catalog, DescriptionVersion, KeptLayer
from milan.datasets import Manifest
from milan.describe import PmiSettings
from milan.errors import CatalogError, DataError
from milan.exemplars import ExemplarSettings
from milan.networks import Network
from milan.places import CatalogPlace
from milan.records import LayerExemplars, UnitId
from milan.uses.build import describe_manifest
from milan.uses.options import DescribeOptions
from milan.uses.pictures import find_pictures
from milan.uses.rebuild.differences import Rebuilt, differences_of, differences_of_makers

__all__ = ["RebuildOptions", "rebuild_unit"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class RebuildOptions:
    """Where things are now; None of a speaker is the one that the catalog names."""

    images: Path
    captioner: str | None = None
    encoder: str | None = None
    simulator: str | None = None
    phrases: Path | None = None
    """The vocabulary, if one was given."""
    workers: int = 2


def rebuild_unit(
    catalog: CatalogPlace | Path | str,
    unit: UnitId,
    open_network: Callable[[KeptLayer], Network],
    options: RebuildOptions,
    *,
    progress: Progress = lambda stage, done, total: None,
) -> Rebuilt:
    """Find a unit's exemplars and its words again, and say what differs; the catalog is only read.

    `open_network` is asked for the layer's network. The whole pass over the images is made for the one layer,
    for thresholds and look-alikes are of all images and units. Images that changed are used as they are and
    told; DataError when one is gone, CatalogError for a unit that was not made from images.
    """
    with Catalog.open(catalog) as store:
        was = store.unit(unit)
        (layer,) = store.layers(unit.network, unit.layer)
        version = layer.versions[0] if layer.versions else None
        _refuse(layer, version)
        exemplars = store.layer_exemplars(unit.network, unit.layer)
    manifest = _images_of(options.images, layer, exemplars)
    network = open_network(layer)
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "again.db"
        asked = _options_of(layer, version, unit, options)
        describe_manifest(network, manifest, again, asked, progress=progress)
        with Catalog.open(again) as store:
            (made,) = store.layers(network.name, unit.layer)
            now = store.unit(UnitId(network.name, unit.layer, unit.index))
    remade = made.versions[0] if made.versions else None
    return Rebuilt(
        str(unit),
        was.phrase or str(was.status),
        now.phrase or str(now.status),
        tuple(differences_of(was, now)),
        tuple(differences_of_makers(_maker(layer, version), _maker(made, remade))),
    )


def _refuse(layer: KeptLayer, version: DescriptionVersion | None) -> None:
    settings = layer.provenance.settings
    if (version is not None and version.is_of_text) or "k" not in settings:
        raise CatalogError(f"{layer} was described from a text: milan rebuild makes again what images made")
    if "generation" in settings:
        raise CatalogError(f"{layer} was described from pictures that it makes: milan rebuild needs images")
    if version is not None and "voice" not in version.settings:
        raise CatalogError(f"{layer} has words that milan describe did not write: nothing says how")
    if layer.provenance.is_preview:
        raise CatalogError(f"{layer} is a preview of a run that did not end: give its milan describe again")


def _images_of(folder: Path, layer: KeptLayer, exemplars: LayerExemplars) -> Manifest:
    try:
        return find_pictures(folder, layer, exemplars)
    except DataError:  # gone, which the next line says again, or changed, which is an answer
        return Manifest.of(folder, exemplars.paths)


def _options_of(
    layer: KeptLayer, version: DescriptionVersion | None, unit: UnitId, options: RebuildOptions
) -> DescribeOptions:
    """The options of the run, from what the catalog says of it."""
    of_pass = _known(ExemplarSettings, layer.provenance.settings)
    if version is None:
        return DescribeOptions(
            layers=(layer.name,),
            captioner=None,
            exemplars=ExemplarSettings(**of_pass),
            workers=options.workers,
        )
    voice, measured = version.settings["voice"], version.settings["simulator"]
    return DescribeOptions(
        layers=(layer.name,),
        units=frozenset({unit.index}),
        captioner=options.captioner or voice["captioner"],
        encoder=options.encoder or voice["encoder"],
        simulator=None if measured is None else options.simulator or measured["simulator"],
        phrases=options.phrases,
        exemplars=ExemplarSettings(**of_pass),
        pmi=PmiSettings(**_known(PmiSettings, version.settings)),
        workers=options.workers,
    )


def _known(kind: type[ExemplarSettings] | type[PmiSettings], settings: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in settings.items() if name in names}


def _maker(layer: KeptLayer, version: DescriptionVersion | None) -> dict[str, Any]:
    """All that made a layer's descriptions."""
    pass_over_images = asdict(layer.provenance)
    versions = pass_over_images.pop("versions")
    words = {} if version is None else {"words": version.settings, "versions": versions | version.versions}
    return {"versions": versions, **pass_over_images, **words}
