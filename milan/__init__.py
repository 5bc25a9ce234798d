"""Describe every unit of a neural network in language.

    import milan

    network = milan.open_network("torchvision:resnet50")
    milan.describe_network(network, "photos/", "units.db", milan.DescribeOptions(layers=("layer4",)))
    for unit in milan.Catalog.open("units.db").units():
        print(unit.id, unit.phrase)

Names are resolved when first used, so that `import milan` is quick and loads no torch.
"""

from typing import TYPE_CHECKING

from milan.lazy import loads_when_used

if TYPE_CHECKING:
    from milan.catalog import Catalog, export
    from milan.errors import MilanError
    from milan.networks import open_network
    from milan.records import UnitId
    from milan.uses import DescribeOptions, describe_network

__all__ = [
    "Catalog",
    "DescribeOptions",
    "MilanError",
    "UnitId",
    "describe_network",
    "export",
    "open_network",
]

__version__ = "0.1.0"

__getattr__ = loads_when_used(
    __name__,
    {
        "Catalog": "catalog",
        "DescribeOptions": "uses",
        "MilanError": "errors",
        "UnitId": "records",
        "describe_network": "uses",
        "export": "catalog",
        "open_network": "networks",
    },
)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
