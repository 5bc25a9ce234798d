"""Whether a catalog speaks of the very network that is given: words belong to weights, not to names."""

from milan.catalog import Catalog, KeptLayer
from milan.errors import CatalogError, UnknownName
from milan.networks import Network
from milan.networks.text import TextNetwork

__all__ = ["layers_of_network", "require_same_network"]

_SHOWN = 8  # digits of a hash: enough to tell two networks apart


def require_same_network(catalog: Catalog, network: Network | TextNetwork, name: str | None = None) -> str:
    """The name under which a catalog holds these very weights.

    With `name` it must be that one. Without, weights are looked for under every name, the network's own
    first. Raises UnknownName for a name that the catalog has not, and CatalogError when the catalog holds
    nothing yet, or only networks of other weights: training a network further changes what its units do, and
    nobody could tell from the result.

        name = require_same_network(catalog, network)
        for unit in catalog.units(name): ...
    """
    held = {layer.network: layer.provenance.weights_hash for layer in catalog.layers()}
    if not held:
        raise CatalogError(f"{catalog.place}: holds no units yet; run milan describe first")
    if name is not None and name not in held:
        raise UnknownName("network", name, held, f"{catalog.place} has: {', '.join(held)}.")
    same = [one for one in held if held[one] == network.weights_hash and name in (None, one)]
    if same:
        return network.name if network.name in same else same[0]
    others = held if name is None else {name: held[name]}
    of_catalog = ", ".join(f"{one} (weights {its[:_SHOWN]})" for one, its in others.items())
    raise CatalogError(
        f"{catalog.place} describes {of_catalog}, not the network given "
        f"({network.spec}, weights {network.weights_hash[:_SHOWN]}): the weights differ. "
        f"Open it with the weights that were described (--weights FILE), or describe these first"
    )


def layers_of_network(catalog: Catalog, name: str) -> list[KeptLayer]:
    """The layers that a catalog holds of one network, in the network's own order."""
    return [layer for layer in catalog.layers() if layer.network == name]
