"""Texts with all their tags, and sentences cut into passages."""

from pathlib import Path

import pytest

from milan.errors import DataError
from milan.texts import Passages, Sentences, read_annotated

CONLLU = """# sent_id = 1
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\tMood=Imp|VerbForm=Fin\t3\taux:pass\t_\t_
2\tn't\tnot\tPART\tRB\tPolarity=Neg\t3\tadvmod\t_\t_

1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_
"""


def test_all_tags_of_a_word_are_read_at_once(tmp_path: Path) -> None:
    file = tmp_path / "text.conllu"
    file.write_text(CONLLU)
    found = read_annotated(file)
    assert found.sentences.each() == [("Do", "n't"), ("Go",)]
    assert found.lemmas == ("do", "not", "go")
    assert found.parts == ("AUX", "PART", "VERB")
    assert found.features == (("Mood=Imp", "VerbForm=Fin"), ("Polarity=Neg",), ())
    assert found.relations == ("aux", "advmod", "root")


def test_plain_text_has_no_tags(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("one two\n\nthree\n")
    found = read_annotated(file)
    assert found.sentences.words == ("one", "two", "three")
    assert found.parts == ()


def test_a_broken_line_is_told_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "text.conllu"
    file.write_text("1\tDo\tdo\n")
    with pytest.raises(DataError, match="line 1: a word has 10 columns"):
        read_annotated(file)


def test_a_long_sentence_is_cut_into_passages_and_an_empty_one_has_none() -> None:
    passages = Passages.of(Sentences.of([["a"], [], ["b"] * 130]))
    assert passages.names == (
        "sentence 1",
        "sentence 3",
        "sentence 3 from word 65",
        "sentence 3 from word 129",
    )
    assert passages.size.tolist() == [1, 64, 64, 2]
    assert passages.words(3) == ("b", "b")
    assert passages.of_word.tolist() == [0] + [1] * 64 + [2] * 64 + [3] * 2
