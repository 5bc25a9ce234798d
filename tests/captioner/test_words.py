from pathlib import Path

from captioner.words import MAX_TOKENS, Words

WORDS = Words.learn(["a red bus", "a dog's ear", "blue-green water"] * 3, size=200)


def test_a_phrase_comes_back_in_lower_case_with_single_spaces() -> None:
    assert WORDS.decode(WORDS.encode("A  Dog's ear")) == "a dog's ear"
    assert WORDS.decode(WORDS.encode("blue-green water")) == "blue-green water"


def test_a_new_word_is_spelled_from_pieces() -> None:
    numbers = WORDS.encode("dubs")
    assert Words.unknown not in numbers
    assert WORDS.decode(numbers) == "dubs"


def test_a_word_of_foreign_letters_is_one_unknown_token() -> None:
    assert WORDS.encode("собака") == [Words.unknown, Words.eos]


def test_a_phrase_ends_and_is_never_too_long() -> None:
    numbers = WORDS.encode("red " * 100)
    assert len(numbers) == MAX_TOKENS + 1
    assert numbers[-1] == Words.eos


def test_what_follows_the_end_is_not_read() -> None:
    (red,) = WORDS.encode("red")[:-1]
    assert WORDS.decode([red, Words.eos, red, Words.pad]) == "red"


def test_a_saved_vocabulary_reads_the_same(tmp_path: Path) -> None:
    WORDS.save(tmp_path / "tokenizer.json")
    again = Words.open(tmp_path / "tokenizer.json")
    assert len(again) == len(WORDS)
    assert again.encode("a red dog") == WORDS.encode("a red dog")
