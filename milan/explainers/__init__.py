"""A language model puts a text unit into free words, and tells from words alone where the unit is active.

In: passages of a text with a unit's activations. Out: phrases ranked by what the passages add to them, and
scores on passages that chose none of them (detection and simulation).

    model = LanguageModel.open("hf:language-model/")
    phrases = write_phrases(model, [exemplar.region for exemplar in unit.exemplars])
    trial = Trial.of(activations, passage, words, threshold)
    scores = trial.score(model, phrases[0].phrase)

The one that explains is the one that simulates: a model that does neither well scores no better than with
phrases of other units, which is why those stand beside. Nothing here asks a service.
"""

from milan.explainers.language_model import LanguageModel
from milan.explainers.telling import detect, simulate
from milan.explainers.trial import FEWEST_PASSAGES, Trial
from milan.explainers.writing import ExplainSettings, explainer_key, write_phrases

__all__ = [
    "FEWEST_PASSAGES",
    "ExplainSettings",
    "LanguageModel",
    "Trial",
    "detect",
    "explainer_key",
    "simulate",
    "write_phrases",
]
