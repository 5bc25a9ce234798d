"""Activations of a text's words, from a network to disk: one row a word, one column a unit.

    network = open_text_network("hf:sentence-encoder/")
    extracted = extract_words(network, read_sentences(Path("text.txt")), Path("activations"))
    extracted.dropped                                     # words without activations, each with its reason

What is written is read by `milan.texts.Activations`.
"""

from milan.extraction.extract import ExtractOptions, extract_words
from milan.extraction.planning import Dropped, Extracted

__all__ = ["Dropped", "ExtractOptions", "Extracted", "extract_words"]
