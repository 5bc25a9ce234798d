"""What a description is like as language: its words, their parts of speech, how unlike they are.

In: phrases. Out: a number a phrase and property.

    properties_of(["a red car on a road"], embed_phrases)["nouns"]      # array([2.])
"""

from milan.uses.language.parts_of_speech import PartOfSpeech, tag, words_of
from milan.uses.language.properties import properties_of

__all__ = ["PartOfSpeech", "properties_of", "tag", "words_of"]
