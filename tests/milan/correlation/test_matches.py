"""Networks on the same words: what they share is found, from moments alone."""

import numpy as np
import pytest
from jaxtyping import Float64

from milan.correlation import (
    JointMoments,
    best_matches,
    largest_match,
    linear_fit,
    shared_directions,
    smallest_match,
)
from milan.errors import BadSetting, DataError

Words = dict[str, Float64[np.ndarray, "word unit"]]


@pytest.fixture(scope="module")
def words() -> Words:
    """Unit 0 of `one` is unit 1 of both others, once turned round; `two` has a sum and a dead one."""
    rng = np.random.default_rng(0)
    one, two, three = rng.normal(size=(500, 3)), rng.normal(size=(500, 4)), rng.normal(size=(500, 2))
    two[:, 1] = -one[:, 0] + 0.1 * two[:, 1]
    two[:, 2] = one[:, 1] + one[:, 2]
    two[:, 3] = 7
    three[:, 1] = 100 + one[:, 0] + three[:, 1]
    return {"one": one, "two": two, "three": three}


@pytest.fixture(scope="module")
def moments(words: Words) -> JointMoments:
    found = JointMoments({name: matrix.shape[1] for name, matrix in words.items()})
    for start in range(0, 500, 70):
        found.add({name: matrix[start : start + 70] for name, matrix in words.items()})
    return found


def test_correlations_of_a_stream_are_those_of_all_words_at_once(words: Words, moments: JointMoments) -> None:
    expected = np.corrcoef(words["one"].T, words["three"].T)[:3, 3:]
    np.testing.assert_allclose(moments.correlation("one", "three"), expected, atol=1e-13)


def test_an_offset_of_a_million_costs_no_correlation(words: Words, moments: JointMoments) -> None:
    far = JointMoments(moments.n_units)
    for start in range(0, 500, 100):
        far.add({name: matrix[start : start + 100] + 1e6 for name, matrix in words.items()})
    np.testing.assert_allclose(far.correlation("one", "two"), moments.correlation("one", "two"), atol=1e-8)


def test_parts_merge_to_the_whole_and_survive_being_saved(words: Words, moments: JointMoments) -> None:
    first, second = JointMoments(moments.n_units), JointMoments(moments.n_units)
    first.add({name: matrix[:120] for name, matrix in words.items()})
    second.add({name: matrix[120:] for name, matrix in words.items()})
    first.merge(JointMoments.from_state_dict(second.state_dict()))
    assert first.n_words == 500
    np.testing.assert_allclose(first.products, moments.products, rtol=1e-10, atol=1e-9)


def test_a_unit_turned_round_is_the_same_unit(moments: JointMoments) -> None:
    found = best_matches(moments, "one")
    assert found.networks == ("two", "three")
    assert found.partner[:, 0].tolist() == [1, 1]
    assert found.correlation[0, 0] < -0.99
    assert largest_match(moments, "one")[0] == pytest.approx(-found.correlation[0, 0])
    assert smallest_match(moments, "one")[0] == pytest.approx(found.correlation[1, 0])
    assert largest_match(moments, "one").argmax() == 0


def test_a_sum_of_units_is_predicted_together_though_no_unit_matches_it(moments: JointMoments) -> None:
    fit = linear_fit(moments, "two")
    assert fit[0, 2] == pytest.approx(1)
    assert largest_match(moments, "two")[2] < 0.8
    assert fit[0, 3] == 0, "a unit that never changes"
    assert abs(fit[0, 0]) < 0.02


def test_a_linear_fit_is_that_of_least_squares(words: Words, moments: JointMoments) -> None:
    one, two = words["one"] - words["one"].mean(0), words["two"][:, 0] - words["two"][:, 0].mean()
    left = two - one @ np.linalg.lstsq(one, two, rcond=None)[0]
    plain = 1 - (left @ left) / (two @ two)
    assert linear_fit(moments, "two")[0, 0] == pytest.approx(1 - (1 - plain) * 499 / 496)


def test_shared_directions_are_found_in_order_and_lie_where_they_say(
    words: Words, moments: JointMoments
) -> None:
    found = shared_directions(moments, "one", "two", kept=1)
    assert found.correlation[:2] == pytest.approx([1, 0.995], abs=0.002)
    assert found.correlation[2] < 0.15
    first, second = (
        (words[name] - words[name].mean(0)) @ side.T
        for name, side in (("one", found.first), ("two", found.second))
    )
    for k in range(3):
        assert np.corrcoef(first[:, k], second[:, k])[0, 1] == pytest.approx(found.correlation[k])
    np.testing.assert_allclose(first.var(0), 1)
    assert shared_directions(moments, "one", "one").mean == pytest.approx(1)


def test_a_share_of_the_variance_leaves_small_directions_out(words: Words) -> None:
    moments = JointMoments({"one": 3, "small": 3})
    moments.add({"one": words["one"], "small": words["one"] * [1, 1, 1e-3]})
    assert len(shared_directions(moments, "one", "small").correlation) == 2
    assert len(shared_directions(moments, "one", "small", kept=1).correlation) == 3


def test_bad_input_is_said_in_one_line(words: Words, moments: JointMoments) -> None:
    with pytest.raises(DataError, match=r"two: activations of \(499, 4\), where 500 words of 4 units"):
        moments.add({**words, "two": words["two"][1:]})
    with pytest.raises(DataError, match="not finite"):
        moments.add({**words, "two": words["two"] * np.nan})
    with pytest.raises(DataError, match="got activations of one"):
        moments.add({"one": words["one"]})
    with pytest.raises(BadSetting, match="'four' is compared with others"):
        largest_match(moments, "four")
    with pytest.raises(DataError, match="no words"):
        shared_directions(JointMoments({"one": 3, "two": 4}), "one", "two")
    few = JointMoments({"one": 3, "two": 4})
    few.add({name: words[name][:4] for name in ("one", "two")})
    with pytest.raises(DataError, match="4 words do not determine a map from 3 units of one"):
        linear_fit(few, "two")
    still = JointMoments({"one": 3, "two": 4})
    still.add({"one": words["one"], "two": np.ones((500, 4))})
    with pytest.raises(DataError, match="no unit of two ever changes"):
        shared_directions(still, "one", "two")
