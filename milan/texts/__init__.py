"""Texts on disk: words in sentences, what they are tagged as, and activations of them.

    tagged = read_conllu(Path("train.conllu"), "Number")   # or read_tagged, read_tag_lines, tag_words
    classes = Classes.of(tagged.tags, least=20)            # whole numbers, and what was left out
    text = read_annotated(Path("train.conllu"))            # all tags at once, or plain text
    activations = Activations.open(Path("activations/"))   # or a user's own matrix and words
    rows = activations.rows_of(tagged.sentences)           # -1 for words without activations

Every word has a line and a place, so that what does not line up is said with both. This room knows no
networks.
"""

from milan.texts.activations import Activations
from milan.texts.annotated import Annotated, read_annotated
from milan.texts.passages import Passages
from milan.texts.sentences import Sentences, read_sentences
from milan.texts.tags import Classes, Tagged, read_conllu, read_tag_lines, read_tagged, tag_words

__all__ = [
    "Activations",
    "Annotated",
    "Classes",
    "Passages",
    "Sentences",
    "Tagged",
    "read_annotated",
    "read_conllu",
    "read_sentences",
    "read_tag_lines",
    "read_tagged",
    "tag_words",
]
