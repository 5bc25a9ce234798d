"""From exemplars to words: the only room that knows both `milan` and `captioner`.

In: `LayerExemplars`, a way to see their pictures, a captioner and a region encoder.
Out: a `Description` a unit, its candidates ranked by weighted pointwise mutual information.

    voice = open_voice("default", network.module)
    gathered = gather_evidence([exemplars], open_view, voice, sampled=exemplars.selected.images)
    presence = Presence(gathered.patches, voice.encoder, voice.bank)
    whole_range = WholeRange(exemplars.selected, presence)
    for descriptions in describe_layer(gathered.layers[0], voice, PmiSettings(), whole_range=whole_range):
        ...

A `Judge` measures what was said, on other images and through other eyes (`open_simulator`). Names are loaded
when they are used: `embed_phrases` alone loads no torch.
"""

from typing import TYPE_CHECKING

from milan.lazy import loads_when_used

if TYPE_CHECKING:
    from milan.describe.classes import name_pictures
    from milan.describe.evidence import Gathered, LayerEvidence, gather_evidence
    from milan.describe.faithfulness import FEWEST_MEASURED, LEVEL, Judge
    from milan.describe.language import Translator, open_translator
    from milan.describe.layer import describe_layer
    from milan.describe.phrases import embed_phrases
    from milan.describe.pmi import PmiSettings, rank_by_pmi
    from milan.describe.presence import Presence
    from milan.describe.reading import read_patches
    from milan.describe.voice import Simulator, Voice, open_simulator, open_voice, reopen_simulator
    from milan.describe.whole_range import FEWEST_SELECTED, WholeRange

__all__ = [
    "FEWEST_MEASURED",
    "FEWEST_SELECTED",
    "LEVEL",
    "Gathered",
    "Judge",
    "LayerEvidence",
    "PmiSettings",
    "Presence",
    "Simulator",
    "Translator",
    "Voice",
    "WholeRange",
    "describe_layer",
    "embed_phrases",
    "gather_evidence",
    "name_pictures",
    "open_simulator",
    "open_translator",
    "open_voice",
    "rank_by_pmi",
    "read_patches",
    "reopen_simulator",
]

__getattr__ = loads_when_used(
    __name__,
    {
        "FEWEST_MEASURED": "faithfulness",
        "FEWEST_SELECTED": "whole_range",
        "LEVEL": "faithfulness",
        "Gathered": "evidence",
        "Judge": "faithfulness",
        "LayerEvidence": "evidence",
        "PmiSettings": "pmi",
        "Presence": "presence",
        "Simulator": "voice",
        "Translator": "language",
        "Voice": "voice",
        "WholeRange": "whole_range",
        "describe_layer": "layer",
        "embed_phrases": "phrases",
        "gather_evidence": "evidence",
        "name_pictures": "classes",
        "open_simulator": "voice",
        "open_translator": "language",
        "open_voice": "voice",
        "rank_by_pmi": "pmi",
        "read_patches": "reading",
        "reopen_simulator": "voice",
    },
)
