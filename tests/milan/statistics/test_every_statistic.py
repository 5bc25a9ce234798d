"""One property over all statistics: any split, merged in any order, is one pass bit for bit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from milan.statistics import Activity, MeasuredSample, QuantileCounts, TopK, ValueSample

N_UNITS, N_POSITIONS = 3, 5


@dataclass(frozen=True)
class Case:
    make: Callable[[], Any]
    add: Callable[[Any, torch.Tensor, list[int]], object]
    """Takes the statistic, the activations [image, unit, position] of all images, and the ones to add."""


SAMPLED = np.array([0, 2, 3, 7, 11], np.int64)


def add_sampled(sample: MeasuredSample, values: torch.Tensor, images: list[int]) -> None:
    chosen = [image for image in images if image in SAMPLED]
    part = values[chosen]
    sample.add(np.array(chosen, np.int64), part.mean(2), part.amax(2), part.amin(2))


def add_values(sample: ValueSample, values: torch.Tensor, images: list[int]) -> None:
    chosen = [image for image in images if image in SAMPLED]
    sample.add(np.array(chosen, np.int64), values[chosen].mT.numpy())


CASES = {
    "TopK": Case(
        lambda: TopK(N_UNITS, 4),
        lambda top, values, images: top.add(values[images].amax(2).T, torch.tensor(images)),
    ),
    "QuantileCounts": Case(
        lambda: QuantileCounts(N_UNITS),
        lambda counts, values, images: counts.add(list(values[images])),
    ),
    "Activity": Case(
        lambda: Activity(N_UNITS),
        lambda activity, values, images: activity.add(values[images].amin(2).T, values[images].amax(2).T),
    ),
    "MeasuredSample": Case(lambda: MeasuredSample(SAMPLED, N_UNITS), add_sampled),
    "ValueSample": Case(lambda: ValueSample(SAMPLED, N_POSITIONS, N_UNITS), add_values),
}

values_of_many_scales = st.lists(
    st.one_of(
        st.sampled_from([0.0, -0.0, 1.0, 6.0, -1.0]),
        st.floats(width=32, allow_nan=False, allow_infinity=False),
    ),
    min_size=12 * N_UNITS * N_POSITIONS,
    max_size=12 * N_UNITS * N_POSITIONS,
)


def bits(statistic: Any) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    arrays = statistic.state_dict().items()
    return {name: (str(array.dtype), array.shape, array.tobytes()) for name, array in arrays}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@settings(max_examples=25, deadline=None)
@given(
    flat=values_of_many_scales,
    shard_of=st.lists(st.integers(0, 3), min_size=12, max_size=12),
    order=st.permutations(range(4)),
    through_files=st.booleans(),
)
def test_any_split_in_any_order_is_one_pass_bit_for_bit(
    case: Case, flat: list[float], shard_of: list[int], order: list[int], through_files: bool
) -> None:
    values = torch.tensor(flat, dtype=torch.float32).view(12, N_UNITS, N_POSITIONS)
    once = case.make()
    case.add(once, values, list(range(12)))
    merged = case.make()
    for shard in order:
        part = case.make()
        images = [image for image in range(12) if shard_of[image] == shard]
        for image in reversed(images):
            case.add(part, values, [image])
        merged.merge(type(part).from_state_dict(part.state_dict()) if through_files else part)
    assert bits(merged) == bits(once)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_saved_statistic_goes_on_as_if_never_saved(case: Case) -> None:
    values = torch.randn((12, N_UNITS, N_POSITIONS), generator=torch.Generator().manual_seed(0))
    whole, first = case.make(), case.make()
    case.add(whole, values, list(range(12)))
    case.add(first, values, list(range(6)))
    again = type(first).from_state_dict(first.state_dict())
    case.add(again, values, list(range(6, 12)))
    assert bits(again) == bits(whole)
