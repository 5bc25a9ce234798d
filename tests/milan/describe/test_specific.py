"""Of names that contain one another the specific one is said."""

import numpy as np

from milan.describe.specific import specific

NAMES = {
    "an animal": frozenset(range(10)),
    "a dog": frozenset({1, 2, 3}),
    "a beagle": frozenset({1}),
    "a car": frozenset({20}),
}
PHRASES = ["an animal", "a dog", "a beagle", "a car", "fur"]


def best(*follows: float) -> str:
    return PHRASES[int(specific(PHRASES, np.array(follows, np.float32), NAMES).argmax())]


def test_a_specific_name_that_follows_nearly_as_well_is_preferred() -> None:
    assert best(0.2, 0.52, 0.5, 0.1, 0.3) == "a beagle"


def test_a_general_name_that_follows_clearly_better_stays() -> None:
    assert best(0.2, 0.6, 0.5, 0.1, 0.3) == "a dog"


def test_a_name_yields_to_one_that_has_not_yielded_itself() -> None:
    assert best(0.52, 0.52, 0.5, 0.1, 0.3) == "a beagle"


def test_names_that_do_not_contain_one_another_and_other_phrases_are_left_alone() -> None:
    follows = np.array([0.1, 0.2, 0.1, 0.45, 0.46], np.float32)
    np.testing.assert_array_equal(specific(PHRASES, follows, NAMES)[3:], follows[3:])
    assert best(0.1, 0.2, 0.1, 0.45, 0.46) == "fur"


def test_names_that_speak_against_a_unit_do_not_yield() -> None:
    follows = np.full(5, -0.4, np.float32)
    np.testing.assert_array_equal(specific(PHRASES, follows, NAMES), follows)
