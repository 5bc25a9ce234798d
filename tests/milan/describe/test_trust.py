"""Words held against a unit's whole range, and measured on other images."""

from collections.abc import Callable

import numpy as np
import pytest

from captioner.protocols import Picture
from milan.describe import Judge, PmiSettings, Presence, Voice, WholeRange, describe_layer, gather_evidence
from milan.describe import read_patches as read
from milan.describe.range_evidence import range_evidence
from milan.describe.trust import trusted
from milan.records import Candidate, CounterKind, Description, LayerExemplars, Measured, UnitStatus

COLOURS = ("red", "green", "blue")
N = 240


def view(path: str) -> Picture:
    """`17` is a picture of how much red, green and blue chance gave the number 17."""
    amounts = np.random.default_rng(int(path)).random(3)
    return np.broadcast_to((amounts * 250).astype(np.uint8), (28, 28, 3)).copy()


def sample(numbers: range, units: list[str], noise: float = 0.05) -> Measured:
    """Units that respond to how much of a colour stands out; `noise` responds to nothing."""
    random = np.random.default_rng(7)
    rows = []
    for number in numbers:
        amounts = view(str(number))[0, 0].astype(float)
        share = amounts / np.linalg.norm(amounts)
        known = dict(zip(COLOURS, share, strict=True))
        rows.append([known.get(unit, random.random()) + noise * random.standard_normal() for unit in units])
    activations = np.array(rows, np.float32)
    return Measured(tuple(str(number) for number in numbers), activations, activations)


@pytest.fixture
def presence_of(voice: Voice) -> Callable[[Measured], Presence]:
    def make(of: Measured) -> Presence:
        return Presence(read(of.images, view, voice.encoder), voice.encoder, voice.bank)

    return make


Presences = Callable[[Measured], Presence]
UNITS = ["red", "green", "noise"]


def description(unit: int, phrase: str) -> Description:
    return Description(unit, UnitStatus.DESCRIBED, 0.5, (Candidate(phrase, 1.0, -1.0, -4.0, "bank"),))


def test_the_phrase_that_follows_a_unit_best_is_its_own(presence_of: Presences) -> None:
    selected = sample(range(N), UNITS)
    whole_range = WholeRange(selected, presence_of(selected))
    assert whole_range.following(0, 1) == ["red paint"]
    assert whole_range.following(1, 1) == ["green paint"]
    follows = whole_range.follow([0, 2], ["red paint", "blue paint"])
    assert follows[0, 0] > 0.8
    assert follows[0, 1] < 0
    assert abs(follows[1, 0]) < 0.25


def test_right_words_are_faithful_and_wrong_ones_are_not(presence_of: Presences) -> None:
    measured = sample(range(1000, 1000 + N), UNITS)
    judge = Judge(measured, presence_of(measured))
    right, wrong, of_noise = judge.of_phrases([0, 0, 2], ["red paint", "green paint", "red paint"])
    assert right.mean.low > 0.7
    assert wrong.mean.high < 0.1
    assert of_noise.mean.low < 0.1
    assert right.auprc.value > 0.3
    assert wrong.auprc.value < 0.1
    assert right.n_measured == N


def test_a_unit_that_no_phrase_predicts_is_inconsistent_and_keeps_its_candidates(
    presence_of: Presences,
) -> None:
    measured = sample(range(1000, 1000 + N), ["red", "red"])
    judge = Judge(measured, presence_of(measured))
    right, wrong = trusted([description(0, "red paint"), description(1, "blue paint")], None, judge)
    assert right.status is UnitStatus.DESCRIBED
    assert wrong.status is UnitStatus.INCONSISTENT
    assert wrong.phrase is None
    assert wrong.candidates[0].phrase == "blue paint"
    assert wrong.faithfulness is not None


def test_too_few_measured_images_state_nothing(presence_of: Presences) -> None:
    measured = sample(range(150), UNITS)
    (said,) = trusted([description(0, "blue paint")], None, Judge(measured, presence_of(measured)))
    assert said.faithfulness is None
    assert said.status is UnitStatus.DESCRIBED


def test_explanations_and_what_speaks_against_words_come_with_them(presence_of: Presences) -> None:
    selected = sample(range(N), UNITS)
    whole_range = WholeRange(selected, presence_of(selected))
    (said,) = trusted([description(0, "green paint")], whole_range, None)
    assert said.explanation is not None
    assert said.explanation.terms[0].phrase == "red paint"
    kinds = [counter.kind for counter in said.counter_exemplars]
    assert kinds == [CounterKind.UNEXPLAINED] * 3 + [CounterKind.SILENT] * 3
    strong, silent = said.counter_exemplars[0], said.counter_exemplars[-1]
    assert strong.activation > silent.activation
    assert strong.presence < silent.presence


def test_counter_examples_overrule_the_strongest_images(
    voice: Voice, open_view: Callable[[str], Picture], layer_of: Callable[..., LayerExemplars]
) -> None:
    # the strongest pictures of the unit are red, but over the whole range it follows blue
    layer = layer_of(["red"])
    (seen,) = gather_evidence([layer], open_view, voice).layers
    selected = sample(range(N), ["blue"])
    presence = Presence(read(selected.images, view, voice.encoder), voice.encoder, voice.bank)
    whole_range = WholeRange(selected, presence)
    (by_pmi,) = next(describe_layer(seen, voice, PmiSettings(select="pmi"), whole_range=whole_range))
    (by_range,) = next(describe_layer(seen, voice, PmiSettings(), whole_range=whole_range))
    assert (by_pmi.phrase or "").startswith("red")
    assert (by_range.phrase or "").startswith("blue")


def test_evidence_of_the_whole_range_has_the_sign_of_its_correlation_and_grows_with_it() -> None:
    found = range_evidence(np.array([-0.5, 0.0, 0.2, 0.5, 1.0], np.float32))
    assert found[0] == pytest.approx(-found[3])
    assert found[1] == 0
    assert np.all(np.diff(found) > 0)
    assert np.isfinite(found).all()


def test_shuffled_phrases_are_tried_on_every_unit_that_is_said_another(presence_of: Presences) -> None:
    measured = sample(range(1000, 1000 + N), ["red", "green", "noise", "red"])
    judge = Judge(measured, presence_of(measured))
    said = {0: "red paint", 1: "green paint", 2: "blue paint", 3: "red paint"}
    shuffled = judge.of_shuffled(said)
    assert shuffled is not None
    assert shuffled.n_pairs == 4 * 3 - 2  # the two reds are never tried on each other
    one_by_one = [
        judge.of_phrases([unit], [phrase])[0].mean.value
        for unit in said
        for phrase in said.values()
        if phrase != said[unit]
    ]
    for level in (-0.5, -0.2, 0.0, 0.2, 0.8):
        reach = (1 + sum(value >= level for value in one_by_one)) / 11
        assert shuffled.chance_of(level) == pytest.approx(reach, abs=1.5 / 11)
    assert shuffled.chance_of(judge.of_phrases([0], ["red paint"])[0].mean.value) == 1 / 11


def test_where_all_units_are_said_the_same_nothing_can_be_shuffled(presence_of: Presences) -> None:
    measured = sample(range(1000, 1000 + N), UNITS)
    judge = Judge(measured, presence_of(measured))
    assert judge.of_shuffled({0: "red paint", 2: "red paint"}) is None
    assert judge.of_shuffled({}) is None
