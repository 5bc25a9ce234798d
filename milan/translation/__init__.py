"""A small translation network of our own, trained from English to French on captions of pictures.

    translator = shipped_translator()
    translator.translate(["A dog runs on the beach."])[0].text        # Un chien court sur la plage.

In: sentences. Out: `Translation`, a sentence with where the network looked while it wrote it. `bleu` says
what translations are worth. Everything that the decoder knows of a sentence passes through the units of
`encoder.1`, so that what is done to them there is done to all that crosses over.
"""

from milan.translation.corpus import Parallel, read_parallel
from milan.translation.network import Memory, TranslationNetwork, TranslationSizes
from milan.translation.quality import bleu, bleu_counts, bleu_of
from milan.translation.shipped import SentenceReader, sentence_reader, shipped_translator
from milan.translation.translator import Translation, Translator
from milan.translation.vocabulary import Vocabulary

__all__ = [
    "Memory",
    "Parallel",
    "SentenceReader",
    "Translation",
    "TranslationNetwork",
    "TranslationSizes",
    "Translator",
    "Vocabulary",
    "bleu",
    "bleu_counts",
    "bleu_of",
    "read_parallel",
    "sentence_reader",
    "shipped_translator",
]
