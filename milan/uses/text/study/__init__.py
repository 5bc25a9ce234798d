"""The LSTM study: which cells, gates and units of a transliterator decide which letter.

    transliteration = Transliteration.open("hy")
    sample = Sample.of(lines, transliteration.rules)
    studied = study(transliteration, sample, StudyOptions(suffix="թյուն"))
    studied.units_of(studied.pair("t", "ծ"), "cell", direction=1)[:10]
    draw_diagram(studied, studied.pair("t", "ծ"), [Path("t.svg")])

Everything is read from the shipped network's own forward passes; docs/lstm-study.md says what was found.
"""

from milan.uses.text.study.deciding import Studied, StudyOptions, study
from milan.uses.text.study.diagram import draw_diagram
from milan.uses.text.study.heatmap import HeatRow, draw_heatmap
from milan.uses.text.study.internals import INSIDE, LAYERS, Layer, read_layers
from milan.uses.text.study.report import document, write_report
from milan.uses.text.study.sample import Sample, show_symbol
from milan.uses.text.study.suffix import SuffixTable

__all__ = [
    "INSIDE",
    "LAYERS",
    "HeatRow",
    "Layer",
    "Sample",
    "Studied",
    "StudyOptions",
    "SuffixTable",
    "document",
    "draw_diagram",
    "draw_heatmap",
    "read_layers",
    "show_symbol",
    "study",
    "write_report",
]
