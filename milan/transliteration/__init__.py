"""Transliteration: texts typed in Latin letters, and a network that gives a language its own letters back.

Rules are data (`data/transliteration/LANGUAGE.yaml`): how each letter is spelled, and how often. In goes a
text in the language; out comes what somebody might have typed, aligned character by character:

    rules = Rules.open("hy")
    romanise("Ժամ", rules, rng)                     # Aligned(latin='Zham', letters='Ժ_ամ')

The network that ships for a language goes the other way. Its units are what the LSTM study looks at
(docs/lstm-study.md).

    Transliteration.open("hy").restore(["barev, Facebook"])

>>> len(Vocabulary.of(Rules.open("hy")).outputs)
152
"""

from milan.transliteration.romanise import PLACEHOLDER, Aligned, romanise
from milan.transliteration.rules import LANGUAGES, Rules
from milan.transliteration.transliteration import Transliteration
from milan.transliteration.vocabulary import Vocabulary

__all__ = [
    "LANGUAGES",
    "PLACEHOLDER",
    "Aligned",
    "Rules",
    "Transliteration",
    "Vocabulary",
    "romanise",
]
