"""Whole tasks: describe a network, plan it, merge shards, the demo.

In: a `Network`, a folder of images, a catalog's path, options. Out: a `Summary`; the catalog on disk.

    network = open_network("builtin:efficientnet-lite0")
    summary = describe_network(network, Path("photos"), Path("units.db"), DescribeOptions())

An image generator makes its own folder of images: `generate_pictures(generator)`.
Names are loaded when they are used: an audit, which reads a catalog alone, loads no torch.
"""

from typing import TYPE_CHECKING

from milan.lazy import loads_when_used

if TYPE_CHECKING:
    from milan.uses.build import describe_network
    from milan.uses.generate import generate_pictures
    from milan.uses.options import DescribeOptions, Summary
    from milan.uses.shards import find_shard, merge_shards, plan_network

__all__ = [
    "DescribeOptions",
    "Summary",
    "describe_network",
    "find_shard",
    "generate_pictures",
    "merge_shards",
    "plan_network",
]

__getattr__ = loads_when_used(
    __name__,
    {
        "DescribeOptions": "options",
        "Summary": "options",
        "describe_network": "build",
        "find_shard": "shards",
        "generate_pictures": "generate",
        "merge_shards": "shards",
        "plan_network": "shards",
    },
)
