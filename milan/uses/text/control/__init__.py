"""Number controlled in the network that translates: units changed where nouns are read, gain beside cost.

    units = TranslatorUnits(shipped_translator())
    report = control_number(units, learning.source, validation, test, ControlOptions())
    report.chosen.success, report.chosen.bleu_lost          # the two stand side by side, always

In: sentences to learn from, and parallel text to choose and to measure on. Out: success and quality for every
setting tried, for the chosen one on the test text, and for as many random units.
"""

from milan.uses.text.control.controlling import ControlOptions, ControlReport, control_number
from milan.uses.text.control.judging import Controlled
from milan.uses.text.control.values import control_values

__all__ = ["ControlOptions", "ControlReport", "Controlled", "control_number", "control_values"]
