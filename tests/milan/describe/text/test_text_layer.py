"""Units of which the truth is known are said, measured and explained; those that follow nothing are not."""

import numpy as np
import pytest

from milan.describe.text import Samples, TextDescriber, TextSettings
from milan.describe.text.planted import Kind, PlantedUnits, plant_text_units, write_text
from milan.errors import BadSetting, DataError
from milan.records import UnitStatus
from milan.texts import Annotated, Sentences

N_SENTENCES = 700
LIVE = [kind for kind in Kind if kind is not Kind.DEAD]


@pytest.fixture(scope="module")
def text() -> Annotated:
    return write_text(N_SENTENCES, seed=5)


@pytest.fixture(scope="module")
def planted(text: Annotated) -> PlantedUnits:
    return plant_text_units(text, 2, seed=5, kinds=LIVE)


def samples_of(text: Annotated, n_measured: int = 2000) -> Samples:
    return Samples.of(text.sentences, np.ones(len(text.sentences), bool), 20_000, n_measured)


@pytest.fixture(scope="module")
def describer(text: Annotated) -> TextDescriber:
    return TextDescriber(text, samples_of(text))


def test_nine_of_ten_planted_units_are_said_and_all_are_measured(
    describer: TextDescriber, planted: PlantedUnits
) -> None:
    chosen, held = (
        planted.matrix[words] for words in (describer.samples.selected, describer.samples.measured)
    )
    found = describer.describe(chosen, held, range(len(planted.units)))
    shown = describer.properties.present(found.choices)
    truth = planted.held[describer.samples.selected]
    right = [
        own.phrase is not None and (unit.is_said_by(own.phrase.split(", or ")) or bool(np.array_equal(a, b)))
        for unit, own, a, b in zip(planted.units, found.descriptions, shown.T, truth.T, strict=True)
    ]
    assert np.mean(right) >= 0.9
    for own in found.descriptions:
        assert own.faithfulness is not None
        low, high = own.faithfulness.mean.low, own.faithfulness.mean.high
        assert low <= own.faithfulness.mean.value <= high
        assert len(own.candidates) == describer.settings.n_kept


def test_what_lowers_a_unit_is_said_of_its_negation(describer: TextDescriber, planted: PlantedUnits) -> None:
    (months,) = (at for at in [LIVE.index(Kind.MONTHS) * 2])
    lowered = -planted.matrix[:, [months]]
    chosen, held = (-lowered[words] for words in (describer.samples.selected, describer.samples.measured))
    assert describer.describe(chosen, held, [0]).descriptions[0].phrase == "months"


def test_noise_is_not_described_and_phrases_of_others_are_worth_nothing(
    describer: TextDescriber, planted: PlantedUnits
) -> None:
    rng = np.random.default_rng(3)
    chosen = rng.normal(size=(len(describer.samples.selected), 20)).astype(np.float32)
    held = rng.normal(size=(len(describer.samples.measured), 20)).astype(np.float32)
    found = describer.describe(chosen, held, range(20))
    assert all(own.status is UnitStatus.INCONSISTENT for own in found.descriptions)
    shuffled = describer.shuffled(found.choices, held)
    assert shuffled is not None
    assert shuffled.chance_of(0.2) < 0.05


def test_an_explanation_weighs_what_raises_and_what_lowers(text: Annotated, describer: TextDescriber) -> None:
    words = np.array([word.casefold() for word in text.sentences.words])
    first = text.sentences.position == 0
    active = (2.0 * first - 1.5 * (words == "the"))[:, None] + np.random.default_rng(0).normal(
        0, 0.2, (len(words), 1)
    )
    samples = describer.samples
    (own,) = describer.describe(active[samples.selected], active[samples.measured], [0]).descriptions
    assert own.explanation is not None
    weights = {term.phrase: term.weight for term in own.explanation.terms}
    assert weights["the first word of the sentence"] > 0 > weights["the word 'the'"]
    assert own.explanation_faithfulness is not None
    assert own.faithfulness is not None
    assert own.explanation_faithfulness.mean.value > own.faithfulness.mean.value


def test_a_small_text_goes_without_figures(text: Annotated) -> None:
    few = Samples.of(text.sentences, np.ones(len(text.sentences), bool), 20_000, 50)
    describer = TextDescriber(text, few)
    active = (text.sentences.position == 0).astype(np.float32)[:, None]
    found = describer.describe(active[few.selected], active[few.measured], [0])
    assert found.descriptions[0].faithfulness is None
    assert found.descriptions[0].phrase == "the first word of the sentence"
    assert describer.shuffled(found.choices, active[few.measured]) is None


def test_sentences_go_to_sides_by_content_and_equal_ones_together() -> None:
    text = Sentences.of([[f"w{number % 40}", "x"] for number in range(200)])
    samples = Samples.of(text, np.ones(400, bool), 1000, 1000)
    chosen, held = (
        {text.words[at] for at in words.tolist()} for words in (samples.exemplar, samples.measured)
    )
    assert chosen & held == {"x"}
    assert len(samples.exemplar) + len(samples.measured) == 400
    assert len(np.unique(samples.passage)) == samples.passage.max() + 1


def test_a_line_of_100_000_words_is_sampled_in_part_and_drawn_by_passages() -> None:
    text = Sentences.of([[f"w{number % 7}" for number in range(100_000)]])
    samples = Samples.of(text, np.ones(len(text), bool), 1000, 1000)
    assert len(samples.exemplar) == 100_000
    assert 1000 <= len(samples.selected) < 1064
    both = Samples.of(Sentences.of([["a", "b"], text.words]), np.ones(100_002, bool), 500, 500)
    assert max(len(both.selected), len(both.measured)) < 564


def test_settings_that_mean_nothing_are_refused() -> None:
    with pytest.raises(BadSetting, match="--lambda is between 0 and 1"):
        TextSettings(lambda_=2)
    with pytest.raises(DataError, match="none of 2 words has activations"):
        Samples.of(Sentences.of([["a", "b"]]), np.zeros(2, bool), 10, 10)
