"""Text networks: from files of activations and tags to the units that matter.

In: `milan.texts.Activations` and tagged words. Out: frozen records of what was found, with what it was held
against.

    probed = probe_words(Activations.open(folder), read_conllu(file), ProbeOptions())
    decided = decide(Activations.open(folder), read_tagged(file), DistanceOptions())
    described = describe_texts(TextSource.open(folder, file), read_annotated(file), "units.db")
    removed = ablate(TranslatorUnits(translator), sentences, text, AblateOptions())
    compared = compare_networks({"first": Activations.open(one), "second": Activations.open(other)})
"""

from milan.uses.text.ablating import AblateOptions, ablate
from milan.uses.text.comparing import Compared, compare_networks
from milan.uses.text.deciding import Decided, DistanceOptions, decide
from milan.uses.text.describing import describe_texts
from milan.uses.text.options import TextOptions, TextSummary
from milan.uses.text.probing import Probed, ProbeOptions, probe_words
from milan.uses.text.sources import TextSource, read_by

__all__ = [
    "AblateOptions",
    "Compared",
    "Decided",
    "DistanceOptions",
    "ProbeOptions",
    "Probed",
    "TextOptions",
    "TextSource",
    "TextSummary",
    "ablate",
    "compare_networks",
    "decide",
    "describe_texts",
    "probe_words",
    "read_by",
]
