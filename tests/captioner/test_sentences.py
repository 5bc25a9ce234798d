import numpy as np

from captioner.sentences import sentence_encoder


def test_vectors_have_unit_length_and_follow_meaning() -> None:
    dog, puppy, bridge = sentence_encoder().embed(["a dog", "a puppy", "a suspension bridge"])
    np.testing.assert_allclose([np.linalg.norm(v) for v in (dog, puppy, bridge)], 1, rtol=1e-5)
    assert dog @ puppy > 0.5 > dog @ bridge


def test_a_phrase_has_the_same_vector_in_any_company() -> None:
    encoder = sentence_encoder()
    alone = encoder.embed(["a zebra"])
    again = encoder.embed(["a very long phrase about some other thing", "a zebra"])
    np.testing.assert_array_equal(alone[0], again[1])


def test_no_phrases_give_no_vectors() -> None:
    assert sentence_encoder().embed([]).shape == (0, 384)
