"""Text networks: from files of activations and tags to the units that matter.

In: `milan.texts.Activations` and tagged words. Out: frozen records of what was found, with what it was held
against.

    probed = probe_words(Activations.open(folder), read_conllu(file), ProbeOptions())
    decided = decide(Activations.open(folder), read_tagged(file), DistanceOptions())
    compared = compare_networks({"first": Activations.open(one), "second": Activations.open(other)})
"""

from milan.uses.text.comparing import Compared, compare_networks
from milan.uses.text.deciding import Decided, DistanceOptions, decide
from milan.uses.text.probing import Probed, ProbeOptions, probe_words

__all__ = [
    "Compared",
    "Decided",
    "DistanceOptions",
    "ProbeOptions",
    "Probed",
    "compare_networks",
    "decide",
    "probe_words",
]
