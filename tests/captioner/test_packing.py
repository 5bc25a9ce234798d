import torch

from captioner.packing import pack
from captioner.words import Words

EOS, BOS = Words.eos, Words.bos


def test_each_phrase_starts_anew_and_sees_only_itself() -> None:
    packed = pack([[[7, 8, EOS], [9, EOS]]])
    assert packed.tokens.tolist() == [[BOS, 7, 8, BOS, 9]]
    assert packed.targets.tolist() == [[7, 8, EOS, 9, EOS]]
    assert packed.positions.tolist() == [[0, 1, 2, 0, 1]]
    assert packed.visible[0, 0].int().tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [0, 0, 0, 1, 0],
        [0, 0, 0, 1, 1],
    ]


def test_phrases_are_counted_over_all_units() -> None:
    packed = pack([[[7, EOS]], [], [[8, EOS], [9, EOS]]])
    assert packed.n_phrases == 3
    assert packed.phrase.tolist() == [[0, 0, -1, -1], [-1, -1, -1, -1], [1, 1, 2, 2]]


def test_padding_sees_something_so_that_no_attention_is_empty() -> None:
    packed = pack([[[7, EOS]], [[7, 8, 9, EOS]]])
    assert bool(packed.visible.any(-1).all())
    assert torch.equal(packed.visible[0, 0, 2, :2], torch.tensor([False, False]))
