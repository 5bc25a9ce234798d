"""The network of a catalog, to be tried live."""

from milan.catalog import Catalog
from milan.errors import BadSetting, CatalogError
from milan.extraction.spans import Subwords
from milan.networks import Network
from milan.networks.text import TextNetwork
from milan.uses.live.pictures import LivePictures
from milan.uses.live.texts import LiveTexts
from milan.uses.matching import layers_of_network, require_same_network

__all__ = ["Live", "make_live", "reads_text"]

Live = LivePictures | LiveTexts
_SUBWORDS: dict[str, Subwords] = {"last": "last", "first": "first", "average": "average"}


def make_live(catalog: Catalog, network: Network | TextNetwork) -> Live:
    """Listen to the layers of a network that a catalog describes.

    Raises what `require_same_network` does for other weights, and CatalogError when only directions were
    described, which the network has not of itself.
    """
    name = require_same_network(catalog, network)
    kept = layers_of_network(catalog, name)
    known = {layer.name for layer in (network.layers() if isinstance(network, Network) else network.layers)}
    layers = [layer.name for layer in kept if layer.name in known]
    if not layers:
        held = ", ".join(layer.name for layer in kept)
        raise CatalogError(f"{catalog.place}: of {name} it describes {held}: no layer of the network itself")
    if isinstance(network, Network):
        return LivePictures(network, name, layers)
    subwords = _SUBWORDS.get(str(kept[0].provenance.preprocessing.get("subwords")), "last")
    return LiveTexts(network, name, layers, subwords)


def reads_text(catalog: Catalog, spec: str) -> bool:
    """Whether the network of this spec reads text, as far as the catalog knows.

    By the layers that were described from this very spec, or from any; BadSetting when these are of both
    kinds.
    """
    layers = catalog.layers()
    own = [layer for layer in layers if layer.provenance.network_spec == spec] or layers
    kinds = {"subwords" in layer.provenance.preprocessing for layer in own}
    if len(kinds) > 1:
        specs = ", ".join(sorted({layer.provenance.network_spec for layer in layers}))
        raise BadSetting(
            f"{catalog.place} describes networks that see and networks that read: name one as it was "
            f"described ({specs}), got {spec}"
        )
    return kinds == {True}
