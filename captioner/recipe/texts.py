"""Phrases that no picture of the recipe shows, to be learnt from text alone."""

from captioner.bank import open_bank
from captioner.recipe.manifests import SourceFolder
from captioner.recipe.naming import class_phrases
from captioner.recipe.photos import with_article

__all__ = ["text_phrases"]

_FEWEST_MENTIONS = 8
_LEADING = {"other", "one", "two", "three", "several", "many", "few", "some", "same", "first", "second"}


def text_phrases(source: SourceFolder) -> list[str]:
    """The phrase bank, the names of all classes, and what captions mention often; each once, sorted."""
    phrases = set(open_bank().phrases)
    for names in class_phrases(source):
        phrases.update(names)
    for phrase, count, *_ in source.table("phrases/caption_noun_phrases.tsv.xz"):
        if int(count) >= _FEWEST_MENTIONS and phrase.split()[0] not in _LEADING:
            phrases.add(with_article(phrase))
    return sorted(phrases)
