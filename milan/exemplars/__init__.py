"""Exemplars in one pass: the images that drive each unit most, and where in them.

In go a network, layers, a manifest and settings; out comes an `ExemplarState`, which merges exactly with
those of other shards, survives a kill, and finishes into one `LayerExemplars` a layer.

    network = open_network("builtin:efficientnet-lite0")
    manifest = Manifest.scan(Path("photos"))
    state = find_exemplars(network, [network.layer("blocks.4")], manifest, ExemplarSettings())
    for exemplar in state.finish()["blocks.4"].of(unit=17):
        print(exemplar.rank, exemplar.source, exemplar.activation)

`find_spans` does the same for a text: from activations of its words to the strongest passages of each unit.
"""

from milan.exemplars.find import find_exemplars, provenance_of
from milan.exemplars.milestones import Milestones
from milan.exemplars.planning import Plan, plan
from milan.exemplars.settings import ExemplarSettings, Shard
from milan.exemplars.spans import SpanSettings, find_spans
from milan.exemplars.state import ExemplarState
from milan.exemplars.thumbnails import kept_of, rgb_view, thumbnail

__all__ = [
    "ExemplarSettings",
    "ExemplarState",
    "Milestones",
    "Plan",
    "Shard",
    "SpanSettings",
    "find_exemplars",
    "find_spans",
    "kept_of",
    "plan",
    "provenance_of",
    "rgb_view",
    "thumbnail",
]
