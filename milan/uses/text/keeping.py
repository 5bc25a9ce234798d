"""What a study of text units found, kept in a catalog: shown with the unit that it is of."""

from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, Self

from milan.ablation.text import TranslatorUnits
from milan.catalog import Catalog
from milan.networks.open import default_name
from milan.networks.text import TextNetwork
from milan.networks.weights import hash_weights
from milan.places import CatalogPlace
from milan.records import Provenance, UnitId
from milan.translation import SentenceReader
from milan.uses.text.findings import Studied
from milan.uses.text.sources import TextSource

__all__ = ["StudiedNetwork", "keep_study"]

_SHIPPED = "milan.translation:sentence_reader"


class StudiedNetwork(NamedTuple):
    """A network as `milan describe` knows it: the same name and weights, so that both meet in a catalog."""

    name: str
    spec: str
    weights_hash: str
    layers: tuple[str, ...]
    """All, in the network's order."""

    @classmethod
    def of_activations(cls, path: Path, words: Path | None, name: str | None) -> Self:
        """The network that activations are of; a matrix of somebody's own is one by its numbers."""
        source = TextSource.open(path, words, name)
        return cls(source.name, source.spec, source.weights_hash, tuple(source.activations.layers))

    @classmethod
    def of_network(cls, network: TextNetwork) -> Self:
        """A network that was opened."""
        layers = tuple(layer.name for layer in network.layers)
        return cls(network.name, network.spec, network.weights_hash, layers)

    @classmethod
    def of_translator(cls, units: TranslatorUnits, folder: Path | None, name: str | None) -> Self:
        """The reading half of a translator, of a folder or the one that ships."""
        spec = _SHIPPED if folder is None else str(folder)
        reader = SentenceReader(units.translator)
        layers = tuple(layer.name for layer in units.layers if layer.name.startswith("encoder."))
        return cls(name or default_name(spec), spec, hash_weights(reader), layers)


def keep_study(catalog: CatalogPlace | Path | str, network: StudiedNetwork, studied: Studied) -> int:
    """Store a study's findings in a catalog, made when missing; how many figures are kept.

    They are shown with a unit once `milan describe --texts` has found its exemplars. Raises CatalogError
    where the name belongs to a network of other weights.
    """
    versions = {"milan-neurons": version("milan-neurons")}
    provenance = Provenance(network.spec, network.weights_hash, {}, "", {}, versions)
    with Catalog.open(catalog, create=True) as opened:
        opened.add_network(network.name, provenance, network.layers)
        findings = ((UnitId(network.name, unit.layer, unit.index), one) for unit, one in studied.found)
        return opened.store_study(network.name, studied.study, studied.layers, findings)
