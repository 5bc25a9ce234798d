import numpy as np
import pytest

from milan.ablation import LayerScores, Outcome
from milan.records import UnitId
from milan.uses.edit import Rule
from milan.uses.edit.choosing import ordered, specificity

SHOWN = np.array([True, True, False, False, False, False])
CARRIES, CARRIES_AND_MORE, NEVER_READ, HELPS_OTHERS = range(4)


def chances(*rows: tuple[float, float, float]) -> LayerScores:
    """Chances of the true class without each unit: of images that show the concept, and of others in turn."""
    table = np.array([[shown, shown, *(one, other) * 2] for shown, one, other in rows], np.float32)
    whole = np.log(np.array([0.99, 0.99, 0.8, 0.8, 0.8, 0.8], np.float32))
    return LayerScores(
        "act", table > 0.5, np.log(table), Outcome(np.zeros(6, np.int64), np.exp(whole) > 0.5, whole)
    )


SCORES = chances((0.9, 0.79, 0.81), (0.6, 0.5, 0.6), (0.99, 0.8, 0.8), (0.98, 0.9, 0.8))


def units(*numbers: int) -> list[UnitId]:
    return [UnitId("net", "act", number) for number in numbers]


def test_what_carries_the_concept_alone_goes_before_what_carries_all_and_what_carries_nothing() -> None:
    order = ordered(units(0, 1, 2, 3), [SCORES], Rule.SPECIFIC, SHOWN)
    assert order == units(CARRIES, HELPS_OTHERS, CARRIES_AND_MORE, NEVER_READ)


def test_the_other_rules_ask_what_all_images_lose() -> None:
    assert ordered(units(0, 1, 2, 3), [SCORES], Rule.LEAST, SHOWN)[0] == units(HELPS_OTHERS)[0]
    assert ordered(units(0, 1, 2, 3), [SCORES], Rule.MOST, SHOWN)[0] == units(CARRIES_AND_MORE)[0]


def test_specificity_is_a_loss_by_a_loss_and_its_error() -> None:
    def log_odds(chance: float) -> float:
        return float(np.log(chance / (1 - chance)))

    lost = log_odds(0.99) - log_odds(0.6)
    others = np.array([log_odds(0.8) - log_odds(chance) for chance in (0.5, 0.6)])
    wanted = lost / (others.mean() + others.std() / 2)
    assert specificity(SCORES, SHOWN)[CARRIES_AND_MORE] == pytest.approx(wanted, rel=1e-4)


def test_a_unit_that_others_never_need_and_a_chance_of_one_give_finite_figures() -> None:
    sure = chances((1.0, 0.8, 0.8), (0.5, 0.8, 0.8))
    found = specificity(sure, SHOWN)
    assert np.isfinite(found).all()
    assert found[1] > found[0]


def test_of_equal_units_the_address_decides() -> None:
    same = chances((0.9, 0.8, 0.7), (0.9, 0.8, 0.7))
    for rule in Rule:
        assert ordered(units(1, 0), [same], rule, SHOWN) == units(0, 1)
