import numpy as np
import pytest
import torch

from captioner.own import OwnCaptioner
from captioner.protocols import Captioner, RegionEncoder


def evidence(captioner: OwnCaptioner, *sizes: int) -> list[np.ndarray]:
    random = np.random.default_rng(3)
    n_features = sum(captioner.decoder.shape.depths)
    return [random.normal(size=(size, n_features)).astype(np.float32) for size in sizes]


def test_it_answers_the_contracts(tiny: OwnCaptioner) -> None:
    assert isinstance(tiny, Captioner)
    assert isinstance(tiny.encoder, RegionEncoder)
    assert tiny.reader is tiny.encoder.reader


def test_log_p_given_is_the_sum_of_teacher_forced_steps(tiny: OwnCaptioner) -> None:
    (regions,) = evidence(tiny, 3)
    (found,) = tiny.log_p_given([regions], [["a red dog"]])
    numbers = tiny.words.encode("a red dog")
    memory = tiny._memory([regions])
    total = 0.0
    for step, number in enumerate(numbers):
        logits = tiny.decoder.language(
            input_ids=torch.tensor([[tiny.words.bos, *numbers[:step]]]),
            encoder_hidden_states=memory.tokens,
            encoder_attention_mask=memory.present,
        ).logits[0, -1]
        total += float(logits.log_softmax(0)[number])
    assert found.total[0] == pytest.approx(total, abs=1e-4)
    assert found.n_tokens[0] == len(numbers)


def test_a_phrase_is_judged_alike_alone_and_among_others(tiny: OwnCaptioner) -> None:
    first, second = evidence(tiny, 4, 1)
    phrases = ["a blue bus", "the left half of a dog", "a red dog"]
    together = tiny.log_p_given([first, second], [phrases, phrases[::-1]])
    for unit, regions in enumerate((first, second)):
        for phrase in phrases:
            (alone,) = tiny.log_p_given([regions], [[phrase]])
            place = (phrases if unit == 0 else phrases[::-1]).index(phrase)
            assert together[unit].total[place] == pytest.approx(alone.total[0], abs=1e-4)


def test_the_order_of_regions_does_not_matter(tiny: OwnCaptioner) -> None:
    (regions,) = evidence(tiny, 5)
    forth, back = tiny.log_p_given([regions, regions[::-1]], [["a red bus"]] * 2)
    assert forth.total[0] == pytest.approx(back.total[0], abs=1e-4)


def test_no_region_at_all_asks_the_prior(tiny: OwnCaptioner) -> None:
    phrases = ["a red bus", "a dog"]
    nothing, something = tiny.log_p_given(evidence(tiny, 0, 2), [phrases, phrases])
    prior = tiny.log_p_prior(phrases)
    np.testing.assert_allclose(nothing.total, prior.total, atol=1e-4)
    assert np.abs(something.total - prior.total).max() > 1e-3


def test_the_prior_of_many_phrases_keeps_their_order(tiny: OwnCaptioner) -> None:
    phrases = ["a red bus", "a dog", "blue"] * 50
    prior = tiny.log_p_prior(phrases)
    assert prior.total.shape == (150,)
    np.testing.assert_allclose(prior.total[:3], prior.total[-3:], atol=1e-4)
    assert tiny.log_p_prior([]).total.shape == (0,)


def test_words_that_were_never_seen_have_a_finite_likelihood(tiny: OwnCaptioner) -> None:
    (found,) = tiny.log_p_given(evidence(tiny, 2), [["собака", "dubs", "red " * 100]])
    assert np.isfinite(found.total).all()
    assert (found.total < 0).all()


def test_proposals_are_different_and_likeliest_first(
    tiny: OwnCaptioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "captioner.own.fluent", lambda phrase, spoken: phrase or None
    )  # random weights stutter
    units = evidence(tiny, 3, 1)
    for regions, phrases in zip(units, tiny.propose(units, 5), strict=True):
        assert 0 < len(phrases) <= 5
        assert len(set(phrases)) == len(phrases)
        (own,) = tiny.log_p_given([regions], [phrases])
        per_token = own.total / own.n_tokens
        assert per_token[0] >= per_token[-1] - 1e-3


def test_the_same_seed_draws_the_same_phrases(tiny: OwnCaptioner) -> None:
    units = evidence(tiny, 2)
    assert tiny.sample(units, 6, seed=5) == tiny.sample(units, 6, seed=5)
    assert len(tiny.sample(units, 6, seed=5)[0]) > 1


def test_regions_lie_on_the_unit_sphere_of_the_phrases(tiny: OwnCaptioner) -> None:
    (regions,) = evidence(tiny, 4)
    vectors = tiny.encoder.embed_regions(regions)
    assert vectors.shape == (4, tiny.encoder.embed_phrases(["a dog"]).shape[1])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
