"""All that could be said of a text's words."""

import numpy as np
from jaxtyping import Bool

from milan.describe.text.characters import add_letters, are_letters
from milan.describe.text.grammar import PARTS_OF_SPEECH, add_lemmas, add_tags
from milan.describe.text.places import add_neighbours, add_places, add_quantities
from milan.describe.text.properties import Gathering, Properties
from milan.describe.text.spelling import add_affixes, add_lists, add_shapes, add_tokens
from milan.errors import DataError
from milan.texts import Annotated

__all__ = ["LEAST", "find_properties"]

LEAST = 10
"""Words of the exemplar side that must have a property, and that must lack it."""


def find_properties(text: Annotated, counted: Bool[np.ndarray, " word"], least: int = LEAST) -> Properties:
    """The properties that enough of the words that count have.

    Of two that the same words have, the more particular is kept: tokens, then lists, tags, lemmas, writing,
    places, affixes, neighbours. DataError where no property is left.
    """
    gathering = Gathering(counted, least)
    words = text.sentences
    if are_letters(words):
        add_letters(gathering, words)
    else:
        add_tokens(gathering, words)
        add_lists(gathering, words)
        if text.parts:
            add_tags(gathering, text)
            add_lemmas(gathering, text)
        add_shapes(gathering, words)
        add_places(gathering, words)
        add_affixes(gathering, words)
        add_neighbours(gathering, text, PARTS_OF_SPEECH)
    add_quantities(gathering, words)
    found = gathering.properties()
    if not len(found):
        raise DataError(
            f"no property is shared by {least} of {int(counted.sum())} words, so nothing can be said: "
            "give more text"
        )
    return found
