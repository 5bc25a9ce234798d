"""Text networks: from files of activations and tags to the units that matter.

In: `milan.texts.Activations` and tagged words. Out: frozen records of what was found, with what it was held
against.

    probed = probe_words(Activations.open(folder), read_conllu(file), ProbeOptions())
    decided = decide(Activations.open(folder), read_tagged(file), DistanceOptions())
    described = describe_texts(TextSource.open(folder, file), read_annotated(file), "units.db")
    removed = ablate(TranslatorUnits(translator), sentences, text, AblateOptions()).removed
    removed = ablate_language_model(network, tagged, sentences, AblateOptions("layers.4", "lca", ())).removed
    compared = compare_networks({"first": Activations.open(one), "second": Activations.open(other)})
    keep_study(Path("units.db"), StudiedNetwork.of_activations(folder, None, None), correlate_study(compared))
"""

from milan.uses.text.ablating import SHARED, Ablated, AblateOptions, ablate
from milan.uses.text.comparing import Compared, compare_networks
from milan.uses.text.deciding import Decided, DistanceOptions, decide
from milan.uses.text.describing import describe_texts
from milan.uses.text.findings import (
    Studied,
    ablate_study,
    control_study,
    correlate_study,
    distance_study,
    probe_study,
)
from milan.uses.text.foretelling import ablate_language_model
from milan.uses.text.keeping import StudiedNetwork, keep_study
from milan.uses.text.options import TextOptions, TextSummary
from milan.uses.text.probing import Probed, ProbeOptions, probe_words
from milan.uses.text.sources import TextSource, read_by

__all__ = [
    "SHARED",
    "AblateOptions",
    "Ablated",
    "Compared",
    "Decided",
    "DistanceOptions",
    "ProbeOptions",
    "Probed",
    "Studied",
    "StudiedNetwork",
    "TextOptions",
    "TextSource",
    "TextSummary",
    "ablate",
    "ablate_language_model",
    "ablate_study",
    "compare_networks",
    "control_study",
    "correlate_study",
    "decide",
    "describe_texts",
    "distance_study",
    "keep_study",
    "probe_study",
    "probe_words",
    "read_by",
]
