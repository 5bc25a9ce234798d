import pytest
import sacrebleu

from milan.errors import DataError
from milan.translation import bleu, bleu_counts, bleu_of

REFERENCES = [
    "Un chien court sur la plage .",
    "Deux hommes jouent au football dans un parc.",
    "Une femme chante.",
]
TRANSLATIONS = ["Un chien court sur la plage.", "Deux hommes jouent de la guitare dans un parc.", "Il pleut."]


def test_it_is_the_bleu_of_sacrebleu():
    assert bleu(TRANSLATIONS, REFERENCES) == pytest.approx(
        sacrebleu.corpus_bleu(TRANSLATIONS, [REFERENCES]).score
    )


def test_counts_add_up_over_sentences():
    counts = bleu_counts(TRANSLATIONS, REFERENCES)
    twice = bleu(TRANSLATIONS * 2, REFERENCES * 2)
    assert bleu_of(2 * counts.sum(0)) == pytest.approx(twice)


def test_each_translation_needs_its_reference():
    with pytest.raises(DataError, match="3 translations for 1 references"):
        bleu(TRANSLATIONS, REFERENCES[:1])
