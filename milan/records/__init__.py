"""Records that travel between rooms: frozen, holding numpy, loading no torch.

Axis names used in shapes everywhere in milan:

    unit      one scored direction of a layer (a channel, a hidden value)
    rank      0 = strongest exemplar
    image     position in a manifest
    height, width   a grid of positions of a layer, or pixels of a view

>>> from milan.records import UnitId
>>> UnitId.parse("resnet18/layer3/41").index
41
"""

from milan.records.concepts import Concept
from milan.records.descriptions import Candidate, Description, UnitStatus
from milan.records.edits import Edit, held, zeroed
from milan.records.evaluation import LayerEvaluation, Predictor, SilenceLevel, WordsOf
from milan.records.exemplars import Exemplar, LayerExemplars, Measured
from milan.records.faithfulness import (
    Band,
    CounterExemplar,
    CounterKind,
    Explanation,
    Faithfulness,
    Figure,
    Meaning,
    TopWord,
    WeightedPhrase,
)
from milan.records.findings import Finding, Study, StudyKind
from milan.records.free_text import FreeText, TextScores
from milan.records.histograms import N_BINS, Histogram, Histograms
from milan.records.opinions import Opinion
from milan.records.pictures import PicturePolicy, PictureReference, PicturesKept
from milan.records.provenance import Provenance, content_key
from milan.records.regions import ImageRegion, TextSpan
from milan.records.shuffled import ShuffledFaithfulness
from milan.records.units import UnitId

__all__ = [
    "N_BINS",
    "Band",
    "Candidate",
    "Concept",
    "CounterExemplar",
    "CounterKind",
    "Description",
    "Edit",
    "Exemplar",
    "Explanation",
    "Faithfulness",
    "Figure",
    "Finding",
    "FreeText",
    "Histogram",
    "Histograms",
    "ImageRegion",
    "LayerEvaluation",
    "LayerExemplars",
    "Meaning",
    "Measured",
    "Opinion",
    "PicturePolicy",
    "PictureReference",
    "PicturesKept",
    "Predictor",
    "Provenance",
    "ShuffledFaithfulness",
    "SilenceLevel",
    "Study",
    "StudyKind",
    "TextScores",
    "TextSpan",
    "TopWord",
    "UnitId",
    "UnitStatus",
    "WeightedPhrase",
    "WordsOf",
    "content_key",
    "held",
    "zeroed",
]
