"""Words are read as they are in running text, whoever puts the blanks between them."""

from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from milan.networks.text.tokens import blank_between, encode_pretrained
from tests.milan.extraction.conftest import save_tokenizer


def byte_level(add_prefix_space: bool) -> PreTrainedTokenizerFast:
    letters = {letter: n for n, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    made = Tokenizer(models.BPE(letters, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space)
    made.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=made)


def test_a_tokenizer_that_would_glue_words_together_gets_blanks() -> None:
    tokenizer = byte_level(add_prefix_space=False)
    assert blank_between(tokenizer) == " "
    encoded = encode_pretrained(tokenizer, 64, " ", ["is", "land"])
    assert list(encoded.tokens) == tokenizer("is land")["input_ids"]
    assert encoded.spans == ((0, 2), (2, 7))


def test_one_that_has_blanks_of_its_own_gets_none(tmp_path: Path) -> None:
    assert blank_between(byte_level(add_prefix_space=True)) == ""
    save_tokenizer(tmp_path)
    assert blank_between(AutoTokenizer.from_pretrained(tmp_path)) == ""
