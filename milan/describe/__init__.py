"""From exemplars to words: the only room that knows both `milan` and `captioner`.

In: `LayerExemplars`, a way to see their pictures, a captioner and a region encoder.
Out: a `Description` a unit, its candidates ranked by weighted pointwise mutual information.

    voice = open_voice("default", network.module)
    evidence = gather_evidence([exemplars], open_view, voice)
    for descriptions in describe_layer(evidence[0], voice, PmiSettings()):
        ...
"""

from milan.describe.evidence import LayerEvidence, gather_evidence
from milan.describe.layer import describe_layer
from milan.describe.pmi import PmiSettings, rank_by_pmi
from milan.describe.voice import Voice, embed_phrases, open_voice

__all__ = [
    "LayerEvidence",
    "PmiSettings",
    "Voice",
    "describe_layer",
    "embed_phrases",
    "gather_evidence",
    "open_voice",
    "rank_by_pmi",
]
