"""Words and tags come from files as they are, and what does not line up is said with its line."""

from pathlib import Path

import pytest

from milan.errors import BadSetting, DataError, UnknownName
from milan.texts import (
    Classes,
    Sentences,
    read_conllu,
    read_sentences,
    read_tag_lines,
    read_tagged,
    tag_words,
)

CONLLU = """\
# sent_id = 1
# text = Don't stop dogs.
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\tMood=Imp|VerbForm=Fin\t3\taux\t_\t_
2\tn't\tnot\tPART\tRB\tPolarity=Neg\t3\tadvmod\t_\t_
3\tstop\tstop\tVERB\tVB\t_\t0\troot\t_\t_
3.1\tnot\tthere\tX\t_\t_\t_\t_\t_\t_
4\tdogs\tdog\tNOUN\tNNS\tNumber=Plur\t3\tobj\t_\tSpaceAfter=No
5\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_

1\t_\t_\tSYM\t_\tNumber=Sing\t0\troot\t_\t_

"""


@pytest.fixture
def conllu(tmp_path: Path) -> Path:
    path = tmp_path / "a.conllu"
    path.write_text(CONLLU, "utf-8")
    return path


def test_conllu_gives_words_and_a_column_or_a_feature(conllu: Path) -> None:
    tagged = read_conllu(conllu)
    assert tagged.sentences.each() == [("Do", "n't", "stop", "dogs", "."), ("_",)]
    assert tagged.tags == ("AUX", "PART", "VERB", "NOUN", "PUNCT", "SYM")
    assert read_conllu(conllu, "Number").tags == (None, None, None, "Plur", None, "Sing")
    assert read_conllu(conllu, "xpos").tags[-1] == "_" or read_conllu(conllu, "xpos").tags[0] == "VB"


def test_a_feature_that_no_word_has_names_those_there_are(conllu: Path) -> None:
    with pytest.raises(UnknownName, match=r"Did you mean 'Number'\?.*Mood, Number, Polarity, VerbForm"):
        read_conllu(conllu, "Numbr")


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.write_text("1\tDo\tdo\n", "utf-8")
    with pytest.raises(DataError, match="line 1: a word has 10 columns between tabs, got 3"):
        read_conllu(path)
    path.write_text("dog NOUN\n\ncat\n", "utf-8")
    with pytest.raises(DataError, match="line 3: expected a word and its tag, got 'cat'"):
        read_tagged(path)
    path.write_text("\n\n", "utf-8")
    for read in (read_conllu, read_tagged, read_sentences):
        with pytest.raises(DataError, match="has no words"):
            read(path)
    path.write_bytes(b"caf\xe9 A\n")
    with pytest.raises(DataError, match=r"not UTF-8 \(byte 3\)"):
        read_tagged(path)
    with pytest.raises(DataError, match="cannot be read: No such file"):
        read_tagged(tmp_path / "none")


def test_word_and_tag_files_keep_sentences_apart(tmp_path: Path) -> None:
    path = tmp_path / "c"
    path.write_text("\ufeffdog\tNOUN\nbarks\tVERB\r\n\n\nNew York\tNAME\n", "utf-8")
    tagged = read_tagged(path)
    assert tagged.sentences.each() == [("dog", "barks"), ("New York",)]
    assert tagged.tags == ("NOUN", "VERB", "NAME")


def test_tags_beside_a_text_line_up_word_by_word_or_say_which_line_does_not(tmp_path: Path) -> None:
    text = Sentences.of([["a", "b"], [], ["שלום", "👍🏽", "c"]])
    path = tmp_path / "tags"
    path.write_text("X _\n\nY Y Z\n", "utf-8")
    assert read_tag_lines(text, path).tags == ("X", None, "Y", "Y", "Z")
    path.write_text("X X\n\nY Y\n", "utf-8")
    with pytest.raises(DataError, match="line 3: 2 tags for 3 words"):
        read_tag_lines(text, path)
    path.write_text("X X\n\n", "utf-8")
    with pytest.raises(DataError, match="2 lines of tags for 3 lines of words"):
        read_tag_lines(text, path)


def test_classes_are_numbered_by_frequency_and_rare_ones_are_left_out_and_told() -> None:
    found = Classes.of(["N", "V", None, "N", "V", "N", "X"], least=2)
    assert found.names == ("N", "V")
    assert found.labels.tolist() == [0, 1, -1, 0, 1, 0, -1]
    assert found.left_out == {"X": 1}
    with pytest.raises(DataError, match="1 of 3 tags have 3 words or more"):
        Classes.of(["N", "V", "N", "V", "N", "X"], least=3)


def test_a_pattern_or_a_list_makes_a_task_of_two_classes(tmp_path: Path) -> None:
    text = Sentences.of([["In", "May", "1999", "may", "mayor"]])
    assert tag_words(text, pattern=r"\d+").tags == ("no", "no", "yes", "no", "no")
    listed = tmp_path / "months"
    listed.write_text("may\nJune\n\n", "utf-8")
    assert tag_words(text, listed=listed).tags == ("no", "yes", "no", "yes", "no")
    with pytest.raises(BadSetting, match="cannot be read"):
        tag_words(text, pattern="(")
    with pytest.raises(BadSetting, match="give one of them"):
        tag_words(text)


def test_a_text_is_a_sentence_a_line_with_empty_lines_and_duplicates_in_their_places(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("the dog\n\nthe dog\n  \u2028x  \n", "utf-8")
    found = read_sentences(path)
    assert found.each() == [("the", "dog"), (), ("the", "dog"), ("x",)]
    assert found.sentence.tolist() == [0, 0, 2, 2, 3]
    assert found.position.tolist() == [0, 1, 0, 1, 0]
    assert found.where(3) == "sentence 3, word 2 ('dog')"
