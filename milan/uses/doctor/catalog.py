"""Whether a catalog is sound, and mending what can be mended."""

from pathlib import Path

from milan.catalog import Catalog, Trouble, TroubleKind
from milan.errors import CatalogError
from milan.places import CatalogPlace
from milan.uses.doctor.finding import Finding, Level

__all__ = ["examine_catalog", "repair_catalog"]

_SAID = {
    TroubleKind.DAMAGED: "the file is damaged",
    TroubleKind.ORPHANED: "rows belong to none",
    TroubleKind.UNINDEXED: "descriptions and the index of their words differ",
    TroubleKind.UNUSED: "lists of images are used by no exemplars",
    TroubleKind.PICTURES: "exemplars have no picture",
    TroubleKind.UNFINISHED: "layers were not finished",
}
_REMEDIES = {
    TroubleKind.DAMAGED: "restore a copy, or describe again with --fresh",
    TroubleKind.PICTURES: "describe again with --fresh: their pictures cannot be made without the images",
    TroubleKind.UNFINISHED: "give the same milan describe again: it goes on where it was",
}


def examine_catalog(catalog: CatalogPlace | Path | str) -> list[Finding]:
    """What a catalog holds and what is wrong with it; a file that cannot be opened at all is one problem.

    DataError when there is no such file: that is a mistake of who asks, not of the catalog.
    """
    place = CatalogPlace.parse(catalog)
    try:
        with Catalog.open(place) as store:
            layers = store.layers()
            networks = dict.fromkeys(layer.network for layer in layers)
            troubles, n_bytes = store.troubles(), store.n_bytes()
    except CatalogError as problem:
        return [Finding("catalog", Level.PROBLEM, str(problem))]
    units = sum(layer.n_units for layer in layers)
    held = f"{place}: {len(networks)} networks, {len(layers)} layers, {units:,} units"
    findings = [Finding("catalog", Level.FINE, f"{held}, {n_bytes / 1e6:,.0f} MB")]
    return findings + [_finding(place, trouble) for trouble in troubles]


def repair_catalog(catalog: CatalogPlace | Path | str) -> Path:
    """Mend what can be, after the file was copied to a name beside it, which is answered."""
    place = CatalogPlace.parse(catalog)
    beside = Path(place.name) if place.is_database else place.path
    backup = next(
        free
        for number in range(1, 1000)
        if not (free := beside.with_name(f"{beside.name}.backup-{number}")).exists()
    )
    with Catalog.open(place) as store:
        store.mend(backup)
    return backup


def _finding(place: CatalogPlace, trouble: Trouble) -> Finding:
    named = f" ({'; '.join(trouble.examples)})" if trouble.examples else ""
    remedy = _REMEDIES.get(trouble.kind, f"milan doctor {place} --repair")
    level = Level.NOTE if trouble.kind is TroubleKind.UNFINISHED else Level.PROBLEM
    return Finding("catalog", level, f"{place}: {trouble.count:,} {_SAID[trouble.kind]}{named}", remedy)
