"""Number of English nouns: nouns by the tagger of short phrases, plurals by their ending."""

from collections.abc import Sequence

from milan.catalog.inflection import lemma
from milan.uses.language import PartOfSpeech, tag, words_of
from milan.uses.language.known_words import known
from milan.uses.text.number.number import Number

__all__ = ["english_numbers"]

_BE = frozenset(("is", "are", "was", "were", "be", "been"))


def english_numbers(words: Sequence[str]) -> list[Number | None]:
    """Number of each word and sign of a caption; None for what is no noun.

    A noun is plural when its singular is another word (`men`, `dogs`); what has no singular (`pants`) counts
    as plural, and what has no plural (`water`, `grass`) as singular. Words that texts use more as verbs
    (`runs`, `stand`) are left out.

    >>> [str(number) for number in english_numbers(["Two", "men", "hold", "a", "dog", "."])]
    ['None', 'plural', 'None', 'None', 'singular', 'None']
    """
    parts = [words_of(word) for word in words]
    tags = iter(tag(" ".join(word for part in parts for word in part)))
    found: list[Number | None] = []
    previous = ""
    for part in parts:
        tagged = [next(tags) for _ in part]
        word, part_of_speech = tagged[-1] if tagged else ("", PartOfSpeech.OTHER)
        is_running = word.endswith("ing") and previous in _BE  # sentences say so, and descriptions do not
        is_noun = part_of_speech is PartOfSpeech.NOUN and len(word) > 1 and not is_running
        is_noun = is_noun and known(word).most("n") >= known(word).most("v")
        previous = word
        found.append((Number.PLURAL if lemma(word) != word else Number.SINGULAR) if is_noun else None)
    return found
